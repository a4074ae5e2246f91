"""`manage.py picqer sync`: the full sync, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from saleor_picqer import tasks
from saleor_picqer.management.actions.base import ChannelAction
from saleor_picqer.models import SyncRun
from saleor_picqer.store import runs


class Sync(ChannelAction):
    name = "sync"
    help = "full sync of products, warehouses and stock"

    def run(self, options: Mapping[str, Any]) -> None:
        self.for_each(options["channel"], self._sync, "Full sync failed in")

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
