"""`manage.py picqer product`: shows and sends products, and reads stock from Picqer."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.management.base import CommandError

from saleor_picqer import product_actions, product_runs, product_state, stock_reading
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.product_situation import PRODUCT_REFUSALS, PRODUCT_TEXTS, ProductRefusal
from saleor_picqer.hosts import host
from saleor_picqer.management.actions.base import Subcommand
from saleor_picqer.product_actions import ProductResult
from saleor_picqer.product_state import VariantInAccount, VariantState


class Product(Subcommand):
    name = "product"
    help = "say what Picqer has of products; with --push or --read-stock, bring them in step"

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("skus", nargs="+", metavar="SKU", help="SKU of a variant in Saleor")
        parser.add_argument(
            "--push", action="store_true", help="send all variants again first, here and now"
        )
        parser.add_argument(
            "--read-stock", action="store_true", help="read the stock from Picqer first"
        )

    def run(self, options: Mapping[str, Any]) -> None:
        found = host().products.with_skus(options["skus"])
        missing = [sku for sku in options["skus"] if sku not in found]
        pks = list(dict.fromkeys(found.values()))
        refused = []
        if options["push"]:
            refused += self._push(pks)
        if options["read_stock"]:
            refused += self._read(pks)
        for pk in pks:
            for line in _lines(pk):
                self.stdout.write(line)
        for reason in dict.fromkeys(refused):
            self.stderr.write(PRODUCT_REFUSALS[reason])
        if missing:
            raise CommandError(f"Not found: {', '.join(missing)}.")
        if refused:
            raise CommandError("Not everything could be done.")

    def _push(self, pks: list[str]) -> list[ProductRefusal]:
        results = [product_actions.push(pk) for pk in pks]
        for account in _accounts(results):
            product_runs.push_all(account)
        return [one.refused for one in results if one.refused]

    def _read(self, pks: list[str]) -> list[ProductRefusal]:
        results = product_actions.read_stock(pks).values()
        for account in _accounts(results):
            stock_reading.work_off(account, None)
        return [one.refused for one in results if one.refused]


def _accounts(results: Iterable[ProductResult]) -> list[str]:
    return sorted({account for result in results for account in result.accounts})


def _lines(pk: str) -> Iterator[str]:
    product = product_state.read_product(pk)
    after = ""
    while product and (page := product_state.read_variants(product, after, BATCH_SIZE)):
        for state in page:
            yield from _of_variant(state)
        after = page[-1].variant.pk


def _of_variant(state: VariantState) -> Iterator[str]:
    sku = state.variant.sku or "(no SKU)"
    if not state.accounts:
        yield f"{sku}: The plugin is switched off in every channel."
    for one in state.accounts:
        text = PRODUCT_TEXTS[one.code]
        yield f"{sku}, {one.account.name}: {text.title}{_remote(one)}"
        error = one.row.last_error if one.row else ""
        yield from (f"  {sentence}" for sentence in (error, text.advice) if sentence)
        for stock in one.stock:
            name = stock.name or f"warehouse {stock.warehouse_id}"
            read = f"{stock.read_at:%Y-%m-%d %H:%M:%S} UTC" if stock.read_at else "never"
            free = "unknown" if stock.free is None else stock.free
            offered = "nothing" if stock.offered is None else stock.offered
            yield f"  {name}: {free} free in Picqer (read: {read}), Saleor offers {offered}"


def _remote(one: VariantInAccount) -> str:
    return f" (idproduct {one.remote_id})" if one.remote_id else ""
