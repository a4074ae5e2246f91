"""`manage.py picqer replay`: have webhook deliveries handled again."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from django.core.management.base import CommandError

from saleor_picqer import deliveries, delivery_actions, tasks
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.delivery_actions import REPLAY_REFUSAL_TEXTS
from saleor_picqer.management.actions.base import Subcommand
from saleor_picqer.management.actions.deliveries import add_filter, read_filter
from saleor_picqer.store.deliveries import ReplayResult, search


class Replay(Subcommand):
    name = "replay"
    help = "have webhook deliveries handled again: by id, or all that the options choose"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument(
            "ids", nargs="*", type=int, metavar="ID", help="id that `picqer deliveries` lists"
        )
        parser.add_argument("--failed", action="store_true", help="the same as --status failed")
        add_filter(parser)
        parser.add_argument(
            "--now", action="store_true", help="finish in this process, not in Celery's workers"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        total, not_done = 0, 0
        accounts: set[str] = set()
        for pks in batched(_chosen(options), BATCH_SIZE):
            result = delivery_actions.replay(pks)
            total, not_done = total + len(result.done), not_done + len(result.refused)
            accounts |= result.accounts
            self._print_refused(result)
        if options["now"] or tasks.runs_inside_request(tasks.work_off_inbox):
            for account in accounts:
                deliveries.work_off(account, None)
        else:
            delivery_actions.start(accounts)
        self.stdout.write(f"{total} deliveries replayed, {not_done} refused")
        if not_done and options["ids"]:
            raise CommandError("Not all of these deliveries were replayed.")

    def _print_refused(self, result: ReplayResult) -> None:
        for pk, reason in result.refused.items():
            self.stderr.write(f"{pk}: {REPLAY_REFUSAL_TEXTS[reason]}")


def _chosen(options: Mapping[str, Any]) -> Sequence[int]:
    """Return the primary keys of the chosen deliveries, oldest first."""
    names = ("failed", "channel", "status", "event", "since", "until")
    conditions = [name for name in names if options[name]]
    if bool(options["ids"]) == bool(conditions):
        raise CommandError("Give either ids, or options that choose deliveries, such as --failed.")
    if options["ids"]:
        return [*options["ids"]]
    failed = {"status": "failed"} if options["failed"] else {}
    rows = search(read_filter({**options, **failed}))
    return sorted(rows.values_list("pk", flat=True))
