"""Copy stock from Picqer to Saleor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.skus import normalize
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.sync.ports import Context


def refresh_order(context: Context, order: Order) -> None:
    """Read the stock of the order's SKUs again.

    Needed when the goods have left Picqer's free stock before the outbox has recorded that.
    """
    # Levels that arrived in between were written without this order: too little stock is offered.
    refresh_skus(context, sorted({normalize(line.sku) for line in order.lines if line.ships}))


def refresh_skus(context: Context, skus: Collection[str]) -> None:
    """Read the stock of some SKUs again: 1 request each, 2 for an unlinked SKU."""
    known = context.links.products.ids(skus)
    for sku in skus:
        product_id = known[sku] if sku in known else _find_product_id(context, sku)
        if product_id is not None:
            refresh_product(context, product_id, sku)


def _find_product_id(context: Context, sku: str) -> int | None:
    product = context.picqer.products.find(sku)
    if product is None:
        return None
    # By Saleor's spelling, which the next question has too.
    context.links.products.link({sku: product.id})
    return product.id


def refresh_product(context: Context, product_id: int, sku: str) -> None:
    """Read the stock of a product in every warehouse again: 1 request."""
    read_at = context.readings.clock()
    record_products(context, context.picqer.stock.of_products([product_id]), read_at)


def record_products(context: Context, products: Iterable[RemoteProduct], read_at: datetime) -> int:
    """Record the levels of products; return the number of changed stocks."""
    levels = (level for product in products if not product.unlimited for level in product.levels)
    return record_levels(context, levels, read_at)


def record_levels(context: Context, levels: Iterable[StockLevel], read_at: datetime) -> int:
    """Write levels to the mirrored warehouses; return the number of changed stocks."""
    linked = context.links.warehouses.all()
    by_warehouse: dict[str, dict[str, int]] = defaultdict(dict)
    for level in levels:
        if level.warehouse_id in linked:
            by_warehouse[linked[level.warehouse_id]][level.sku] = level.free
    return sum(
        context.shop.stock.set_stocks(pk, free, context.reservations.reserved, complete=False)
        for pk, free in by_warehouse.items()
    )


def record_absent(context: Context, skus: Collection[str], read_at: datetime) -> int:
    """Write zero for SKUs that Picqer does not have; return the number of changed stocks."""
    warehouses = context.links.warehouses.all()
    levels = [StockLevel(id_, sku, 0) for sku in skus for id_ in warehouses]
    return record_levels(context, levels, read_at)
