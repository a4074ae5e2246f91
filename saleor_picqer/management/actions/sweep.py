"""`manage.py picqer sweep`: the work of the Celery tasks, for cron."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from saleor_picqer import (
    alarms,
    capture,
    capturing,
    deliveries,
    hook_upkeep,
    product_runs,
    reconciling,
    retention,
    stock_reading,
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
        capture.follow_moved_orders()
        channels = wiring.active_channels()
        for channel in channels:
            tasks.find_orders(channel)
        orders = _work_off(partial(wiring.outbox.due, channels), tasks.push_order)
        accounts = wiring.channels_by_account().keys()
        events = sum(deliveries.work_off(account, None)[0] for account in accounts)
        _work_off(wiring.due_emails, tasks.notify_customer)
        capturing.work_off()
        sync_runs.queue_scheduled()
        products = sum(map(product_runs.push_all, product_runs.find_all()))
        for account in stock_reading.upkeep():
            stock_reading.work_off(account, None)
        for account in recounts.due():
            stock_reading.count_anew(account, None)
        for run in runs.due():
            sync_runs.finish(run)
        retention.clean_up()
        hook_upkeep.follow_settings()
        for registration in wiring.hook_registrations.due():
            tasks.sync_hooks(registration)
        for account in wiring.hook_registrations.accounts_to_check():
            tasks.check_hooks(account)
        reconciling.queue_nightly()
        for run in reconcile.to_enqueue(channels):
            reconciling.finish(run)
        alarms.evaluate(sweeping=True)
        alarms.send_mails()
        wiring.sweeper.mark_finished()
        self.stdout.write(f"{orders} orders, {events} events and {products} products handled")


def _work_off(due: Callable[[int], list[Any]], task: Callable[[Any], None]) -> int:
    """Run the task for each due key and return the number of keys."""
    # Each key once: work that failed is due again only at the time its row says.
    seen: set[Any] = set()
    while fresh := [key for key in due(BATCH_SIZE) if key not in seen]:
        seen.update(fresh)
        for key in fresh:
            task(key)
    return len(seen)
