"""`picqerPushOrders`, `picqerRetryOrders` and `picqerSkipOrders`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Self

import graphene
from django.core.exceptions import ValidationError
from saleor.graphql.core.mutations import BaseMutation

from saleor_picqer import order_actions
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS, RefusalReason
from saleor_picqer.graphql.channels import active_channel
from saleor_picqer.graphql.errors import PicqerError, PicqerErrorCode
from saleor_picqer.graphql.order_ids import order_id, order_pks
from saleor_picqer.graphql.order_types import OrderNode, PicqerOrder, with_order_numbers
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder

_ORDERS = graphene.List(
    graphene.NonNull(graphene.ID), required=True, description="IDs of the orders in Saleor."
)


class OrderMutation(BaseMutation):
    """Does with orders what it can; the others are named in the errors, each with its reason."""

    count = graphene.Int(
        required=True, default_value=0, description="With how many orders it was done."
    )
    orders = graphene.List(
        graphene.NonNull(PicqerOrder), required=True, description="Those orders, as they are now."
    )

    class Meta:
        abstract = True

    done: tuple[str, ...] = ()

    @staticmethod
    def resolve_orders(payload: OrderMutation, _info: Any) -> list[OrderNode]:
        rows = OutboxOrder.objects.filter(order_pk__in=payload.done).order_by("pk")
        return with_order_numbers(rows, "default")

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        """What the mutation does."""
        raise NotImplementedError

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> Self:
        return cls.act_on(info, order_pks(data["orders"]))

    @classmethod
    def act_on(cls, info: Any, wanted: Mapping[str, str | None]) -> Self:
        """`wanted` is primary key by id, None for what is none."""
        pks = [pk for pk in wanted.values() if pk is not None]
        host().access.check_channel_access(cls, info, pks)
        answer = cls.act(pks)
        order_actions.start(answer.done)
        unknown = (global_id for global_id, pk in wanted.items() if pk is None)
        errors = [*_unknown(unknown), *_refused(answer.refused)]
        return cls._payload(answer.done, errors)

    @classmethod
    def _payload(cls, done: tuple[str, ...], errors: list[ValidationError]) -> Self:
        count = len(done)
        payload: Self = (
            cls.handle_errors(ValidationError({"orders": errors}), count=count)
            if errors
            else cls(count=count)
        )
        payload.done = done
        return payload


def _unknown(ids: Iterable[str]) -> Iterator[ValidationError]:
    for global_id in ids:
        message = f'"{global_id}" is not the ID of an order.'
        yield _error(message, PicqerErrorCode.NOT_FOUND.value, global_id)


def _refused(refused: Mapping[str, RefusalReason]) -> Iterator[ValidationError]:
    numbers = host().orders.numbers(refused.keys()) if refused else {}
    for pk, refusal in refused.items():
        global_id = order_id(pk)
        message = f"Order {numbers.get(pk, global_id)}: {REFUSAL_TEXTS[refusal]}"
        yield _error(message, refusal.value, global_id)


def _error(message: str, code: str, global_id: str) -> ValidationError:
    return ValidationError(message, code=code, params={"order": global_id})


class PicqerPushOrders(OrderMutation):
    class Arguments:
        orders = _ORDERS

    class Meta:
        description = (
            "Sends orders to Picqer whatever the rules say, and again if they were sent before. An"
            " order that is there already is found by its reference and not doubled."
        )
        permissions = (host().access.manage_orders(),)
        error_type_class = PicqerError
        error_type_field = "picqer_errors"

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.push(order_pks)


class PicqerRetryOrders(OrderMutation):
    class Arguments:
        orders = graphene.List(
            graphene.NonNull(graphene.ID),
            description="IDs of the orders in Saleor; by default all of the channel.",
        )
        channel = graphene.String(
            description="Slug of the channel; not needed where the plugin has only one."
        )

    class Meta:
        description = "Tries failed orders, and those that wait for another attempt, at once."
        permissions = (host().access.manage_orders(),)
        error_type_class = PicqerError
        error_type_field = "picqer_errors"

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> Self:
        ids, channel = data.get("orders"), data.get("channel")
        if ids is not None and channel is not None:
            raise _either_or()
        if ids is not None:
            return cls.act_on(info, order_pks(ids))
        pks = order_actions.to_retry([active_channel(channel)])
        return cls.act_on(info, {order_id(pk): pk for pk in pks})

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.retry(order_pks)


def _either_or() -> ValidationError:
    message = "Name the orders or the channel, not both."
    return ValidationError(
        {"channel": ValidationError(message, code=PicqerErrorCode.INVALID.value)}
    )


class PicqerSkipOrders(OrderMutation):
    class Arguments:
        orders = _ORDERS

    class Meta:
        description = (
            "Never sends orders to Picqer, unless somebody pushes them. Those that are there"
            " already are refused: cancel them there."
        )
        permissions = (host().access.manage_orders(),)
        error_type_class = PicqerError
        error_type_field = "picqer_errors"

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.skip(order_pks)


class PicqerOrderMutations(graphene.ObjectType):
    picqer_push_orders = PicqerPushOrders.Field()
    picqer_retry_orders = PicqerRetryOrders.Field()
    picqer_skip_orders = PicqerSkipOrders.Field()
