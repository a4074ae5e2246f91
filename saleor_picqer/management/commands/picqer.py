"""`manage.py picqer …`: the work of the tasks, in this process, for people and for cron."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from saleor_picqer import tasks, wiring
from saleor_picqer.domain.hooks import EVENTS
from saleor_picqer.errors import IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.models import SyncRun
from saleor_picqer.picqer.inspection import inspect
from saleor_picqer.store import runs


class Command(BaseCommand):
    help = "Works on the integration with Picqer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("sweep", help="push and handle whatever is due, without Celery")
        sync = actions.add_parser("sync", help="full sync of products, warehouses and stock")
        check = actions.add_parser("check", help="who the API key is, what it may not do, hooks")
        for action in (sync, check):
            action.add_argument("--channel", help="slug; by default every channel switched on")

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        with host().allow_db():
            if action == "sweep":
                self._sweep()
            elif action == "sync":
                self._for_each(options["channel"], self._sync, "Full sync failed in")
            else:
                self._for_each(options["channel"], self._check, "Not in order:")

    def _sweep(self) -> None:
        """Each order and event is tried once; what fails keeps its own date for the next try."""
        channels = wiring.active_channels()
        for channel in channels:
            tasks.find_orders(channel)
        orders = _work_off(partial(wiring.outbox.due, channels), tasks.push_order)
        events = _work_off(wiring.inbox.due, tasks.handle_event)
        self.stdout.write(f"{orders} orders, {events} events")

    def _for_each(self, channel: str | None, act: Callable[[str], bool], problem: str) -> None:
        channels = [channel] if channel else wiring.active_channels()
        if not channels:
            raise CommandError("The plugin is not switched on in any channel.")
        failed = [slug for slug in channels if not act(slug)]
        if failed:
            raise CommandError(f"{problem} {', '.join(failed)}.")

    def _check(self, channel: str) -> bool:
        """True when the key works and lacks no right, and every hook is active."""
        try:
            found = inspect(wiring.account_of(wiring.settings_of(channel)))
        except IntegrationError as error:
            self.stderr.write(f"{channel}: {error.explain()}")
            return False
        address = host().webhook_url(channel)
        active = {hook.event for hook in found.hooks if hook.address == address and hook.active}
        missing_hooks = [event for event in EVENTS if event not in active]
        self.stdout.write(f"{channel}: key of {found.user or 'somebody it may not tell'}")
        self.stdout.write(f"  limit    {found.limit} requests per minute, {found.remaining} left")
        self.stdout.write(f"  rights   {_listed('missing: ', found.missing) or 'all there'}")
        self.stdout.write(f"  webhooks {_listed('missing: ', missing_hooks) or 'all active'}")
        return not found.missing and not missing_hooks

    def _sync(self, channel: str) -> bool:
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


def _listed(prefix: str, items: Collection[str]) -> str:
    return prefix + ", ".join(items) if items else ""


def _work_off(due: Any, task: Any) -> int:
    seen: set[Any] = set()
    while fresh := [key for key in due(500) if key not in seen]:
        seen.update(fresh)
        for key in fresh:
            task(key)
    return len(seen)
