"""`manage.py picqer …`: the work of the tasks, in this process, for people and for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from saleor_picqer import tasks, wiring
from saleor_picqer.hosts import host
from saleor_picqer.models import SyncRun
from saleor_picqer.store import runs


class Command(BaseCommand):
    help = "Works on the integration with Picqer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("sweep", help="push and handle whatever is due, without Celery")
        sync = actions.add_parser("sync", help="full sync of products, warehouses and stock")
        sync.add_argument("--channel", help="slug; by default every channel that is switched on")

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        with host().allow_db():
            if action == "sweep":
                self._sweep()
            else:
                self._sync(options["channel"])

    def _sweep(self) -> None:
        """Each order and event is tried once; what fails keeps its own date for the next try."""
        orders = _work_off(wiring.outbox.due, tasks.push_order)
        events = _work_off(wiring.inbox.due, tasks.handle_event)
        self.stdout.write(f"{orders} orders, {events} events")

    def _sync(self, channel: str | None) -> None:
        channels = [channel] if channel else wiring.active_channels()
        if not channels:
            raise CommandError("The plugin is not switched on in any channel.")
        failed = [slug for slug in channels if not self._sync_channel(slug)]
        if failed:
            raise CommandError(f"Full sync failed in {', '.join(failed)}.")

    def _sync_channel(self, channel: str) -> bool:
        run, is_new = runs.queue(channel)
        if not is_new:
            raise CommandError(f'A full sync of "{channel}" is under way already.')
        tasks.full_sync(run.pk)
        run.refresh_from_db()
        self.stdout.write(
            f"{channel}: {run.status}, {run.created} created, {run.updated} updated,"
            f" {run.unchanged} unchanged, {run.failed} failed"
        )
        for problem in run.problems:
            self.stderr.write(problem)
        return run.status == SyncRun.Status.DONE


def _work_off(due: Any, task: Any) -> int:
    seen: set[Any] = set()
    while fresh := [key for key in due(500) if key not in seen]:
        seen.update(fresh)
        for key in fresh:
            task(key)
    return len(seen)
