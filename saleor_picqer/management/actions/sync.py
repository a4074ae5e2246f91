"""`manage.py picqer sync`: products, stock or both, in this process."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.core.management.base import CommandError

from saleor_picqer import sync_runs
from saleor_picqer.domain.runs import Kind, stock_warning
from saleor_picqer.management.actions.base import ChannelSubcommand
from saleor_picqer.store import runs

# Seconds after which the progress is written again.
_PART: Final = 20.0


class Sync(ChannelSubcommand):
    name = "sync"
    help = "write all products to Picqer, and Picqer's warehouses and stock to Saleor"
    failure = "The run is not complete in"

    kind = Kind.FULL
    dry_run = False
    confirm_zero = False

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--only",
            choices=[Kind.STOCK.value, Kind.PRODUCTS.value],
            help="only pull stock, or only push products",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="write nothing in Picqer or Saleor, and list what would change",
        )
        parser.add_argument(
            "--confirm-zero",
            action="store_true",
            help="sell out SKUs without stock in Picqer, however many there are",
        )

    def run(self, options: Mapping[str, Any]) -> None:
        self.kind = Kind(options["only"] or Kind.FULL)
        self.dry_run, self.confirm_zero = options["dry_run"], options["confirm_zero"]
        super().run(options)

    def run_in(self, channel: str, slug: str) -> bool:
        run, is_new = runs.queue_unless_active(
            channel, self.kind, dry_run=self.dry_run, confirm_zero=self.confirm_zero
        )
        if not is_new:
            raise CommandError(f'A {run.kind} run of channel "{slug}" is already under way.')
        sync_runs.finish(run.pk, _PART, partial(self._show_progress, run, slug))
        run.refresh_from_db()
        self._show_result(run, slug)
        for problem in runs.problems(run):
            self.stderr.write(problem)
        return run.status == runs.RunStatus.DONE and not run.failed

    def _show_progress(self, run: runs.SyncRun, slug: str) -> None:
        run.refresh_from_db()
        now = runs.progress(run)
        self.stdout.write(
            f"{slug}: {now.done} of {now.total} done, {now.failed} failed, {now.requests} requests,"
            f" about {now.seconds_left} s left"
        )

    def _show_result(self, run: runs.SyncRun, slug: str) -> None:
        would = "would be " if run.dry_run else ""
        numbers = runs.numbers(run)
        parts = []
        if run.kind != Kind.STOCK:
            parts += [f"{run.created} {would}created, {run.updated} {would}updated"]
            parts += [f"{run.unchanged} unchanged, {run.failed} failed"]
        if run.kind != Kind.PRODUCTS:
            parts += [f"{numbers['stock_changed']} stocks {would}changed"]
            parts += [f"{numbers['zeroed']} SKUs {would}set to zero"]
        parts += [f"{numbers['requests']} requests"]
        self.stdout.write(f"{slug}: {run.status}, {', '.join(parts)}")
        if run.dry_run:
            self._show_report(run, slug)

    def _show_report(self, run: runs.SyncRun, slug: str) -> None:
        for topic in ("created", "updated"):
            for entry in run.report.get(topic, ()):
                fields = ", ".join(entry["fields"])
                self.stdout.write(f'SKU "{entry["sku"]}" would be {topic} in Picqer: {fields}')
        for entry in run.report.get("stock", ()):
            self.stdout.write(
                f'SKU "{entry["sku"]}" in {entry["warehouse"]}: {entry["before"]} on offer would'
                f" become {entry['after']}"
            )
        numbers = runs.numbers(run)
        if warning := stock_warning(run.total, numbers["with_stock"], slug):
            self.stdout.write(warning)
