"""Pages of the list of deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import BigIntegerField
from graphene.relay import PageInfo
from graphql.error import GraphQLError
from saleor.graphql.core.connection import from_global_cursor, to_global_cursor

from saleor_picqer.graphql.deliveries.types import PicqerDeliveryCountableConnection
from saleor_picqer.store import deliveries

PAGE_SIZE: Final = 100


def paginate(
    rows: Any, first: int, after: str | None, using: str
) -> PicqerDeliveryCountableConnection:
    """Return one page of the rows, in two queries; the total takes another."""
    if not 0 < first <= PAGE_SIZE:
        raise GraphQLError(f"`first` must be a number from 1 to {PAGE_SIZE}.")
    rest = rows.filter(pk__lt=_position(after)) if after else rows
    # One row more than asked for tells whether another page follows.
    found = list(rest[: first + 1])
    edges = [
        PicqerDeliveryCountableConnection.Edge(node=row, cursor=to_global_cursor([row.pk]))
        for row in with_orders(found[:first], using)
    ]
    page_info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(after),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return PicqerDeliveryCountableConnection(
        edges=edges, page_info=page_info, total_count=rows.count
    )


def with_orders(rows: Iterable[Any], using: str = "default") -> list[Any]:
    """Return the rows with the primary key of the order that each is about, in one query."""
    found = list(rows)
    order_pks = deliveries.order_pks(found, using)
    for row in found:
        row.order_pk = order_pks.get(row.pk)
    return found


def _position(cursor: str) -> int:
    # Saleor does not sign its cursors, so a client may have made one up.
    try:
        (text,) = map(str, from_global_cursor(cursor))
        pk = int(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise GraphQLError("`after` must be a cursor of this list.") from error
    if not 0 < pk <= BigIntegerField.MAX_BIGINT:
        raise GraphQLError("`after` must be a cursor of this list.")
    return pk
