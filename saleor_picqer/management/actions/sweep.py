"""`manage.py picqer sweep`: the sweeper's work, for cron."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from saleor_picqer import tasks, wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.management.actions.base import Action
from saleor_picqer.store import runs


class Sweep(Action):
    name = "sweep"
    help = "push and handle whatever is due, without Celery"

    def run(self, options: Mapping[str, Any]) -> None:
        """Each is tried once; what fails keeps its own date for the next try."""
        channels = wiring.active_channels()
        for channel in channels:
            tasks.find_orders(channel)
        orders = _work_off(partial(wiring.outbox.due, channels), tasks.push_order)
        events = _work_off(wiring.inbox.due, tasks.handle_event)
        for run in runs.queued():
            tasks.full_sync(run)
        for channel in wiring.hook_registrations.stale_channels():
            tasks.sync_hooks(channel)
        self.stdout.write(f"{orders} orders, {events} events")


def _work_off(due: Any, task: Any) -> int:
    seen: set[Any] = set()
    while fresh := [key for key in due(BATCH_SIZE) if key not in seen]:
        seen.update(fresh)
        for key in fresh:
            task(key)
    return len(seen)
