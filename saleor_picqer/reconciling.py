"""Carrying out reconciles, in parts by Celery's workers or to the end in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone

from saleor_picqer import capture, carrying_on, hook_upkeep, wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.domain.reconcile import STATUSES, Finding, Kind, Phase, Position
from saleor_picqer.domain.runs import Kind as SyncKind
from saleor_picqer.errors import AccessDeniedError, AuthenticationError, DataError, NotFoundError
from saleor_picqer.picqer.client import Priority
from saleor_picqer.store import backlog, fulfilment_links, reconcile, runs
from saleor_picqer.store.reconcile import Cause, HeldReconcile
from saleor_picqer.sync import stock
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.reconcile import BATCH, compare_orders
from saleor_picqer.sync.reconcile_parcels import compare_parcels

# How far back Saleor's orders are read for those that were never recorded.
_LOOK_BACK: Final = timedelta(days=3)
# The hours, in Django's time zone, in which the nightly reconcile begins.
_NIGHT: Final = range(1, 5)
# How far back shipments are read: at first, at most, and before the last reconcile, because the
# times of Picqer have no time zone. A picklist hardly gets another parcel after the most.
_FIRST_TIME: Final = timedelta(days=7)
_LONGEST_TIME: Final = timedelta(days=30)
_ZONES: Final = timedelta(days=1)
# No more shipments of an account are read, whatever its list answers.
_MOST_SHIPMENTS: Final = 20_000
# No nightly reconcile follows another one sooner, and none waits longer for the night.
_EVERY: Final = timedelta(hours=20)
_AT_LATEST: Final = timedelta(hours=30)


def queue_nightly(now: datetime | None = None) -> None:
    """Queue a reconcile for each active channel whose last one is of the night before."""
    now = now or timezone.now()
    channels = wiring.active_channels()
    last = reconcile.last_queued(channels)
    for channel in channels:
        started = last.get(channel) or wiring.watermark.switched_on_at(channel)
        if started is not None and _is_due(now, started):
            reconcile.queue(channel, Cause.SCHEDULE, apply=True)


def _is_due(now: datetime, last: datetime) -> bool:
    is_night = timezone.localtime(now).hour in _NIGHT
    return now - last > (_EVERY if is_night else _AT_LATEST)


def carry_on(run_pk: int, seconds: float | None = None) -> float | None:
    """Work on a reconcile, and return in how many seconds another task has to go on.

    Returns None if the run has ended or another worker has it. Without `seconds` this goes on to
    the end, or until Picqer cannot be asked.
    """
    run = reconcile.claim(run_pk)
    if run is None:
        return None
    run.limit(seconds)
    return carrying_on.carry_on(run, partial(_work, run), lambda _: None)


def finish(run_pk: int) -> None:
    """Work on a reconcile in this process, to the end."""
    carrying_on.finish(partial(carry_on, run_pk))


def _work(run: HeldReconcile) -> None:
    if run.channel not in wiring.active_channels():
        raise DataError("The plugin is switched off in the channel.")
    _go_on(wiring.context_for_channel(run.channel, Priority.STOCK), run)


def _go_on(context: Context, run: HeldReconcile) -> None:
    while run.position.phase is not Phase.DONE and not run.time_is_up():
        _PHASES[run.position.phase](context, run)


def _hooks(context: Context, run: HeldReconcile) -> None:
    """Compare the webhooks: always on request, else unless the hourly check has just done so."""
    findings = []
    is_due = run.is_requested or hook_upkeep.is_check_due(context.channel, context.account)
    if is_due and hook_upkeep.is_wrong(context):
        repaired = run.apply and hook_upkeep.repair(context, _read_again)
        findings.append(Finding(Kind.HOOKS, repaired=repaired))
    run.save(Position(Phase.ORDERS, STATUSES[0]), *findings)


def _read_again(channel: str, *, moved: bool) -> None:
    """Have stock read again that changed without a webhook; the sweeper sends the message."""
    if moved:
        runs.require_full(channel)
    else:
        runs.queue(channel, SyncKind.STOCK)


def _orders(context: Context, run: HeldReconcile) -> None:
    """Compare the next hundred orders, and the part of Picqer's list from the last ones on."""
    channel, account = context.channel, context.account
    status, after = run.position.status, run.position.after
    # An order that this run has brought in step is not compared again in its new status.
    unchanged_since = run.queued_at
    found = backlog.open_orders(
        channel, account, status, after=after, unchanged_since=unchanged_since, limit=BATCH + 1
    )
    entries, is_last = found[:BATCH], len(found) <= BATCH
    last = None if is_last else entries[-1].remote_id
    if entries or (status == STATUSES[0] and backlog.has_ended_orders(channel, account)):
        find_ended = partial(
            backlog.ended_orders, channel, account, unchanged_since=unchanged_since
        )
        _add(
            run,
            compare_orders(
                context,
                entries,
                status,
                repair=run.apply,
                ids=(after + 1, last),
                find_ended=find_ended,
            ),
        )
        run.count_compared(len(entries))
    following = STATUSES[STATUSES.index(status) + 1 :]
    if last is not None:
        run.save(Position(Phase.ORDERS, status, last))
    else:
        run.save(Position(Phase.ORDERS, following[0]) if following else Position(Phase.PARCELS))


def _add(run: HeldReconcile, findings: Iterable[Finding]) -> None:
    """Save each difference at once, because a repair cannot be found again."""
    for finding in findings:
        if finding.repaired or not run.knows(finding):
            run.add(finding)


def _parcels(context: Context, run: HeldReconcile) -> None:
    """Compare the next hundred shipments since the last reconcile, if there may be any."""
    offset = run.position.after
    done = Position(Phase.ROWS)
    earliest = run.queued_at - _LONGEST_TIME
    if offset >= _MOST_SHIPMENTS or not fulfilment_links.has_recorded(context.account, earliest):
        run.save(done)
        return
    last = reconcile.last_repair(context.channel) or run.queued_at - _FIRST_TIME
    try:
        page = context.picqer.picklists.shipments_since(max(last - _ZONES, earliest), offset)
    except (AccessDeniedError, AuthenticationError, NotFoundError) as error:
        # A key that is limited to a customer of the warehouse may not read the list.
        run.save(done, Finding(Kind.ORDER_UNREADABLE, detail=error.explain()))
        return
    picklist_ids = {one.picklist_id for one in page.items}
    shown = fulfilment_links.shown_in(context.channel, context.account, picklist_ids)
    _add(run, compare_parcels(context, shown, page.items, repair=run.apply))
    rest = page.next_offset
    run.save(done if rest is None else Position(Phase.PARCELS, after=rest))


def _rows(context: Context, run: HeldReconcile) -> None:
    """Look for orders that were never recorded, and for rows that no worker takes."""
    # What is repaired, what is counted and the position are saved together or not at all.
    with transaction.atomic():
        run.save(Position(Phase.STOCK), *_find_in_rows(context, apply=run.apply))


def _find_in_rows(context: Context, *, apply: bool) -> Iterator[Finding]:
    """Yield what is wrong with the plugin's own rows; with `apply`, repair what can be repaired."""
    channel = context.channel
    since = timezone.now() - _LOOK_BACK
    if missing := capture.find_unrecorded(context.settings, since):
        if apply:
            # The sweeper records them, as it does for any order without a hook.
            wiring.watermark.reach_back(channel, since)
        yield Finding(Kind.ORDER_UNRECORDED, repaired=apply, count=missing)
    for entries in backlog.stuck_orders(channel, BATCH):
        if apply:
            backlog.forget_messages([entry.order_pk for entry in entries])
        yield from (_order(Kind.ORDER_STUCK, entry, repaired=apply) for entry in entries)
    for entries in backlog.failed_orders(channel, BATCH):
        yield from (_order(Kind.ORDER_FAILED, entry, entry.last_error) for entry in entries)
    if count := backlog.stuck_deliveries(channel):
        yield Finding(Kind.DELIVERY_STUCK, count=count)
    if count := backlog.failed_deliveries(channel):
        yield Finding(Kind.DELIVERY_FAILED, count=count)


def _order(kind: Kind, entry: Entry, detail: str = "", *, repaired: bool = False) -> Finding:
    return Finding(kind, entry.order_pk, entry.remote_number, detail, repaired)


def _stock(context: Context, run: HeldReconcile) -> None:
    """Calculate the next stocks from the kept readings, without a request."""
    skus = backlog.kept_skus(context.account, run.position.sku, BATCH_SIZE)
    if not skus:
        run.save(Position(Phase.DONE))
        return
    with transaction.atomic():
        with transaction.atomic():
            changed = stock.recount(context, skus=skus)
            transaction.set_rollback(not run.apply)
        findings = [Finding(Kind.STOCK, repaired=run.apply, count=changed)] if changed else []
        run.save(Position(Phase.STOCK, sku=skus[-1]), *findings)


_PHASES: Final[Mapping[Phase, Callable[[Context, HeldReconcile], None]]] = {
    Phase.HOOKS: _hooks,
    Phase.ORDERS: _orders,
    Phase.PARCELS: _parcels,
    Phase.ROWS: _rows,
    Phase.STOCK: _stock,
}
