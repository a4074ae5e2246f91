"""`manage.py picqer sync`: the full sync, in this process."""

from __future__ import annotations

from django.core.management.base import CommandError

from saleor_picqer import sync_runs
from saleor_picqer.management.actions.base import ChannelSubcommand
from saleor_picqer.store import runs


class Sync(ChannelSubcommand):
    name = "sync"
    help = "write all products to Picqer, and Picqer's warehouses and stock to Saleor"
    failure = "The full sync is not complete in"

    def run_in(self, channel: str, slug: str) -> bool:
        run, is_new = runs.queue(channel)
        if not is_new:
            raise CommandError(f'A full sync of channel "{slug}" is already under way.')
        sync_runs.finish(run.pk)
        run.refresh_from_db()
        self.stdout.write(
            f"{slug}: {run.status}, {run.created} created, {run.updated} updated,"
            f" {run.unchanged} unchanged, {run.failed} failed"
        )
        for problem in run.problems:
            self.stderr.write(problem)
        return run.status == runs.RunStatus.DONE and not run.failed
