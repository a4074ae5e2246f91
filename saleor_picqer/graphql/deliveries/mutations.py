"""`picqerReplayDeliveries`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, Self

import graphene
from django.core.exceptions import ValidationError

from saleor_picqer import delivery_actions
from saleor_picqer.domain.delivery_actions import REPLAY_REFUSAL_TEXTS, ReplayRefusal
from saleor_picqer.graphql.core.channels import channels_to_search
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.deliveries.connection import with_orders
from saleor_picqer.graphql.deliveries.filters import PicqerDeliveryFilterInput, read_filter
from saleor_picqer.graphql.deliveries.ids import delivery_id, delivery_pk
from saleor_picqer.graphql.deliveries.types import PicqerDelivery
from saleor_picqer.hosts import host
from saleor_picqer.store import deliveries

# At most so many deliveries are put back by one request.
MAX_DELIVERIES: Final = 250


class PicqerReplayDeliveries(PicqerMutation):
    count = graphene.Int(
        required=True, default_value=0, description="Number of deliveries to be handled again."
    )
    deliveries = graphene.List(
        graphene.NonNull(PicqerDelivery),
        required=True,
        description="The deliveries to be handled again, as they are now, latest first.",
    )

    class Arguments:
        ids = graphene.List(
            graphene.NonNull(graphene.ID),
            description=f"IDs of the deliveries, at most {MAX_DELIVERIES}.",
        )
        channel = graphene.String(
            description="With a filter: slug of a channel; every channel by default."
        )
        filter = PicqerDeliveryFilterInput(
            description=(
                "Instead of IDs: which deliveries to handle again. Of more than"
                f" {MAX_DELIVERIES}, the latest."
            )
        )

    class Meta:
        description = (
            "Has webhook deliveries handled again. What matters is read from Picqer, so that an old"
            " delivery brings the present state."
        )
        permission = host().access.manage_orders()

    accepted: Sequence[int] = ()

    @staticmethod
    def resolve_deliveries(payload: PicqerReplayDeliveries, _info: Any) -> Any:
        return with_orders(deliveries.by_pks(payload.accepted))

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> Self:
        ids, conditions = data.get("ids"), data.get("filter")
        if (ids is None) == (conditions is None):
            raise _invalid("ids", "Give either ids or a filter.")
        if ids is None:
            channels = channels_to_search(info, data.get("channel"))
            rows = deliveries.search(read_filter(channels, conditions))
            return cls._replay(list(rows.values_list("pk", flat=True)[:MAX_DELIVERIES]), [])
        if len(ids) > MAX_DELIVERIES:
            message = f"The argument `ids` takes at most {MAX_DELIVERIES} IDs, and got {len(ids)}."
            raise _invalid("ids", message)
        pks = {global_id: delivery_pk(global_id) for global_id in ids}
        found = [pk for pk in pks.values() if pk is not None]
        host().access.check_channel_access(info, _channels(found))
        return cls._replay(found, [global_id for global_id, pk in pks.items() if pk is None])

    @classmethod
    def _replay(cls, pks: Sequence[int], unknown: Sequence[str]) -> Self:
        result = delivery_actions.replay(pks)
        delivery_actions.start(result.accounts)
        refused = {delivery_id(pk): reason for pk, reason in result.refused.items()}
        refused |= dict.fromkeys(unknown, ReplayRefusal.NO_DELIVERY)
        errors = [_error(global_id, reason) for global_id, reason in refused.items()]
        payload = cls.handle_errors(ValidationError({"ids": errors}), count=len(result.done))
        payload.accepted = result.done
        return payload


def _channels(pks: Collection[int]) -> set[str]:
    return set(deliveries.by_pks(pks).values_list("channel", flat=True))


def _error(global_id: str, reason: ReplayRefusal) -> ValidationError:
    message = f"{global_id}: {REPLAY_REFUSAL_TEXTS[reason]}".replace("%", "%%")
    return ValidationError(message, code=reason.value, params={"delivery": global_id})


def _invalid(field: str, message: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=INVALID)})
