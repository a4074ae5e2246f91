"""`manage.py picqer reconcile`: compare open orders, rows and webhooks with Picqer."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from saleor_picqer import reconciling
from saleor_picqer.domain.reconcile import KINDS, Kind
from saleor_picqer.management.actions.base import ChannelSubcommand
from saleor_picqer.store import reconcile


class Reconcile(ChannelSubcommand):
    name = "reconcile"
    help = "list what differs between Saleor and Picqer; with --apply, repair it"
    failure = "The reconcile is not complete in"

    _apply = False

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--apply", action="store_true", help="repair what can be repaired")

    def run(self, options: Mapping[str, Any]) -> None:
        self._apply = options["apply"]
        super().run(options)

    def run_in(self, channel: str, slug: str) -> bool:
        run, _ = reconcile.queue(channel, reconcile.Cause.REQUEST, apply=self._apply)
        reconciling.finish(run.pk)
        run.refresh_from_db()
        self.stdout.write(
            f"{slug}: {run.compared} orders compared, {run.found} differences,"
            f" {run.repaired} repaired"
        )
        for kind, count in run.counts.items():
            self.stdout.write(f"  {count} x {kind}: {KINDS[Kind(kind)]}")
        for finding in run.findings:
            self.stdout.write(f"    {_line(finding)}")
        if run.problem:
            self.stderr.write(run.problem)
        return bool(run.status == reconcile.RunStatus.DONE)


def _line(finding: Mapping[str, Any]) -> str:
    what = finding["number"] or finding["order_pk"]
    parts = (finding["kind"], what, finding["detail"], "repaired" if finding["repaired"] else "")
    return " ".join(part for part in parts if part)
