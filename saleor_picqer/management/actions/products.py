"""`manage.py picqer products`: what could not be sent to Picqer, and another attempt."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, Final

from saleor_picqer import product_runs, wiring
from saleor_picqer.management.actions.base import ChannelSubcommand
from saleor_picqer.store import catalogue

# Failing products that are listed at most.
_LISTED: Final = 100


class Products(ChannelSubcommand):
    name = "products"
    help = "list products that could not be sent to Picqer; with --retry, send them again"
    failure = "Products cannot be sent from"

    retry = False

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--retry", action="store_true", help="send them again, here and now")

    def run(self, options: Mapping[str, Any]) -> None:
        self.retry = options["retry"]
        super().run(options)

    def run_in(self, channel: str, slug: str) -> bool:
        account = wiring.account_of(channel)
        if account is None:
            return False
        if self.retry:
            catalogue.retry(account)
            product_runs.push_all(account)
        counts = catalogue.count(account)
        self.stdout.write(
            f"{slug}: {counts.known} products in {account}, {counts.waiting} waiting,"
            f" {counts.failing} failing"
        )
        for row in catalogue.failing(account)[:_LISTED]:
            self.stderr.write(f'SKU "{row.sku}": {row.last_error}')
        return not counts.failing
