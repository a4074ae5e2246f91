"""Readings and reservations in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from saleor_picqer.domain.skus import compare_key
from saleor_picqer.domain.stock import Reading, Reservation, StockLevel
from tests.unit.sync.fakes.clock import Clock


class MemoryReadings:
    """`sync.ports.StockReadings`, of which no reading is ever kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.wanted: list[int] = []

    def clock(self) -> datetime:
        return self._clock.now

    def keep(
        self, levels: Iterable[StockLevel], read_at: datetime, spellings: Collection[str]
    ) -> list[str]:
        return []

    def of_skus(self, skus: Collection[str]) -> list[Reading]:
        return []

    def forget(self, product_ids: Collection[int]) -> None:
        """Do nothing: there are no readings."""

    def request(self, product_ids: Collection[int]) -> None:
        self.wanted += sorted(product_ids)

    def requested(self, limit: int) -> list[int]:
        return self.wanted[:limit]

    def settle(self, product_ids: Collection[int], read_at: datetime) -> None:
        self.wanted = [each for each in self.wanted if each not in product_ids]


class MemoryReservations:
    """`sync.ports.Reservations`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rows: dict[tuple[int, str], Reservation] = {}

    def record(
        self, order_pk: str, remote_id: int, amounts: Mapping[str, int], since: datetime | None
    ) -> list[str]:
        for sku, amount in amounts.items():
            key = (remote_id, compare_key(sku))
            before = self.rows.get(key, Reservation(order_pk, sku, 0, 0, self._clock.now))
            total = before.amount - before.remaining + amount
            self.rows[key] = Reservation(order_pk, sku, total, amount, self._clock.now)
        # No SKU has a reading.
        return [*amounts]

    def ship(self, remote_id: int, amounts: Mapping[str, int]) -> None:
        for sku, amount in amounts.items():
            if row := self.rows.get((remote_id, compare_key(sku))):
                left = max(0, row.remaining - amount)
                self.rows[remote_id, compare_key(sku)] = replace(row, remaining=left)

    def close(self, remote_id: int) -> None:
        for key, row in self.rows.items():
            if key[0] == remote_id:
                self.rows[key] = replace(row, remaining=0)

    def release(self, remote_id: int) -> bool:
        held = {key: row for key, row in self.rows.items() if key[0] == remote_id and row.remaining}
        for key, row in held.items():
            self.rows[key] = replace(row, amount=row.amount - row.remaining, remaining=0)
        return bool(held)

    def holds(self, remote_id: int) -> bool:
        return any(key[0] == remote_id and row.remaining for key, row in self.rows.items())

    def of_skus(self, skus: Collection[str]) -> list[Reservation]:
        keys = {compare_key(sku) for sku in skus}
        return [row for key, row in self.rows.items() if key[1] in keys and row.amount]

    def skus_of(self, order_pks: Collection[str]) -> list[str]:
        return sorted({row.sku for row in self.rows.values() if row.order_pk in order_pks})
