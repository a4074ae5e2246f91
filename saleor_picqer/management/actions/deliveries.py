"""`manage.py picqer deliveries`: the inbox as a table."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand, find_channel
from saleor_picqer.management.actions.tables import aligned, moment
from saleor_picqer.store import deliveries
from saleor_picqer.store.deliveries import DeliveryFilter
from saleor_picqer.store.inbox import EventStatus

_COLUMNS: Final = ("ID", "Came", "Channel", "Event", "Object", "Order", "Status", "Tries", "Error")


class Deliveries(Subcommand):
    name = "deliveries"
    help = "list webhook deliveries from Picqer, the latest first"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        add_filter(parser)
        parser.add_argument("--order", metavar="NUMBER", help="number of an order in Saleor")
        parser.add_argument(
            "--limit", type=int, default=100, help="number of deliveries to list (default: 100)"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        rows = deliveries.search(read_filter(options, _order(options["order"])))
        shown = list(rows[: max(0, options["limit"])])
        order_pks = deliveries.order_pks(shown)
        numbers = host().orders.numbers(set(order_pks.values()))
        slugs = host().channels.slugs()
        lines = [
            _cells(row, numbers.get(order_pks.get(row.pk, ""), "-"), slugs.get(row.channel, "-"))
            for row in shown
        ]
        for line in aligned([_COLUMNS, *lines]):
            self.stdout.write(line)
        self.stdout.write(f"{len(shown)} of {rows.count()} deliveries")


def add_filter(parser: ArgumentParser) -> None:
    """Add the options that choose deliveries."""
    parser.add_argument("--channel", help="slug of a channel (default: every channel)")
    parser.add_argument(
        "--status",
        choices=[status.value for status in EventStatus],
        help="only deliveries with this status",
    )
    parser.add_argument("--event", help='only this event, for example "orders.status_changed"')
    parser.add_argument(
        "--since", type=_time, metavar="TIME", help="only from this date or time on (ISO 8601)"
    )
    parser.add_argument(
        "--until", type=_time, metavar="TIME", help="only before this date or time (ISO 8601)"
    )


def read_filter(options: Mapping[str, Any], order_pk: str | None = None) -> DeliveryFilter:
    """Return the conditions that the options name."""
    return DeliveryFilter(
        channels=[find_channel(options["channel"])] if options["channel"] else None,
        status=options["status"],
        event=options["event"],
        since=options["since"],
        until=options["until"],
        order_pks=None if order_pk is None else [order_pk],
    )


def _order(number: str | None) -> str | None:
    if number is None:
        return None
    found = host().orders.find([number])
    if number not in found:
        raise CommandError(f"There is no order {number}.")
    return found[number]


def _time(text: str) -> datetime:
    try:
        found = parse_datetime(text)
        day = None if found else parse_date(text)
    except ValueError:
        found = day = None
    if day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    if found is None:
        raise ArgumentTypeError(f'"{text}" is no date or time such as 2026-02-03T11:20.')
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _cells(row: Any, number: str, slug: str) -> Sequence[str]:
    return (
        str(row.pk),
        moment(row.received_at),
        slug,
        row.event or "-",
        "-" if row.object_id is None else str(row.object_id),
        number,
        row.status,
        str(row.attempts),
        " ".join(row.last_error.split()),
    )
