"""Warehouses in Picqer and their stock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.skus import normalize
from saleor_picqer.domain.stock import RemoteWarehouse, StockLevel
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.products import ProductStock
from saleor_picqer.picqer.objects.reference import Warehouse


class Stock:
    """`sync.ports.picqer.RemoteStock`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def warehouses(self) -> list[RemoteWarehouse]:
        found = sorted(self._client.warehouses.list(), key=_place)
        return [RemoteWarehouse(w.idwarehouse, w.name, w.active, w.accept_orders) for w in found]

    def page_of_warehouse(self, warehouse_id: int, offset: int) -> Page[StockLevel]:
        page = self._client.warehouses.stock_page(warehouse_id, offset)
        levels = (_level(warehouse_id, row.productcode, row.stock) for row in page.items)
        return Page(list(chain.from_iterable(levels)), page.next_offset)

    def of_product(self, product_id: int, sku: str) -> list[StockLevel]:
        rows = self._client.products.stock(product_id)
        return [level for row in rows for level in _level(row.idwarehouse, sku, row)]


def _place(warehouse: Warehouse) -> tuple[bool, int, int]:
    # Lower priorities come first; the sequence of Picqer's own list is not documented.
    priority = warehouse.priority
    return (priority is None, priority or 0, warehouse.idwarehouse)


def _level(warehouse_id: int, sku: str, stock: ProductStock) -> Iterator[StockLevel]:
    # An amount that Picqer left out is unknown, not zero.
    if stock.freestock is not None:
        yield StockLevel(warehouse_id, normalize(sku), stock.freestock)
