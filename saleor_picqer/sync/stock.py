"""Copy stock from Picqer to Saleor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.domain.stock import (
    Reading,
    Reservation,
    Shelf,
    StockLevel,
    StockLimits,
    UnlimitedStock,
    quantities,
)
from saleor_picqer.sync.ports import Context, StockAccount


def record_levels(context: StockAccount, levels: Iterable[StockLevel], read_at: datetime) -> int:
    """Keep levels read from Picqer, write Saleor's stocks; return the number of changed stocks.

    `read_at` is `context.readings.clock()` before the request. Levels that are older than a kept
    reading change nothing. Takes a fixed number of statements per 500 levels.
    """
    changed = 0
    for batch in batched((level for level in levels if level.sku), BATCH_SIZE):
        batch_changed, former = _record(context, batch, read_at)
        changed += batch_changed
        if former:
            # The products have another code in Picqer now.
            changed += _recount(context, former)
    return changed


def _record(
    context: StockAccount, levels: Sequence[StockLevel], read_at: datetime, *, give_up: bool = True
) -> tuple[int, dict[str, int]]:
    """Keep levels and write stocks; return the number of changed stocks, and former SKUs.

    See `sync.ports.StockReadings.keep` for `give_up` and the former SKUs.
    """
    former: dict[str, int] = {}

    def keep(spellings: Collection[str]) -> None:
        former.update(context.readings.keep(levels, read_at, spellings, give_up=give_up))

    skus = {level.sku for level in levels}
    return _recount(context, skus, keep=keep, read_at=read_at), former


def record_products(context: Context, products: Iterable[RemoteProduct], read_at: datetime) -> int:
    """Record the levels of products; return the number of changed stocks.

    The stock of a product with unlimited stock is left alone. Up to four more statements follow
    from the setting that Saleor does not track the inventory of such products.
    """
    return record_levels(context, _without_unlimited(context, products, read_at), read_at)


def record_page(
    context: Context, products: Iterable[RemoteProduct], read_at: datetime
) -> tuple[int, dict[str, int]]:
    """Record the levels of products, except of those whose code was changed in Picqer.

    Returns the number of changed stocks, and the former SKUs of the products left out, with the
    ids of the products. Takes the same statements as `record_products`.
    """
    changed, former = 0, dict[str, int]()
    levels = _without_unlimited(context, products, read_at)
    for batch in batched((level for level in levels if level.sku), BATCH_SIZE):
        batch_changed, of_batch = _record(context, batch, read_at, give_up=False)
        changed += batch_changed
        former |= of_batch
    return changed, former


def _without_unlimited(
    context: Context, products: Iterable[RemoteProduct], read_at: datetime
) -> Iterator[StockLevel]:
    """Have products with unlimited stock left alone; return the levels of the others."""
    products = list(products)
    unlimited = [product for product in products if product.unlimited]
    counted = [product for product in products if not product.unlimited]
    if unlimited:
        context.readings.forget([product.id for product in unlimited], read_at)
    if context.settings.unlimited_stock is UnlimitedStock.UNTRACKED:
        _follow_tracking(context, counted, unlimited)
    return (level for each in counted for level in each.levels)


def _follow_tracking(
    context: Context, counted: Sequence[RemoteProduct], unlimited: Sequence[RemoteProduct]
) -> None:
    """Have Saleor track the inventory of counted products only."""
    off = {product.id: product.sku for product in unlimited}
    # What is left of their readings is newer: Picqer counts these products again.
    left = context.readings.of_skus([*off.values()]) if off else []
    for reading in left:
        off.pop(reading.product_id or 0, None)
    context.shop.stock.set_tracking(on=[product.sku for product in counted], off=[*off.values()])


def record_absent(context: StockAccount, skus: Collection[str], read_at: datetime) -> int:
    """Record SKUs absent from Picqer, with zero stock in every linked warehouse."""
    levels = [
        StockLevel(warehouse_id, normalize(sku), 0)
        for warehouse_id in context.links.warehouses.all()
        for sku in skus
    ]
    return record_levels(context, levels, read_at)


def read_products(context: Context, product_ids: Collection[int]) -> int:
    """Read the stock of products in every warehouse; return the number of changed stocks.

    Takes one request per 100 products, and more for inactive ones.
    """
    changed = 0
    for ids in batched(sorted({*product_ids}), 100):
        read_at = context.readings.clock()
        changed += record_products(context, context.picqer.stock.of_products(ids), read_at)
        context.readings.settle(ids, read_at)
    return changed


def recount(
    context: StockAccount, *, order_pks: Collection[str] = (), skus: Collection[str] = ()
) -> int:
    """Calculate stocks anew from the kept readings; return the number of changed stocks.

    Sends no request. Concerns the SKUs, and all SKUs of the orders.
    """
    reserved = context.reservations.skus_of(order_pks) if order_pks else []
    # Without a reservation, an order matters only where one warehouse stands in for another.
    if not (skus or reserved) and len(context.links.warehouses.all()) < 2:
        return 0
    return _recount(context, {*skus, *reserved}, order_pks=order_pks)


def _recount(
    context: StockAccount,
    skus: Collection[str],
    *,
    order_pks: Collection[str] = (),
    keep: Callable[[Collection[str]], None] | None = None,
    read_at: datetime | None = None,
) -> int:
    """Write Saleor's stocks of the SKUs and of the orders' SKUs.

    `keep` is called within the transaction, with the SKUs as Saleor spells them.
    """
    mirrors = context.links.warehouses.read()
    linked = {remote_id: mirror.pk for remote_id, mirror in mirrors.items()}
    again: set[int | None] = set()

    def new_quantities(shelves: Sequence[Shelf]) -> Mapping[tuple[str, int], int]:
        if keep:
            keep({normalize(shelf.sku) for shelf in shelves})
        wanted = {*skus, *(shelf.sku for shelf in shelves)}
        readings = context.readings.of_skus(wanted)
        read = {each.product_id for each in readings if each.product_id is not None}
        books = _Books(
            readings,
            context.reservations.of_goods(wanted, read),
            linked,
            {mirror.pk: mirror.strictest_limits for mirror in mirrors.values()},
        )
        found = books.quantities(shelves)
        again.update(books.overtaken(read_at) if read_at else books.uncertain)
        return found

    changed = context.shop.stock.recount(
        [*linked.values()], skus, new_quantities, order_pks=order_pks
    )
    context.readings.request({product_id for product_id in again if product_id is not None})
    return changed


class _Books:
    """The kept readings and reservations of some SKUs."""

    def __init__(
        self,
        readings: Iterable[Reading],
        reservations: Iterable[Reservation],
        linked: Mapping[int, str],
        limits: Mapping[str, StockLimits],
    ) -> None:
        self._limits = limits
        self._readings: dict[str, dict[str, Reading]] = defaultdict(dict)
        self._reservations: dict[str, list[Reservation]] = defaultdict(list)
        # Products of which less than possible is offered until they are read again.
        self.uncertain: set[int | None] = set()
        for reading in readings:
            if pk := linked.get(reading.warehouse_id):
                self._readings[compare_key(reading.sku)][pk] = reading
        keys = {
            reading.product_id: key
            for key, rows in self._readings.items()
            for reading in rows.values()
        }
        for each in reservations:
            # The SKU or the code may have been changed since, and be another product's by now.
            own = compare_key(each.sku)
            others = {row.product_id for row in self._readings[own].values()} - {None}
            known = each.product_id is not None
            key = keys.get(each.product_id) if known else own
            if key or not others:
                self._reservations[key or own].append(each)

    def overtaken(self, read_at: datetime) -> set[int | None]:
        """Return the products whose new readings may contain later reservations or not."""
        return {
            reading.product_id
            for key, reservations in self._reservations.items()
            for reading in self._readings[key].values()
            if reading.read_at == read_at
            and any(each.changed_at > read_at for each in reservations)
        }

    def quantities(self, shelves: Iterable[Shelf]) -> dict[tuple[str, int], int]:
        """Return the new quantities of all stocks with a reading."""
        allocated: dict[tuple[int, str], dict[str, Mapping[str, int]]] = defaultdict(dict)
        own_limits: dict[int, StockLimits] = {}
        for shelf in shelves:
            row = allocated[shelf.variant_pk, compare_key(shelf.sku)]
            row[shelf.warehouse_pk] = shelf.allocated
            own_limits[shelf.variant_pk] = shelf.limits
        found: dict[tuple[str, int], int] = {}
        for (variant_pk, key), by_warehouse in allocated.items():
            readings, own = self._readings[key], own_limits[variant_pk]
            limits = {pk: own.over(limits) for pk, limits in self._limits.items()}
            result = quantities(readings, by_warehouse, self._reservations[key], limits)
            found |= {(pk, variant_pk): n for pk, n in result.by_warehouse.items()}
            if result.uncertain:
                self.uncertain |= {reading.product_id for reading in readings.values()}
        return found
