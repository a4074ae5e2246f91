"""`picqerPushOrders`, `picqerRetryOrders` and `picqerSkipOrders`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any, Self

import graphene
from django.core.exceptions import ValidationError

from saleor_picqer import order_actions
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS, RefusalReason
from saleor_picqer.graphql.core.channels import active_channel
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.orders.ids import MAX_ORDERS, not_an_order, order_id, order_pks
from saleor_picqer.graphql.orders.types import PicqerOrder
from saleor_picqer.hosts import host
from saleor_picqer.store import orders

_ORDERS = graphene.List(
    graphene.NonNull(graphene.ID),
    required=True,
    description=f"IDs of the Saleor orders, at most {MAX_ORDERS}.",
)

_CAUSE = graphene.String(
    description=(
        "Instead of IDs: every order of the channel that is stopped by this cause, as"
        " `picqerChannels` names it."
    )
)


class OrderMutation(PicqerMutation):
    """A mutation of several orders: accepts those it can and reports the others as errors."""

    count = graphene.Int(required=True, default_value=0, description="Number of orders accepted.")
    refused = graphene.Int(
        required=True,
        default_value=0,
        description=f"Number of orders refused; the errors name {MAX_ORDERS} of them at most.",
    )
    orders = graphene.List(
        graphene.NonNull(PicqerOrder),
        required=True,
        description=f"The orders accepted, as they are now, at most {MAX_ORDERS}.",
    )

    class Meta:
        abstract = True

    accepted: tuple[str, ...] = ()

    @staticmethod
    def resolve_orders(payload: OrderMutation, _info: Any) -> Any:
        return orders.by_order_pks(payload.accepted)

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        """Carry out the mutation's action in the outbox."""
        raise NotImplementedError

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> Self:
        return cls.act_on(info, _wanted(info, **data))

    @classmethod
    def act_on(cls, info: Any, wanted: Mapping[str, str | None]) -> Self:
        """Act on orders, given as primary key by id; None for an id that is not an order's."""
        pks = [pk for pk in wanted.values() if pk is not None]
        host().access.check_channel_access(info, _channels(pks))
        result = cls.act(pks)
        shown = result.done[:MAX_ORDERS]
        # The sweeper starts the others, as a channel may have very many.
        order_actions.start(shown)
        unknown = [global_id for global_id, pk in wanted.items() if pk is None]
        named = dict(islice(result.refused.items(), MAX_ORDERS))
        errors = [*map(_unknown, unknown), *_refused(named)]
        payload = cls.handle_errors(
            ValidationError({"orders": errors}),
            count=len(result.done),
            refused=len(result.refused) + len(unknown),
        )
        payload.accepted = shown
        return payload


def _wanted(
    info: Any,
    orders: Collection[str] | None = None,
    channel: str | None = None,
    cause: str | None = None,
) -> Mapping[str, str | None]:
    """Return the primary key for each order that is named, by id or by what stops the order."""
    if (orders is None) == (cause is None):
        raise _invalid("orders", "Give either orders or a cause.")
    if orders is not None:
        if channel is not None:
            raise _invalid("channel", "Give either orders or a channel, not both.")
        return order_pks(orders)
    found = active_channel(channel)
    host().access.check_channel_access(info, [found])
    return {order_id(pk): pk for pk in order_actions.with_cause(found, str(cause))}


def _invalid(argument: str, message: str) -> ValidationError:
    return ValidationError({argument: ValidationError(message, code=INVALID)})


def _channels(order_pks: Collection[str]) -> set[str]:
    """Return the channels of the orders in Saleor, and those under which they are recorded."""
    # An order that was deleted in Saleor still has its record.
    return {*host().orders.channels(order_pks).values(), *orders.channels_of(order_pks)}


def _unknown(global_id: str) -> ValidationError:
    return _error(not_an_order(global_id), RefusalReason.NOT_FOUND, global_id)


def _refused(refused: Mapping[str, RefusalReason]) -> Iterator[ValidationError]:
    numbers = host().orders.numbers(refused.keys()) if refused else {}
    for pk, reason in refused.items():
        global_id = order_id(pk)
        message = f"Order {numbers.get(pk, global_id)}: {REFUSAL_TEXTS[reason]}"
        yield _error(message, reason, global_id)


def _error(message: str, reason: RefusalReason, global_id: str) -> ValidationError:
    # Django formats the message with the parameters.
    text = message.replace("%", "%%")
    return ValidationError(text, code=reason.value, params={"order": global_id})


class PicqerPushOrders(OrderMutation):
    class Arguments:
        orders = _ORDERS

    class Meta:
        description = (
            "Sends orders to Picqer regardless of the settings, including orders that were sent"
            " before. An order that Picqer already has is found by its reference, not duplicated."
        )
        permission = host().access.manage_orders()

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.push(order_pks)


class PicqerRetryOrders(OrderMutation):
    class Arguments:
        orders = graphene.List(
            graphene.NonNull(graphene.ID),
            description=(
                f"IDs of the Saleor orders, at most {MAX_ORDERS}; every failed order of the channel"
                " by default."
            ),
        )
        channel = graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        )
        cause = _CAUSE

    class Meta:
        description = (
            "Retries orders that failed, or that wait for their next attempt, without delay."
        )
        permission = host().access.manage_orders()

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> Self:
        if data.get("orders") is not None or data.get("cause") is not None:
            return super().perform_mutation(_root, info, **data)
        found = active_channel(data.get("channel"))
        host().access.check_channel_access(info, [found])
        pks = order_actions.to_retry([found])
        return cls.act_on(info, {order_id(pk): pk for pk in pks})

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.retry(order_pks)


class PicqerSkipOrders(OrderMutation):
    class Arguments:
        orders = graphene.List(
            graphene.NonNull(graphene.ID),
            description=f"IDs of the Saleor orders, at most {MAX_ORDERS}; or give a cause.",
        )
        channel = graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        )
        cause = _CAUSE

    class Meta:
        description = (
            "Keeps orders from being sent to Picqer until they are pushed. An order that Picqer"
            " already has is refused: cancel it in Picqer."
        )
        permission = host().access.manage_orders()

    @classmethod
    def act(cls, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.skip(order_pks)
