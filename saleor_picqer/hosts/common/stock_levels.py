"""Writing stock in bulk, under Saleor's own locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Allocation, Stock

from saleor_picqer import extensions
from saleor_picqer.domain.skus import compare_key
from saleor_picqer.domain.stock import Shelf, StockLimits
from saleor_picqer.hosts.common.catalogue import SHIPS
from saleor_picqer.hosts.common.queries import with_skus
from saleor_picqer.sync.ports.shop import Recount


@dataclass(frozen=True, slots=True)
class Change:
    """A stock with a new quantity. `before` and `after` are what the stock offers."""

    stock: Stock
    before: int
    after: int


type Lock = Callable[[QuerySet[Stock]], list[Stock]]


def in_sequence(stocks: QuerySet[Stock]) -> list[Stock]:
    """Lock stocks in the sequence of their primary keys, as Saleor 3 does everywhere."""
    return list(stocks.order_by("pk").select_for_update(of=("self",)))


@contextmanager
def locked(order_pk: str, lock: Lock) -> Iterator[None]:
    """Open a transaction with the order, the lines and all stocks of the lines locked."""
    # Order, lines, stocks by primary key: the sequence in which Saleor locks.
    with transaction.atomic():
        orders = SaleorOrder.objects.select_for_update(of=("self",)).filter(pk=order_pk)
        list(orders.values_list("pk"))
        lines = SaleorOrderLine.objects.order_by("pk").select_for_update(of=("self",))
        variants = {variant for (variant,) in lines.filter(order=order_pk).values_list("variant")}
        lock(Stock.objects.filter(product_variant__in=variants - {None}))
        yield


@transaction.atomic
def recount(
    warehouse_pks: Collection[str],
    skus: Collection[str],
    new_quantities: Recount,
    order_pks: Collection[str],
    lock: Lock,
) -> list[Change]:
    """Write new quantities, and return the changes.

    Takes at most 6 statements, besides those of `new_quantities`.
    """
    variants = _variants(skus, order_pks)
    rows = Stock.objects.filter(
        warehouse__in=list(warehouse_pks), product_variant__in=[variant.pk for variant in variants]
    )
    stocks = {(str(stock.warehouse_id), stock.product_variant_id): stock for stock in lock(rows)}
    allocations = _allocations([stock.pk for stock in stocks.values()])
    shelves = []
    for warehouse_pk in sorted(map(str, warehouse_pks)):
        for variant in variants:
            stock = stocks.get((warehouse_pk, variant.pk))
            allocated = allocations.get(stock.pk, {}) if stock else {}
            shelves.append(Shelf(warehouse_pk, variant.pk, variant.sku, allocated, variant.limits))
    return _write(stocks, new_quantities(shelves), allocations)


class _Variant(NamedTuple):
    """A variant with the texts of its own limits."""

    pk: int
    sku: str
    buffer: str | None
    cap: str | None

    @property
    def limits(self) -> StockLimits:
        return StockLimits(_whole_number(self.buffer), _whole_number(self.cap))


def _whole_number(text: str | None) -> int | None:
    """Return the number in a text; None for any other text, which staff may have entered."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _variants(skus: Collection[str], order_pks: Collection[str]) -> list[_Variant]:
    """Return variants of goods; one for each SKU, if possible with the same spelling."""
    wanted = Q(sku__in=list(skus))
    if order_pks:
        lines = SaleorOrderLine.objects.filter(order__in=list(order_pks))
        wanted |= Q(pk__in=lines.exclude(variant=None).values("variant"))
    goods = ProductVariant.objects.filter(**SHIPS)
    found = _read(goods.filter(wanted).exclude(sku=None))
    known = {compare_key(variant.sku) for variant in found}
    if missing := [sku for sku in skus if compare_key(sku) not in known]:
        # No index helps to find other spellings, which are few.
        others = _read(with_skus(goods, missing))
        found += {compare_key(variant.sku): variant for variant in others}.values()
    return found


def _read(variants: QuerySet[ProductVariant]) -> list[_Variant]:
    prefix = extensions.metadata_prefix()
    texts = [
        KeyTextTransform(f"{prefix}{name}", "private_metadata", output_field=TextField())
        for name in ("stock_buffer", "stock_cap")
    ]
    return [_Variant(*row) for row in variants.order_by("pk").values_list("pk", "sku", *texts)]


def _allocations(stock_pks: Collection[int]) -> dict[int, dict[str, int]]:
    """Return the allocated amounts by stock pk and order pk."""
    # A query of its own: rows that are joined to locked rows may be older than these.
    rows = Allocation.objects.filter(stock__in=stock_pks, quantity_allocated__gt=0)
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for stock_pk, order_pk, amount in rows.values_list(
        "stock", "order_line__order", "quantity_allocated"
    ):
        found[stock_pk][str(order_pk)] += amount
    return found


def _write(
    stocks: Mapping[tuple[str, int], Stock],
    quantities: Mapping[tuple[str, int], int],
    allocations: Mapping[int, Mapping[str, int]],
) -> list[Change]:
    """Update stocks whose quantity differs, and create missing stocks."""
    changes = []
    for key, stock in stocks.items():
        quantity = quantities.get(key, stock.quantity)
        if quantity != stock.quantity:
            allocated = sum(allocations.get(stock.pk, {}).values())
            changes.append(Change(stock, stock.quantity - allocated, quantity - allocated))
            stock.quantity = quantity
    if changes:
        Stock.objects.bulk_update([change.stock for change in changes], ["quantity"])
    created = [
        Stock(warehouse_id=warehouse_pk, product_variant_id=variant_pk, quantity=quantity)
        for (warehouse_pk, variant_pk), quantity in sorted(quantities.items())
        if (warehouse_pk, variant_pk) not in stocks
    ]
    if created:
        Stock.objects.bulk_create(created, ignore_conflicts=True)
    return changes + [Change(stock, 0, stock.quantity) for stock in created]
