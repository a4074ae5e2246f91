"""Compare open orders with Picqer's list, and bring differing orders in step."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Final

from saleor_picqer.domain.events import OrderEvent
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.reconcile import OTHER, STATUSES, Finding, Kind, change, difference
from saleor_picqer.domain.remote_orders import RemoteOrder
from saleor_picqer.errors import (
    AuthenticationError,
    EndpointError,
    IntegrationError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    TryLaterError,
    UnreachableError,
)
from saleor_picqer.sync.orders import follow
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)

# Finds out, and perhaps repairs, what is wrong with an order.
type Look = Callable[[], Finding | None]

# Orders that are compared at once: as many as a page of Picqer's list has.
BATCH: Final = 100
# So many orders in a row may meet an unexpected error, before the error counts as none of theirs.
MOST_UNEXPECTED: Final = 3
# Errors that are about no single order.
_FATAL: Final = (
    AuthenticationError,
    EndpointError,
    RateLimitedError,
    TryLaterError,
    UnreachableError,
)


def compare_orders(
    context: Context, entries: Sequence[Entry], status: str, *, repair: bool
) -> Iterator[Finding]:
    """Yield the differences of orders that should have this status in Picqer.

    Takes one request for 100 orders without differences, if Picqer's list has no other orders
    between them, and about two for each order that has changed. An order that cannot be read is
    yielded with the error. Raises the errors of `look_at_each`; the differences yielded until then
    stay true.
    """
    found = {} if status == OTHER else _read_list(context, entries, status)
    picklists = {pk for remote in found.values() for pk in remote.closed_picklists}
    fulfilled = context.links.fulfilments.recorded(picklists)
    look = _repair if repair else _report
    differing = (
        (entry, partial(look, context, entry, remote, fulfilled))
        for entry, remote in ((entry, found.get(entry.remote_id or 0)) for entry in entries)
        if remote is None or difference(entry, remote, fulfilled) is not None
    )
    yield from look_at_each(context, differing)


def look_at_each(context: Context, looks: Iterable[tuple[Entry, Look]]) -> Iterator[Finding]:
    """Yield what is found out about orders; an order that fails is yielded with the error.

    Raises an error that concerns Picqer as a whole, and an unexpected error that several orders in
    a row meet.
    """
    unexpected = 0
    for entry, look in looks:
        try:
            finding = look()
        except IntegrationError as error:
            if _concerns_all(context, entry, error):
                raise
            finding = _finding(Kind.ORDER_UNREADABLE, entry, detail=error.explain())
        except Exception as error:  # one order must not keep the others from being compared
            unexpected += 1
            if unexpected > MOST_UNEXPECTED:
                raise
            logger.exception("Order %s was not compared.", entry.order_pk)
            detail = f"Unexpected error: {type(error).__name__}. See the worker's log."
            finding = _finding(Kind.ORDER_UNREADABLE, entry, detail=detail)
        else:
            unexpected = 0
        if finding is not None:
            yield finding


def have_moved_on(
    context: Context, entries: Sequence[Entry], status: str, requests: int
) -> tuple[bool, int]:
    """Return whether an order has left the status in Picqer, and the last order looked at, by id.

    Takes a request for 100 orders of the account, and at most `requests`: the last order may be
    before the last of the entries.
    """
    left = sorted(entry.remote_id for entry in entries if entry.remote_id is not None)
    size, position = BATCH, 0
    for _ in range(requests):
        if not left:
            break
        part = left[:size]
        page = context.picqer.order_pages.page(status, part[0], part[-1], 0)
        listed = [remote.id for remote in page.items]
        if page.next_offset is not None and listed != sorted(listed):
            # In another order than by id, a part of the list does not tell which orders it lacks.
            size = max(1, len(part) // 4)
            continue
        if page.next_offset is not None:
            part = [remote_id for remote_id in part if remote_id <= listed[-1]]
        if not {*part} <= {*listed}:
            return True, part[-1]
        position, left = part[-1], left[len(part) :]
    return False, position


def _read_list(context: Context, entries: Sequence[Entry], status: str) -> dict[int, RemoteOrder]:
    """Return the orders with the status in Picqer's list, by id."""
    wanted = {entry.remote_id for entry in entries if entry.remote_id is not None}
    first, last = min(wanted), max(wanted)
    found: dict[int, RemoteOrder] = {}
    offset: int | None = 0
    pages = 0
    # In an account with many orders of others, reading the last few one by one costs less.
    while offset is not None and pages < len(wanted - found.keys()):
        page = context.picqer.order_pages.page(status, first, last, offset)
        found |= {remote.id: remote for remote in page.items if remote.id in wanted}
        offset, pages = page.next_offset, pages + 1
    return found


def _report(
    context: Context, entry: Entry, remote: RemoteOrder | None, fulfilled: Set[int]
) -> Finding | None:
    """Say how the order differs, without changing anything."""
    try:
        remote = remote or context.picqer.orders.get(entry.remote_id or 0)
    except NotFoundError:
        return _finding(Kind.ORDER_MISSING, entry)
    fulfilled |= context.links.fulfilments.recorded(remote.closed_picklists)
    kind = difference(entry, remote, fulfilled)
    return None if kind is None else _finding(kind, entry, detail=_status(remote))


def _repair(
    context: Context, entry: Entry, remote: RemoteOrder | None, fulfilled: Set[int]
) -> Finding | None:
    """Have the order follow Picqer as a webhook does, and say what that has changed."""
    known = None if remote is None else difference(entry, remote, fulfilled)
    try:
        follow.pull(context, OrderEvent(entry.remote_id or 0, entry.reference))
    except NotFoundError:
        # The next worker flags the order, as for any order that Picqer no longer has.
        return _finding(Kind.ORDER_MISSING, entry)
    except TryLaterError:
        return None  # a worker has the order, and reads it itself
    except IntegrationError as error:
        if _concerns_all(context, entry, error):
            raise
        found = _report(context, entry, remote, fulfilled)
        return None if found is None else replace(found, detail=error.explain())
    after = context.outbox.find(context.account, entry.remote_id or 0) or entry
    kind = known or change(entry, after)
    if kind is None:
        return None
    is_left = remote is not None and _still_differs(context, after, remote)
    return _finding(kind, entry, detail=_detail(after), repaired=not is_left)


def _concerns_all(context: Context, entry: Entry, error: IntegrationError) -> bool:
    """Return whether the request about another order would end in the same way.

    Takes 1 request after a fault. Raises the error of this request.
    """
    if isinstance(error, _FATAL):
        return True
    if isinstance(error, TransientError):
        # Does Picqer still answer? Then the fault is about this order.
        remote_id = entry.remote_id or 0
        context.picqer.order_pages.page(STATUSES[0], remote_id, remote_id, 0)
    return False


def _still_differs(context: Context, entry: Entry, remote: RemoteOrder) -> bool:
    fulfilled = context.links.fulfilments.recorded(remote.closed_picklists)
    return difference(entry, remote, fulfilled) is not None


def _status(remote: RemoteOrder) -> str:
    return f"Status in Picqer: {remote.status.value}."


def _detail(after: Entry) -> str:
    return f"Status in Picqer: {after.remote_status}." if after.remote_status else ""


def _finding(kind: Kind, entry: Entry, *, detail: str = "", repaired: bool = False) -> Finding:
    return Finding(kind, entry.order_pk, entry.remote_number, detail, repaired)
