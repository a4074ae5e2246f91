"""Read Picqer's products page by page, and write the stock of each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import Position
from saleor_picqer.sync import pulled
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.runs import stock_pull


def read_active(context: Context, run: Run) -> Position | None:
    """Read one page of the active products."""
    return _read(context, run, active=True)


def read_inactive(context: Context, run: Run) -> Position | None:
    """Read one page of the inactive products."""
    return _read(context, run, active=False)


def _read(context: Context, run: Run, *, active: bool) -> Position | None:
    position = run.position
    # Stock that changes while Picqer makes the page may be missing from it.
    read_at = run.moment(context.readings.clock)
    page = context.picqer.products.page(position.offset, active=active)
    ends = _ends(page)
    if ends is not None and ends != position.page:
        take(context, run, page.items)
        _pull_fields(context, run, page.items)
        if run.kind.pulls_stock:
            stock_pull.write_page(context, run, page.items, read_at)
    # A list that ignores the offset repeats its only page.
    if page.next_offset is None or ends == position.page:
        return None
    return replace(position, offset=page.next_offset, page=ends)


def take(context: Context, run: Run, products: Sequence[RemoteProduct]) -> None:
    """Keep products for the comparison, and link SKUs and products.

    A pull of stock compares nothing: kept readings show which products were read. Only products
    without a reading are kept.
    """
    run.count("read", len(products))
    if run.kind.pushes_products or run.dry_run:
        run.products.keep(products)
        context.links.products.link({product.sku: product.id for product in products})
    else:
        run.products.keep([each for each in products if each.unlimited or not each.levels])


def _pull_fields(context: Context, run: Run, products: Sequence[RemoteProduct]) -> None:
    """Take fields of products into Saleor's variants, where the shop wants that."""
    if context.sends_products and not run.dry_run:
        for sku, problem in pulled.apply_pulled(context, products).items():
            run.problem(problem, sku)


def _ends(page: Page[RemoteProduct]) -> tuple[int, int] | None:
    if not page.items:
        return None
    return page.items[0].id, page.items[-1].id
