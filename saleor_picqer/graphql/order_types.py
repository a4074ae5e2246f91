"""Orders of the outbox, as GraphQL types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import graphene
from saleor.graphql.core.connection import CountableConnection

from saleor_picqer.domain.order_actions import STAGE_TEXTS
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.graphql.order_ids import order_id
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder

DateTime = host().access.graphql_datetime()


def _stage_in_words(stage: Any) -> str:
    return "How far an order has come." if stage is None else STAGE_TEXTS[Stage(stage.value)]


PicqerStage = graphene.Enum(
    "PicqerStage", [(stage.name, stage.value) for stage in Stage], description=_stage_in_words
)


@dataclass(frozen=True, slots=True)
class OrderNode:
    """Root value of `PicqerOrder`: its row, and its number in the shop."""

    row: OutboxOrder
    number: str


def with_order_numbers(rows: Iterable[OutboxOrder], using: str) -> list[OrderNode]:
    """One query for the numbers of all of them."""
    found = list(rows)
    numbers = host().orders.numbers([row.order_pk for row in found], using)
    return [OrderNode(row, numbers.get(row.order_pk, "")) for row in found]


_COLUMNS: Final[Mapping[str, str]] = {
    "picqer_id": "remote_id",
    "picqer_number": "remote_number",
    "picqer_status": "remote_status",
    "reason": "last_error",
}
"""Fields that are called otherwise in our table."""


def _column(name: str, _default: Any, seen: OrderNode, _info: Any, **_: Any) -> Any:
    return getattr(seen.row, _COLUMNS.get(name, name))


class PicqerOrder(graphene.ObjectType):
    order = graphene.ID(required=True, description="ID of the order in Saleor.")
    number = graphene.String(required=True, description="Its number in Saleor.")
    channel = graphene.String(required=True, description="Slug of its channel.")
    stage = graphene.Field(PicqerStage, required=True, description="How far it has come.")
    reference = graphene.String(required=True, description="What Picqer knows it by, or empty.")
    picqer_id = graphene.ID(description="Picqer's idorder.")
    picqer_number = graphene.String(required=True, description="Picqer's orderid, or empty.")
    picqer_status = graphene.String(
        required=True, description="Picqer's status of it, as it was heard of last, or empty."
    )
    status_page = graphene.String(
        required=True, description="Page where its customer can follow it, or empty."
    )
    attempts = graphene.Int(required=True, description="Failed attempts so far.")
    not_before = DateTime(description="When it is tried again, if not at once.")
    waiting_for = graphene.String(
        required=True, description="What it waits for, or why it is skipped, in words."
    )
    reason = graphene.String(required=True, description="What stopped it last, in words.")
    attention = graphene.String(
        required=True, description="What somebody has to look at, in words, or empty."
    )
    created_at = DateTime(required=True, description="When the plugin took it up.")
    updated_at = DateTime(required=True, description="When anything of this changed last.")

    class Meta:
        description = "An order on its way to Picqer."
        default_resolver = _column

    @staticmethod
    def resolve_order(seen: OrderNode, _info: Any) -> str:
        return order_id(seen.row.order_pk)

    @staticmethod
    def resolve_number(seen: OrderNode, _info: Any) -> str:
        return seen.number


class PicqerOrderConnection(CountableConnection):
    class Meta:
        node = PicqerOrder

    @staticmethod
    def resolve_total_count(connection: Any, _info: Any) -> int:
        """Counted only where somebody asks."""
        return int(connection.total_count())
