"""Warehouses and stock come from Picqer: all of them by `pull`, single products by `refresh`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from saleor_picqer.config import OtherWarehouses
from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.stock import StockLevel, Warehouse
from saleor_picqer.errors import AccountSetupError
from saleor_picqer.sync.ports import Context


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did: warehouses that sell, and stocks that changed."""

    warehouses: int
    stocks: int


def pull(context: Context) -> Pulled:
    """Mirrors every warehouse of the account and writes its complete stock."""
    mirrored = mirror_warehouses(context)
    changed = 0
    for warehouse_id, pk in mirrored.items():
        levels = {lvl.sku: lvl.free for lvl in context.picqer.stock.of_warehouse(warehouse_id)}
        changed += context.shop.stock.set_stocks(
            pk, levels, context.reservations.reserved, complete=True
        )
    return Pulled(len(mirrored), changed)


def mirror_warehouses(context: Context) -> dict[int, str]:
    """Creates, renames, links and retires; idwarehouse -> Saleor pk of those that sell.

    Raises AccountSetupError, before anything is retired, when none sells.
    """
    linked = context.links.warehouses.all()
    selling: dict[int, str] = {}
    for warehouse in context.picqer.stock.warehouses():
        if warehouse.sells:
            selling[warehouse.id] = _mirror(context, warehouse, linked.get(warehouse.id))
    if not selling:
        raise AccountSetupError("Picqer has no active warehouse that accepts orders: add one there")
    retired = [pk for id_, pk in linked.items() if id_ not in selling]
    if context.settings.other_warehouses is OtherWarehouses.DETACH:
        known = [*linked.values(), *selling.values()]
        retired += context.shop.stock.other_warehouses(context.channel, known)
    context.shop.stock.retire_warehouses(context.channel, retired)
    return selling


def _mirror(context: Context, warehouse: Warehouse, linked_pk: str | None) -> str:
    pk = linked_pk or context.links.warehouses.pk_for(warehouse)
    context.shop.stock.mirror_warehouse(pk, warehouse.name, context.channel)
    context.links.warehouses.link(warehouse, pk)
    return pk


def refresh(context: Context, skus: Collection[str]) -> None:
    """Re-reads the stock of a few products: one request each, two where Picqer's id is unknown."""
    known = context.links.products.ids(skus)
    for sku in skus:
        product_id = known[sku] if sku in known else _look_up(context, sku)
        if product_id is not None:
            refresh_product(context, product_id, sku)


def _look_up(context: Context, sku: str) -> int | None:
    product = context.picqer.products.find(sku)
    return None if product is None else product.id


def recount(context: Context, order: Order) -> None:
    """Re-reads the stock of an order whose goods left Picqer's free stock before we knew it.

    Whatever stock Picqer has told of meanwhile was counted without this order: too little of it
    is offered until then.
    """
    refresh(context, sorted({line.sku.strip() for line in order.lines if line.ships}))


def refresh_product(context: Context, product_id: int, sku: str) -> None:
    """Re-reads one product's stock in every warehouse: one request."""
    write(context, context.picqer.stock.of_product(product_id, sku))


def write(context: Context, levels: Iterable[StockLevel]) -> None:
    """Writes levels to the mirrored warehouses; others are left alone."""
    linked = context.links.warehouses.all()
    by_warehouse: dict[str, dict[str, int]] = defaultdict(dict)
    for level in levels:
        if level.warehouse_id in linked:
            by_warehouse[linked[level.warehouse_id]][level.sku] = level.free
    for pk, free in by_warehouse.items():
        context.shop.stock.set_stocks(pk, free, context.reservations.reserved, complete=False)
