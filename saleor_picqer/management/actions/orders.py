"""`manage.py picqer orders`: the outbox as a table."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any, Final

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand, find_channel
from saleor_picqer.management.actions.tables import aligned, moment
from saleor_picqer.store import orders

_COLUMNS: Final = (
    "Order",
    "Channel",
    "Stage",
    "Picqer",
    "Changed",
    "Attempts",
    "Next attempt",
    "Remark",
)


class Orders(Subcommand):
    name = "orders"
    help = "list the orders on their way to Picqer, the most recently changed first"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", help="slug of a channel (default: every channel)")
        parser.add_argument(
            "--stage", choices=[stage.value for stage in Stage], help="only orders in this stage"
        )
        parser.add_argument(
            "--attention",
            action="store_true",
            help="only orders that need the attention of staff or keep failing",
        )
        parser.add_argument(
            "--limit", type=int, default=100, help="number of orders to list (default: 100)"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        rows = orders.search(
            channels=[find_channel(options["channel"])] if options["channel"] else None,
            stage=options["stage"],
            attention=options["attention"] or None,
        )
        shown = list(rows[: max(0, options["limit"])])
        numbers = host().orders.numbers([row.order_pk for row in shown])
        slugs = host().channels.slugs()
        lines = [
            _cells(row, numbers.get(row.order_pk, "(deleted)"), slugs.get(row.channel, "(deleted)"))
            for row in shown
        ]
        for line in aligned([_COLUMNS, *lines]):
            self.stdout.write(line)
        self.stdout.write(f"{len(shown)} of {rows.count()} orders")


def _cells(row: Any, number: str, slug: str) -> Sequence[str]:
    remark = row.attention or row.last_error or row.waiting_for
    return (
        number,
        slug,
        row.stage,
        row.remote_number or "-",
        moment(row.updated_at),
        str(row.attempts),
        moment(row.not_before),
        " ".join(remark.split()),
    )
