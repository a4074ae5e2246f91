"""Stock arithmetic without overselling and without subtracting an order twice."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteWarehouse:
    """A warehouse in Picqer."""

    id: int
    name: str
    active: bool = True
    accepts_orders: bool = True

    @property
    def sells(self) -> bool:
        """Whether goods of the warehouse can be shipped to customers, and sold."""
        return self.active and self.accepts_orders


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Free stock of a product in a warehouse; negative when back-ordered."""

    warehouse_id: int
    sku: str
    free: int
    product_id: int | None = None


def quantity(free: int, allocations: Iterable[tuple[str, int]], reserved: Set[str]) -> int:
    """Return the quantity with which Saleor offers exactly what Picqer has left to sell.

    `allocations` are pairs of order pk and allocated quantity of a variant in a warehouse.
    `reserved` are the pks of orders whose goods Picqer's free stock already excludes.
    """
    # Saleor offers `quantity - allocated`. Allocations of reserved orders are added back, because
    # Picqer has subtracted them already; allocations of orders that Picqer does not know yet are
    # not.
    return max(0, free) + sum(amount for order_pk, amount in allocations if order_pk in reserved)
