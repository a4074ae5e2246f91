"""The stock tables of one account under test, with a clock that goes on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from saleor_picqer.domain.stock import Reservation, StockLevel
from saleor_picqer.sync.ports import Reservations, StockReadings

NORTH: Final = 1
SOUTH: Final = 2
MUG_ID: Final = 71
CUP_ID: Final = 72
# Picqer's id of the order.
ORDER: Final = 1001


class StockUnderTest(ABC):
    """Readings and reservations of one account, none yet."""

    readings: StockReadings
    reservations: Reservations
    # How often products were announced as to be read again.
    announced: int = 0

    @abstractmethod
    def moment(self) -> datetime:
        """Return a moment after all that has happened so far, and before all that follows."""

    def keep(
        self, free: int, *, at: datetime | None = None, sku: str = "MUG", product_id: int = MUG_ID
    ) -> datetime:
        """Keep a reading of one warehouse, and return when it began."""
        read_at = at or self.moment()
        self.readings.keep([StockLevel(NORTH, sku, free, product_id)], read_at, [sku])
        return read_at

    def free(self, *skus: str) -> dict[str, int]:
        """Return what is kept of SKUs, by SKU."""
        return {each.sku: each.free for each in self.readings.of_skus(skus)}

    def reserve(self, amount: int = 3, sku: str = "MUG", *, bound: bool = True) -> list[str]:
        """Reserve goods of an order, and return the SKUs to read again."""
        since = self.moment()
        return self.reservations.record("1", ORDER, {sku: amount}, since, bound=bound)

    def reserved(self, sku: str = "MUG") -> tuple[int, int] | None:
        """Return amount and rest of the only reservation of a SKU."""
        rows = [(row.amount, row.remaining) for row in self.reservations.of_goods([sku])]
        assert len(rows) <= 1
        return rows[0] if rows else None

    def reservation(self, sku: str = "MUG") -> Reservation:
        (row,) = self.reservations.of_goods([sku])
        return row


def levels(rows: Iterable[Mapping[str, int]]) -> list[StockLevel]:
    """Return levels of mugs."""
    return [
        StockLevel(row.get("warehouse", NORTH), "MUG", row["free"], MUG_ID, row.get("claimed", 0))
        for row in rows
    ]
