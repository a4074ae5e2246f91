"""Stock of both systems as seen from outside, and the rule between the systems."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from picqer_simulator.core.models import Order as RemoteOrder
from picqer_simulator.core.state import State
from saleor.warehouse.models import Allocation, Stock

from saleor_picqer.models import FulfilmentLink, OutboxOrder, WarehouseLink


@dataclass(frozen=True)
class Balance:
    """What the shop offers of a SKU, and what it may offer."""

    sku: str
    offered: int
    free: int
    unpushed: int

    @property
    def allowed(self) -> int:
        return max(0, self.free - self.unpushed)

    def __str__(self) -> str:
        return (
            f"{self.sku}: {self.offered} offered, {self.allowed} allowed"
            f" ({self.free} free in Picqer, {self.unpushed} ordered and not pushed)"
        )


def balances(picqer: State) -> list[Balance]:
    """Return the balance of every product that Picqer has."""
    mirrors = {str(pk) for pk in WarehouseLink.objects.values_list("warehouse_pk", flat=True)}
    allocated = _allocated()
    offered: Counter[str] = Counter()
    for sku, pk, quantity, warehouse_pk in Stock.objects.values_list(
        "product_variant__sku", "pk", "quantity", "warehouse"
    ):
        if str(warehouse_pk) in mirrors:
            offered[sku] += max(0, quantity - sum(allocated[pk].values()))
    unpushed = _unpushed(picqer)
    return [
        Balance(
            product.productcode,
            offered[product.productcode],
            sum(max(0, row.freestock) for row in product.stock.values()),
            unpushed[product.productcode],
        )
        for product in picqer.products.values()
    ]


def _allocated() -> defaultdict[int, dict[str, int]]:
    found: defaultdict[int, dict[str, int]] = defaultdict(Counter)
    rows = Allocation.objects.values_list("stock", "order_line__order", "quantity_allocated")
    for stock, order, amount in rows:
        found[stock][str(order)] += amount
    return found


def _unpushed(picqer: State) -> Counter[str]:
    """Return what is allocated in Saleor and neither reserved nor shipped by Picqer."""
    allocated: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for order, sku, amount in Allocation.objects.values_list(
        "order_line__order", "order_line__product_sku", "quantity_allocated"
    ):
        allocated[str(order)][sku] += amount
    rows = {row.order_pk: row for row in OutboxOrder.objects.all()}
    recorded = {*FulfilmentLink.objects.values_list("picklist_id", flat=True)}
    found: Counter[str] = Counter()
    for pk, amounts in allocated.items():
        row = rows.get(pk)
        remote = picqer.orders.get(row.remote_id or 0) if row else None
        held = _held(picqer, remote, row, recorded) if row and remote else Counter()
        for sku, amount in amounts.items():
            found[sku] += max(0, amount - held[sku])
    return found


def _held(picqer: State, remote: RemoteOrder, row: OutboxOrder, recorded: set[int]) -> Counter[str]:
    """Return what Picqer holds for an order, and what it shipped without Saleor knowing yet."""
    # Picqer's staff have changed the order, of which the plugin has not been told yet.
    is_news = (remote.status, row.stage == "cancelled") == ("cancelled", False)
    is_news = is_news or (remote.status, row.stage) == ("concept", "processed")
    held: Counter[str] = Counter()
    for line in remote.products:
        if remote.status in ("processing", "paused", "completed") or is_news:
            held[line.productcode] += line.amount - line.amount_cancelled
        else:
            held[line.productcode] += line.amount_allocated
    for picklist in picqer.picklists.values():
        if picklist.idorder == remote.idorder and picklist.idpicklist in recorded:
            for picked in picklist.products:
                held[picked.productcode] -= picked.amount_picked
    return held
