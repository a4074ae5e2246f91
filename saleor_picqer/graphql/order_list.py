"""`picqerOrders`: the orders of the outbox, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

import graphene
from django.db.models import QuerySet
from graphene.relay import PageInfo
from graphql.error import GraphQLError
from saleor.graphql.core.connection import from_global_cursor, to_global_cursor
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.order_types import (
    OrderNode,
    PicqerOrderConnection,
    PicqerStage,
    with_order_numbers,
)
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.store import orders

MOST: Final = 100


class PicqerOrderQueries(graphene.ObjectType):
    picqer_orders = graphene.Field(
        PicqerOrderConnection,
        required=True,
        channel=graphene.String(description="Slug of the channel; all of them by default."),
        stage=PicqerStage(description="Orders that have come so far and no further."),
        attention=graphene.Boolean(
            description="Whether somebody has to look at them, or they keep failing."
        ),
        number=graphene.String(
            description="The order's number in Saleor or in Picqer, or its reference there."
        ),
        first=graphene.Int(default_value=MOST, description=f"How many, at most {MOST}."),
        after=graphene.String(description="Cursor of the order after which the list goes on."),
        description=(
            "Orders on their way to Picqer; what changed last comes first. Requires MANAGE_ORDERS."
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_picqer_orders(
        _root: Any,
        info: Any,
        first: int | None = None,
        after: str | None = None,
        number: str | None = None,
        **wanted: Any,
    ) -> PicqerOrderConnection:
        using = host().access.reader(info)
        rows = _rows(info, using, **wanted)
        if number is not None:
            rows = orders.with_number(rows, number, host().orders.find([number], using).values())
        return _page(rows, MOST if first is None else first, after, using)


def _rows(
    info: Any, using: str, channel: str | None = None, **wanted: Any
) -> QuerySet[OutboxOrder]:
    channels = _channels(host().access.visible_channels(info), channel)
    return orders.search(channels=channels, using=using, **wanted)


def _channels(visible: Collection[str] | None, wanted: str | None) -> Collection[str] | None:
    if wanted is None:
        return visible
    return [wanted] if visible is None or wanted in visible else []


def _page(
    rows: QuerySet[OutboxOrder], first: int, after: str | None, using: str
) -> PicqerOrderConnection:
    """One query for the rows and one for their numbers; one more where the total is asked for."""
    if not 0 < first <= MOST:
        raise GraphQLError(f"`first` is a number from 1 to {MOST}.")
    rest = orders.following(rows, *_place(after)) if after else rows
    found = list(rest[: first + 1])
    edges = [_edge(seen) for seen in with_order_numbers(found[:first], using)]
    page_info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(after),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return PicqerOrderConnection(edges=edges, page_info=page_info, total_count=rows.count)


def _edge(seen: OrderNode) -> Any:
    cursor = to_global_cursor([seen.row.updated_at, seen.row.pk])
    return PicqerOrderConnection.Edge(node=seen, cursor=cursor)


def _place(cursor: str) -> tuple[datetime, int]:
    try:
        changed, pk = from_global_cursor(cursor)
        return datetime.fromisoformat(changed), int(pk)
    except (TypeError, ValueError) as error:
        raise GraphQLError("`after` is no cursor of this list.") from error
