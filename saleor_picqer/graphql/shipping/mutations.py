"""`picqerUpdateShippingMethods`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import graphene
from django.core.exceptions import ValidationError
from django.db import transaction

from saleor_picqer.config.table import LABELS
from saleor_picqer.domain.shipping import ALL, MARK_KEY, Delivery, ShippingPolicy, change_names
from saleor_picqer.graphql.core.channels import any_channel
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.settings.mutations import update_settings
from saleor_picqer.graphql.shipping.types import (
    MethodOfChannel,
    PicqerShippingMethod,
    methods_of,
    text_of_policy,
)
from saleor_picqer.hosts import host

_SETTING: Final = "shipping_methods"
_MAX_IDS: Final = 500


class PicqerUpdateShippingMethods(PicqerMutation):
    shipping_methods = graphene.List(
        graphene.NonNull(PicqerShippingMethod),
        description="All methods of the channel after the change.",
    )

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; needed only if the shop has several."
        )
        ids = graphene.List(
            graphene.NonNull(graphene.ID),
            required=True,
            description="IDs of shipping methods and of warehouses that are collection points.",
        )
        handled = graphene.Boolean(
            required=True, description="Whether Picqer is to get new orders with these methods."
        )

    class Meta:
        description = (
            f"Marks shipping methods as handled by Picqer: writes private metadata {MARK_KEY}, or"
            " the setting `shipping_methods` where that names the methods. Orders that are in"
            " Picqer already stay there."
        )
        permission = host().access.manage_plugins()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> PicqerUpdateShippingMethods:
        channel = any_channel(data.get("channel"))
        found = _find(methods_of(channel), data["ids"])
        _write(channel, found, handled=data["handled"])
        return cls(shipping_methods=methods_of(channel))


def _find(methods: Sequence[MethodOfChannel], ids: Sequence[str]) -> list[Delivery]:
    if not 0 < len(ids) <= _MAX_IDS:
        raise _error("ids", f"Give 1 to {_MAX_IDS} IDs of shipping methods.")
    known = {method.global_id: method.delivery for method in methods}
    if unknown := sorted(set(ids) - set(known)):
        raise _error("ids", f'The channel has no shipping method "{unknown[0][:80]}".')
    return [known[one] for one in dict.fromkeys(ids)]


@transaction.atomic
def _write(channel: str, deliveries: Sequence[Delivery], *, handled: bool) -> None:
    # The lock keeps what others choose at this moment.
    list(host().channels.configurations().select_for_update(of=("self",)))
    text = text_of_policy(channel)
    policy = ShippingPolicy.parse(text)
    if policy.reads_marks and host().has_shipping_metadata:
        host().shipping.mark(deliveries, handled=handled)
    elif policy.kind == ALL:
        message = 'the setting is "all". Change the setting to choose the methods.'
        raise _error(_SETTING, f"{LABELS[_SETTING]}: {message}")
    elif wrong := [one.method_name for one in deliveries if "," in one.method_name]:
        message = f'"{wrong[0]}" has a comma in its name. Rename the method, or write "all".'
        raise _error(_SETTING, f"{LABELS[_SETTING]}: {message}")
    else:
        names = [one.method_name for one in deliveries]
        update_settings(channel, {_SETTING: change_names(text, names, handled=handled)})


def _error(field: str, message: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=INVALID)})
