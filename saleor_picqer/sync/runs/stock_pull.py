"""Write the stock read by a run, and withhold SKUs about to fall to zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import Phase, Position, SoldOut, is_sold_out, next_phase
from saleor_picqer.sync import stock, warehouses
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.runs import dry_run


def mirror_warehouses(context: Context, run: Run) -> Position:
    """Mirror Picqer's warehouses, and count what the shop offers in them."""
    if run.dry_run:
        dry_run.mirror_warehouses(context, run)
    else:
        warehouses.mirror_warehouses(context)
    since, mirrors = context.readings.clock(), context.links.warehouses.all()
    run.count("on_offer", context.shop.offers.count(list(mirrors.values())))
    known = replace(run.position, since=since, mirrors=tuple(mirrors.items()))
    return known.enter(next_phase(run.kind, Phase.WAREHOUSES))


def retire_warehouses(context: Context, run: Run) -> None:
    """Stop selling from other warehouses, once the mirrors have their stock."""
    # Where stock is withheld, nothing proves yet that Picqer has the shop's goods.
    if not (run.dry_run or run.numbers["withheld"]):
        for report in warehouses.retire_warehouses(context):
            run.problem(report)


def write_page(
    context: Context, run: Run, products: Sequence[RemoteProduct], read_at: datetime
) -> None:
    """Write the stock of products, and withhold SKUs on offer without stock in Picqer.

    Withheld SKUs fall to zero after the last page, unless too many.
    """
    mirrors = dict(run.position.mirrors)
    empty = {product.sku for product in products if is_sold_out(product, mirrors)}
    offered = context.shop.offers.among(list(mirrors.values()), empty) if empty else set()
    withheld = [product for product in products if product.sku in offered]
    # Their readings stay as they are, and do not show that they were read.
    run.products.keep(withheld)
    run.products.withhold([SoldOut(each.sku, read_at, each.levels) for each in withheld])
    written = [product for product in products if product.sku not in offered]
    if run.dry_run:
        with dry_run.told_stock(context, run, {product.sku for product in written}):
            stock.record_products(context, written, read_at)
    else:
        run.count("stock_changed", stock.record_products(context, written, read_at))


def write_sold_out(
    context: Context, run: Run, sold_out: Sequence[SoldOut], read_at: datetime
) -> None:
    """Write SKUs without stock in Picqer, all read at the same moment."""
    if run.dry_run:
        with dry_run.told_stock(context, run, {each.sku for each in sold_out}):
            _write(context, sold_out, read_at)
    else:
        run.count("stock_changed", _write(context, sold_out, read_at))


def _write(context: Context, sold_out: Sequence[SoldOut], read_at: datetime) -> int:
    levels = [level for each in sold_out for level in each.levels]
    absent = [each.sku for each in sold_out if not each.levels]
    changed = stock.record_levels(context, levels, read_at)
    return changed + stock.record_absent(context, absent, read_at)
