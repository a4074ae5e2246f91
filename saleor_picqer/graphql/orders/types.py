"""An order on its way to Picqer, as GraphQL type."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import graphene
from saleor.graphql.core.connection import CountableConnection
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.domain.order_actions import OrderAction, helpful_actions
from saleor_picqer.domain.outbox import KEPT_ATTEMPTS
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.orders.enums import PicqerOrderAction, PicqerOrderStage
from saleor_picqer.graphql.orders.ids import order_id
from saleor_picqer.hosts import host
from saleor_picqer.picqer.account import order_page
from saleor_picqer.store.outbox_rows import entry_of

DateTime = host().access.graphql_datetime()

# Named instead of imported: Saleor's types import the schema that this type joins.
SALEOR_ORDER: Final = "saleor.graphql.order.types.Order"


class PicqerFailedAttempt(graphene.ObjectType):
    at = DateTime(required=True, description="When the attempt failed.")
    stage = graphene.Field(
        PicqerOrderStage, required=True, description="How far the order had come."
    )
    error = graphene.String(required=True, description="Why the attempt failed.")

    class Meta:
        description = "A failed attempt to bring an order in step with Picqer."


class PicqerOrder(graphene.ObjectType):
    """A row of the outbox. A field reads the column of the same name, or the column in `source`."""

    order = graphene.Field(
        SALEOR_ORDER,
        description=describe_permission(
            "The order in Saleor, or null if it was deleted.", host().access.manage_orders()
        ),
    )
    order_id = graphene.ID(required=True, description="ID of the order in Saleor.")
    number = graphene.String(
        required=True, description="Number of the order in Saleor, or empty if it was deleted."
    )
    channel = graphene.String(required=True, description="Slug of the order's channel.")
    stage = graphene.Field(
        PicqerOrderStage, required=True, description="How far the order has come."
    )
    reference = graphene.String(
        required=True, description="Reference of the order in Picqer; empty before it is sent."
    )
    picqer_id = graphene.ID(
        source="remote_id", description="Picqer's idorder; null before Picqer has the order."
    )
    picqer_number = graphene.String(
        source="remote_number",
        required=True,
        description="Picqer's orderid, the number that Picqer shows; empty before it is known.",
    )
    picqer_status = graphene.String(
        source="remote_status",
        required=True,
        description="Status that Picqer last reported for the order; empty before it is known.",
    )
    picqer_url = graphene.String(
        required=True,
        description="Address of the order's page in Picqer, for staff; empty before Picqer has it.",
    )
    status_page = graphene.String(
        required=True,
        description="Address of Picqer's page on which the customer can follow the order.",
    )
    attempts = graphene.Int(required=True, description="Number of failed attempts in a row.")
    not_before = DateTime(description="When the next attempt is due; null if that is at once.")
    waiting_for = graphene.String(
        required=True, description="What the order waits for, or why it is skipped; may be empty."
    )
    last_error = graphene.String(
        required=True, description="Why the last attempt failed; empty if it did not."
    )
    failed_attempts = graphene.List(
        graphene.NonNull(PicqerFailedAttempt),
        required=True,
        description=(
            f"The last failed attempts, the latest first, at most {KEPT_ATTEMPTS}. They are kept"
            " after a success, until Picqer has shipped or cancelled the order."
        ),
    )
    attention = graphene.String(
        required=True, description="What staff have to do about the order; empty if nothing."
    )
    actions = graphene.List(
        graphene.NonNull(PicqerOrderAction),
        required=True,
        description="What is likely to help, the best action first; empty if nothing is wrong.",
    )
    created_at = DateTime(required=True, description="When the plugin recorded the order.")
    updated_at = DateTime(required=True, description="When any of these fields last changed.")

    class Meta:
        description = "An order on its way to Picqer."

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_order(row: Any, info: Any) -> Any:
        return host().access.promise_order(info, row.order_pk).then(host().access.graphql_order)

    @staticmethod
    def resolve_channel(row: Any, info: Any) -> str:
        return slug_of(info, row.channel)

    @staticmethod
    def resolve_picqer_url(row: Any, _info: Any) -> str:
        return order_page(row.account, row.remote_id) if row.account and row.remote_id else ""

    @staticmethod
    def resolve_failed_attempts(row: Any, _info: Any) -> list[PicqerFailedAttempt]:
        return [
            PicqerFailedAttempt(**{**attempt, "at": datetime.fromisoformat(attempt["at"])})
            for attempt in reversed(row.failed_attempts)
        ]

    @staticmethod
    def resolve_actions(row: Any, _info: Any) -> list[OrderAction]:
        return list(helpful_actions(entry_of(row)))

    @staticmethod
    def resolve_order_id(row: Any, _info: Any) -> str:
        return order_id(row.order_pk)

    @staticmethod
    def resolve_number(row: Any, info: Any) -> Any:
        return promise_number(info, row.order_pk)


def promise_number(info: Any, order_pk: str) -> Any:
    """Return a promise of an order's number in Saleor; empty for a deleted order."""
    return host().access.promise_order(info, order_pk).then(_number)


def _number(order: Any) -> str:
    return "" if order is None else host().orders.order_number(order)


class PicqerOrderCountableConnection(CountableConnection):
    class Meta:
        node = PicqerOrder

    @staticmethod
    def resolve_total_count(connection: Any, _info: Any) -> int:
        """Count the orders, only when a client asks for the number."""
        return int(connection.total_count())
