"""`manage.py picqer sweep`: the work of the Celery tasks, for cron."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from saleor_picqer import (
    alarms,
    capturing,
    deliveries,
    product_runs,
    reconciling,
    stock_reading,
    sweeping,
    sync_runs,
    tasks,
    wiring,
)
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.management.actions.base import Subcommand
from saleor_picqer.store import reconcile, recounts, runs


class Sweep(Subcommand):
    name = "sweep"
    help = "do everything that is due in this process, for shops without Celery"

    def run(self, options: Mapping[str, Any]) -> None:
        """Find missed changes, then do all that is due."""
        done = _InProcess()
        sweeping.sweep(done)
        wiring.sweeper.mark_finished()
        self.stdout.write(
            f"{done.orders} orders, {done.events} events and {done.products} products handled"
        )


class _InProcess:
    """Does what a sweep has found, to the end: implements `sweeping.Executor`."""

    orders = events = products = 0

    def push_orders(self, channels: Collection[str]) -> None:
        self.orders = _work_off(partial(wiring.outbox.due, channels), tasks.push_order)

    def work_off_inbox(self, accounts: Collection[str]) -> None:
        self.events = sum(deliveries.work_off(account, None)[0] for account in accounts)

    def follow_shipments(self) -> None:
        _work_off(wiring.due_emails, tasks.notify_customer)
        capturing.work_off()

    def read_stock(self, accounts: Collection[str]) -> None:
        for account in accounts:
            stock_reading.work_off(account, None)

    def count_stock(self) -> None:
        for account in recounts.due():
            stock_reading.count_anew(account, None)

    def push_products(self, accounts: Collection[str]) -> None:
        self.products = sum(map(product_runs.push_all, accounts))

    def carry_on_runs(self) -> None:
        for run in runs.due():
            sync_runs.finish(run)

    def sync_hooks(self) -> None:
        for registration in wiring.hook_registrations.due():
            tasks.sync_hooks(registration)
        for account in wiring.hook_registrations.accounts_to_check():
            tasks.check_hooks(account)

    def reconcile(self, channels: Sequence[str]) -> None:
        for run in reconcile.to_enqueue(channels):
            reconciling.finish(run)

    def tell_alarms(self) -> None:
        alarms.evaluate(sweeping=True)
        alarms.send_mails()


def _work_off(due: Callable[[int], list[Any]], task: Callable[[Any], None]) -> int:
    """Run the task for each due key and return the number of keys."""
    # Each key once: work that failed is due again only at the time its row says.
    seen: set[Any] = set()
    while fresh := [key for key in due(BATCH_SIZE) if key not in seen]:
        seen.update(fresh)
        for key in fresh:
            task(key)
    return len(seen)
