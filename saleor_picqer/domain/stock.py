"""The stock arithmetic: never an oversell, never a double subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteWarehouse:
    """A warehouse as Picqer describes it."""

    id: int
    name: str
    active: bool = True
    accepts_orders: bool = True

    @property
    def sells(self) -> bool:
        """Only goods that can be shipped to customers may be sold."""
        return self.active and self.accepts_orders


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Free stock of one product in one warehouse; negative when back-ordered."""

    warehouse_id: int
    sku: str
    free: int


def quantity(free: int, allocations: Iterable[tuple[str, int]], reserved: Set[str]) -> int:
    """What Saleor's stock must hold so that what it sells agrees with Picqer.

    Saleor sells `quantity - allocated`. Picqer's free stock already excludes the goods of
    the orders it has processed, so Saleor's allocations of exactly those orders (`reserved`)
    are added back; those of orders that Picqer does not know yet keep counting against it.

    `allocations` are (order pk, allocated quantity) of one variant in one warehouse.
    """
    return max(0, free) + sum(amount for order_pk, amount in allocations if order_pk in reserved)
