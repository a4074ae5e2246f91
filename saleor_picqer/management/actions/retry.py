"""`manage.py picqer retry`: try orders again without delay."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Collection, Mapping
from typing import Any

from saleor_picqer import order_actions, wiring
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import find_channel
from saleor_picqer.management.actions.order_base import OrderSubcommand


class Retry(OrderSubcommand):
    name = "retry"
    help = "retry orders that failed, or that wait for their next attempt, without delay"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "numbers",
            nargs="*",
            default=[],
            metavar="NUMBER",
            help="number of the order in Saleor",
        )
        which.add_argument("--channel", help="all such orders of the channel with this slug")
        which.add_argument("--all", action="store_true", help="all such orders of every channel")
        cls.add_now(parser)

    def act(self, order_pks: Collection[str]) -> order_actions.ActionResult:
        return order_actions.retry(order_pks)

    def run(self, options: Mapping[str, Any]) -> None:
        if options["numbers"]:
            self.act_on_numbers(options["numbers"], now=options["now"])
            return
        slug = options["channel"]
        channels = [find_channel(slug)] if slug else wiring.active_channels()
        pks = order_actions.to_retry(channels)
        numbers = host().orders.numbers(pks)
        self.act_on({pk: numbers.get(pk, pk) for pk in pks}, {}, now=options["now"])
        self.stdout.write(f"{len(pks)} orders")
