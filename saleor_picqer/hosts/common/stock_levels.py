"""Writing stock levels in bulk, under Saleor's own locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import batched

from django.db import transaction
from saleor.product.models import ProductVariant
from saleor.warehouse.models import Allocation, Stock

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.skus import BySku
from saleor_picqer.domain.stock import quantity
from saleor_picqer.hosts.common.queries import with_skus
from saleor_picqer.sync.ports.shop import ReservedOrders


def set_stocks(
    warehouse_pk: str, levels: Mapping[str, int], reserved: ReservedOrders, *, complete: bool
) -> int:
    """Write free stock by SKU and return the number of changed stocks.

    Takes at most 6 statements per 500 stocks. With `complete`, SKUs missing from `levels` count
    as zero.
    """
    free = _free_by_variant(levels)
    if complete:
        stocked = Stock.objects.filter(warehouse=warehouse_pk)
        for variant_pk in stocked.values_list("product_variant_id", flat=True):
            free.setdefault(variant_pk, 0)
    # One transaction per batch, to hold locks only briefly.
    return sum(
        _write(warehouse_pk, {pk: free[pk] for pk in chunk}, reserved)
        for chunk in batched(sorted(free), BATCH_SIZE)
    )


def _free_by_variant(levels: Mapping[str, int]) -> dict[int, int]:
    """Translate SKUs to variant pks; SKUs without a variant are left out."""
    found: dict[int, int] = {}
    by_sku = BySku(levels)
    for skus in batched(levels, BATCH_SIZE):
        rows = with_skus(ProductVariant.objects.all(), skus).values_list("pk", "sku")
        found.update((pk, by_sku.get(sku) or 0) for pk, sku in rows)
    return found


@transaction.atomic
def _write(warehouse_pk: str, free: Mapping[int, int], reserved: ReservedOrders) -> int:
    # Locking by primary key, as Saleor does everywhere, avoids deadlocks.
    stocks = list(
        Stock.objects.order_by("pk")
        .select_for_update(of=("self",))
        .filter(warehouse=warehouse_pk, product_variant__in=list(free))
    )
    changed = _recalculated(stocks, free, reserved)
    Stock.objects.bulk_update(changed, ["quantity"])
    missing = sorted(free.keys() - {stock.product_variant_id for stock in stocks})
    Stock.objects.bulk_create(
        [
            Stock(warehouse_id=warehouse_pk, product_variant_id=pk, quantity=max(0, free[pk]))
            for pk in missing
        ],
        ignore_conflicts=True,
    )
    return len(changed) + len(missing)


def _recalculated(
    stocks: list[Stock], free: Mapping[int, int], reserved: ReservedOrders
) -> list[Stock]:
    """Set new quantities and return the stocks whose quantity changed."""
    allocations = _allocations([stock.pk for stock in stocks])
    in_picqer = reserved({pk for rows in allocations.values() for pk, _ in rows})
    changed = []
    for stock in stocks:
        allocated = allocations.get(stock.pk, [])
        target = quantity(free[stock.product_variant_id], allocated, in_picqer)
        if stock.quantity != target:
            stock.quantity = target
            changed.append(stock)
    return changed


def _allocations(stock_pks: list[int]) -> dict[int, list[tuple[str, int]]]:
    """Return (order pk, allocated quantity) of each stock's open allocations, by stock pk."""
    rows = Allocation.objects.filter(stock__in=stock_pks, quantity_allocated__gt=0)
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for stock_pk, order_pk, amount in rows.values_list(
        "stock", "order_line__order", "quantity_allocated"
    ):
        found[stock_pk].append((str(order_pk), amount))
    return found
