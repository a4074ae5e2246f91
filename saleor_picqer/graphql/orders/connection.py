"""Pages of the list of orders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import BigIntegerField
from graphene.relay import PageInfo
from graphql.error import GraphQLError
from saleor.graphql.core.connection import from_global_cursor, to_global_cursor

from saleor_picqer.graphql.orders.types import PicqerOrderCountableConnection
from saleor_picqer.store import orders

PAGE_SIZE: Final = 100


def paginate(rows: Any, first: int, after: str | None) -> PicqerOrderCountableConnection:
    """Return one page of the rows, at the cost of one query; the total takes another."""
    if not 0 < first <= PAGE_SIZE:
        raise GraphQLError(f"`first` must be a number from 1 to {PAGE_SIZE}.")
    rest = orders.following(rows, *_position(after)) if after else rows
    # One row more than asked for tells whether another page follows.
    found = list(rest[: first + 1])
    edges = [_edge(row) for row in found[:first]]
    page_info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(after),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return PicqerOrderCountableConnection(edges=edges, page_info=page_info, total_count=rows.count)


def _edge(row: Any) -> Any:
    cursor = to_global_cursor([row.updated_at, row.pk])
    return PicqerOrderCountableConnection.Edge(node=row, cursor=cursor)


def _position(cursor: str) -> tuple[datetime, int]:
    # Saleor does not sign its cursors, so a client may have made one up.
    try:
        changed, pk = map(str, from_global_cursor(cursor))
        return _moment(changed), _key(pk)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise GraphQLError("`after` must be a cursor of this list.") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone")
    # Raises OverflowError for a time that has no equivalent in UTC.
    return moment.astimezone(UTC)


def _key(text: str) -> int:
    key = int(text)
    if not 0 < key <= BigIntegerField.MAX_BIGINT:
        raise ValueError("no primary key")
    return key
