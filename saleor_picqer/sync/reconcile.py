"""Compare open orders with Picqer's list, and bring differing orders in step."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from saleor_picqer.domain.events import OrderEvent, ShipmentHint
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.reconcile import (
    COMPARED_STAGES,
    ENDED_STAGES,
    OTHER,
    STATUSES,
    Finding,
    Kind,
    change,
    difference,
)
from saleor_picqer.domain.remote_orders import RemoteOrder, RemoteStatus
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
from saleor_picqer.sync.orders import follow, reserve
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)

# Finds out, and perhaps repairs, what is wrong with an order.
type Look = Callable[[], Finding | None]
# Picqer's ids of the first and the last order in a part of a list; None for the end of the list.
type Ids = tuple[int, int | None]
# Returns the rows of orders with nothing left to do that are among Picqer's orders.
type FindEnded = Callable[[Sequence[RemoteOrder]], Iterable[tuple[Entry, RemoteOrder]]]

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
    context: Context,
    entries: Sequence[Entry],
    status: str,
    *,
    repair: bool,
    ids: Ids | None = None,
    find_ended: FindEnded = lambda _: (),
) -> Iterator[Finding]:
    """Yield the differences of orders that should have this status in Picqer.

    `ids` is the part of Picqer's list to read: by default from the first order to the last.
    `find_ended` returns the orders with nothing left to do that are in this part all the same.
    With `repair`, no more stays reserved for an order than the list has, too.

    Takes one request for 100 orders without differences, if Picqer's list has no other orders
    between them, and about two for each order that has changed. An order that cannot be read is
    yielded with the error. Raises the errors of `look_at_each`; the differences yielded until then
    stay true.
    """
    ids = ids or (min(map(_id, entries)), max(map(_id, entries)))
    listed = [] if status == OTHER else _read_list(context, entries, status, ids)
    wanted = {*map(_id, entries)}
    found = {remote.id: remote for remote in listed if remote.id in wanted}
    picklists = {pk for remote in found.values() for pk in remote.closed_picklists}
    fulfilled = context.links.fulfilments.recorded(picklists)
    if repair:
        known = ((entry, found.get(_id(entry))) for entry in entries)
        reserve.follow_list(context, [(entry, remote) for entry, remote in known if remote])
    look = _repair if repair else _report
    differing = (
        (entry, partial(look, context, entry, remote, fulfilled))
        for entry, remote in ((entry, found.get(_id(entry))) for entry in entries)
        if remote is None or difference(entry, remote, fulfilled) is not None
    )
    yield from look_at_each(context, differing)
    others = [remote for remote in listed if remote.id not in wanted]
    ended = find_ended(others) if others else ()
    revived = (
        (entry, partial(_look_at_ended, context, entry, remote, repair=repair))
        for entry, remote in ended
    )
    yield from look_at_each(context, revived)


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


def _read_list(
    context: Context, entries: Sequence[Entry], status: str, ids: Ids
) -> list[RemoteOrder]:
    """Return orders with the status in a part of Picqer's list, until all entries are found."""
    missing = {*map(_id, entries)}
    listed: list[RemoteOrder] = []
    offset: int | None = 0
    pages = 0
    # In an account with many orders of others, reading the last few one by one costs less.
    while offset is not None and (not pages or pages < len(missing)):
        page = context.picqer.order_pages.page(status, *ids, offset)
        listed += page.items
        missing -= {remote.id for remote in page.items}
        offset, pages = page.next_offset, pages + 1
    return listed


def _report(
    context: Context, entry: Entry, remote: RemoteOrder | None, fulfilled: Set[int]
) -> Finding | None:
    """Say how the order differs, without changing anything."""
    claimed = ClaimedOrder(context, entry)
    remote = remote or claimed.read()
    entered = follow.find_entered_again(claimed, remote)
    if entered:
        return _finding(Kind.ORDER_REVIVED, entry, detail=_entered(entered[0]))
    if remote is None:
        return _finding(Kind.ORDER_MISSING, entry)
    fulfilled |= context.links.fulfilments.recorded(remote.closed_picklists)
    kind = difference(entry, remote, fulfilled)
    return None if kind is None else _finding(kind, entry, detail=_status(remote))


def _repair(
    context: Context, entry: Entry, remote: RemoteOrder | None, fulfilled: Set[int]
) -> Finding | None:
    """Have the order follow Picqer as webhooks do, and say what that has changed."""
    known = None if remote is None else difference(entry, remote, fulfilled)
    latest = context.outbox.find(context.account, _id(entry)) or entry
    try:
        entered = None
        # A webhook may have told of the end of the order after the list was read.
        if latest.stage in COMPARED_STAGES:
            entered = follow.catch_up(ClaimedOrder(context, latest))
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
    if entered:
        is_followed = context.outbox.find(context.account, entered.id) is not None
        return _finding(Kind.ORDER_REVIVED, entry, detail=_entered(entered), repaired=is_followed)
    after = context.outbox.find(context.account, _id(entry)) or entry
    kind = known or change(entry, after)
    if kind is None:
        return None
    is_left = remote is not None and _still_differs(context, after, remote)
    return _finding(kind, entry, detail=_detail(after), repaired=not is_left)


def _look_at_ended(
    context: Context, entry: Entry, listed: RemoteOrder, *, repair: bool
) -> Finding | None:
    """Say whether Picqer works on an order with nothing left to do, and follow it if possible."""
    claimed = ClaimedOrder(context, entry)
    if not follow.is_same_order(claimed, claimed.load_order(), listed.called(claimed.skus)):
        return None
    # A webhook may have told of the end of the order after the list was read.
    remote = context.picqer.orders.get(listed.id)
    if remote.status not in (RemoteStatus.PROCESSING, RemoteStatus.PAUSED):
        return None
    if repair:
        hints = tuple(ShipmentHint(picklist_id) for picklist_id in remote.closed_picklists)
        with suppress(TryLaterError):
            follow.pull(context, OrderEvent(remote.id, remote.reference, hints=hints))
    after = context.outbox.find(context.account, remote.id) or entry
    is_followed = after.stage not in ENDED_STAGES
    return _finding(Kind.ORDER_REVIVED, entry, detail=_entered(remote), repaired=is_followed)


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


def _entered(remote: RemoteOrder) -> str:
    return f"Order {remote.number}. {_status(remote)}"


def _status(remote: RemoteOrder) -> str:
    return f"Status in Picqer: {remote.status.value}."


def _detail(after: Entry) -> str:
    return f"Status in Picqer: {after.remote_status}." if after.remote_status else ""


def _id(entry: Entry) -> int:
    return entry.remote_id or 0


def _finding(kind: Kind, entry: Entry, *, detail: str = "", repaired: bool = False) -> Finding:
    return Finding(kind, entry.order_pk, entry.remote_number, detail, repaired)
