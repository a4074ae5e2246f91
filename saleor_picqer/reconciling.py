"""Carrying out reconciles, in parts by Celery's workers or to the end in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
from saleor_picqer.errors import DataError
from saleor_picqer.picqer.client import Priority
from saleor_picqer.store import backlog, reconcile, runs
from saleor_picqer.store.reconcile import Cause, HeldReconcile
from saleor_picqer.sync import stock
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.reconcile import BATCH, compare_orders

# How far back Saleor's orders are read for those that were never recorded.
_LOOK_BACK: Final = timedelta(days=3)
# The hours, in Django's time zone, in which the nightly reconcile begins.
_NIGHT: Final = range(1, 5)
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
    """Compare the next hundred orders."""
    status, after = run.position.status, run.position.after
    # An order that this run has brought in step is not compared again in its new status.
    entries = backlog.open_orders(
        context.channel,
        context.account,
        status,
        after=after,
        unchanged_since=run.queued_at,
        limit=BATCH,
    )
    if entries:
        for finding in compare_orders(context, entries, status, repair=run.apply):
            if finding.repaired or not run.knows(finding):
                run.add(finding)
        run.count_compared(len(entries))
        run.save(Position(Phase.ORDERS, status, entries[-1].remote_id or 0))
        return
    following = STATUSES[STATUSES.index(status) + 1 :]
    run.save(Position(Phase.ORDERS, following[0]) if following else Position(Phase.ROWS))


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
    Phase.ROWS: _rows,
    Phase.STOCK: _stock,
}
