"""Dry runs: what a run would write in Picqer and Saleor, without a write.

The same code decides as in any run: write requests are noted instead of sent, and writes to the
database are rolled back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from saleor_picqer.domain.mapping.products import ProductChanges, ProductRequest
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.stock import RemoteWarehouse
from saleor_picqer.sync import products, warehouses
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.ports.picqer import Picqer, RemoteProducts, RemoteStock


def without_writes(context: Context) -> Context:
    """Return a context with requests noted instead of sent."""
    return replace(context, picqer=_ReadOnlyPicqer(context.picqer))


def told_product(context: Context, run: Run, variant: Variant, remote: RemoteProduct | None) -> str:
    """Report the fields of a product to create or update; return the outcome."""
    picqer = _ReadOnlyPicqer(context.picqer)
    with run.undone():
        outcome = products.push_variant(replace(context, picqer=picqer), variant, remote)
    if outcome != "unchanged":
        run.report(outcome, {"sku": variant.sku, "fields": sorted(picqer.products.fields)})
    return outcome


def mirror_warehouses(context: Context, run: Run) -> None:
    """Raise the errors of a sync of warehouses."""
    context.picqer.stock.warehouses()
    with run.undone():
        warehouses.mirror_warehouses(context)


@contextmanager
def told_stock(context: Context, run: Run, skus: Collection[str]) -> Iterator[None]:
    """Report how the stock of the SKUs changes inside, and undo the changes."""
    # Read before the transaction begins, which must not wait for Picqer.
    names = {warehouse.id: warehouse.name for warehouse in context.picqer.stock.warehouses()}
    with run.undone():
        before = _available(context, skus)
        warehouses.mirror_warehouses(context)
        yield
        after = _available(context, skus)
    for (id_, sku), amount in after.items():
        if amount != before.get((id_, sku), 0):
            run.count("stock_changed")
            run.report(
                "stock",
                {
                    "sku": sku,
                    "warehouse": names.get(id_, str(id_)),
                    "before": before.get((id_, sku), 0),
                    "after": amount,
                },
            )


def _available(context: Context, skus: Collection[str]) -> dict[tuple[int, str], int]:
    """Return the amounts on offer in mirrors by Picqer's id of the warehouse and SKU."""
    ids = {pk: id_ for id_, pk in context.links.warehouses.all().items()}
    found = context.shop.offers.available(list(ids), skus)
    return {(ids[pk], sku): amount for (pk, sku), amount in found.items()}


class _NotedProducts:
    """`sync.ports.picqer.RemoteProducts`, with fields noted instead of written."""

    def __init__(self, products: RemoteProducts) -> None:
        self.fields: set[str] = set()
        self.page, self.find, self.find_id = products.page, products.find, products.find_id

    def create(self, product: ProductRequest) -> RemoteProduct:
        self.fields |= product.body.keys()
        return RemoteProduct(0, product.code)

    def update(self, product_id: int, changes: ProductChanges) -> RemoteProduct:
        self.fields |= changes.body.keys()
        # Whether the product lacks an image is not told.
        return RemoteProduct(product_id, "", has_image=True)

    def add_image(self, product_id: int, image: bytes) -> None:
        self.fields.add("image")


class _ReadOnlyStock:
    """`sync.ports.picqer.RemoteStock`, with one request for the warehouses."""

    def __init__(self, stock: RemoteStock) -> None:
        self._read = stock.warehouses
        self._warehouses: list[RemoteWarehouse] | None = None
        self.of_products = stock.of_products

    def warehouses(self) -> list[RemoteWarehouse]:
        if self._warehouses is None:
            self._warehouses = self._read()
        return self._warehouses


class _ReadOnlyPicqer:
    """`sync.ports.Picqer` for a dry run."""

    def __init__(self, picqer: Picqer) -> None:
        self._picqer = picqer
        self.products = _NotedProducts(picqer.products)
        self.stock = _ReadOnlyStock(picqer.stock)
        self.orders, self.lines, self.customers = picqer.orders, picqer.lines, picqer.customers
        self.order_pages = picqer.order_pages
        self.picklists = picqer.picklists
        self.hooks, self.reference = picqer.hooks, picqer.reference

    @property
    def answered(self) -> bool:
        return self._picqer.answered

    @property
    def requests(self) -> int:
        return self._picqer.requests
