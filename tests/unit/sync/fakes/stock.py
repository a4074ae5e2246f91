"""Readings and reservations in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from saleor_picqer.domain.skus import compare_key, sum_by_sku
from saleor_picqer.domain.stock import Reading, Reservation, StockLevel
from tests.unit.sync.fakes.clock import Clock


@dataclass(frozen=True)
class Kept:
    """A kept reading, and when it was written."""

    reading: Reading
    written_at: datetime


class MemoryReadings:
    """`sync.ports.StockReadings`. `announce` is called once products were requested."""

    def __init__(self, clock: Clock, announce: Callable[[], object] = lambda: None) -> None:
        self._clock = clock
        self._announce = announce
        # By the form in which SKUs are compared, and by warehouse.
        self.rows: dict[tuple[str, int], Kept] = {}
        self._requests: dict[int, datetime] = {}

    @property
    def wanted(self) -> list[int]:
        """The products to be read again."""
        return self.requested(len(self._requests))

    def clock(self) -> datetime:
        return self._clock.now

    def keep(
        self,
        levels: Iterable[StockLevel],
        read_at: datetime,
        spellings: Collection[str],
        *,
        give_up: bool = True,
    ) -> dict[str, int]:
        found: dict[tuple[str, int], StockLevel] = {}
        for level in levels:
            key = (compare_key(level.sku), level.warehouse_id)
            if key not in found or level.sku in spellings:
                found[key] = level
        for key, level in found.items():
            if self._is_moved(key, level, read_at, give_up=give_up):
                continue
            if self._may_keep(key, level, read_at, spellings):
                kept = Reading(key[1], level.sku, level.free, level.product_id, read_at)
                kept = replace(kept, claimed=level.claimed)
                self.rows[key] = Kept(kept, self._clock.now)
        former = self._former(found.values(), read_at)
        if give_up:
            for key in former:
                row = self.rows[key].reading
                empty = replace(row, free=0, claimed=0, product_id=None, read_at=read_at)
                self.rows[key] = Kept(empty, self._clock.now)
        return {row.sku: row.product_id or 0 for row in former.values()}

    def of_skus(self, skus: Collection[str]) -> list[Reading]:
        keys = {compare_key(sku) for sku in skus}
        return [row.reading for key, row in self.rows.items() if key[0] in keys]

    def forget(self, product_ids: Collection[int], read_at: datetime) -> None:
        for key, row in [*self.rows.items()]:
            if row.reading.product_id in product_ids and row.reading.read_at < read_at:
                del self.rows[key]

    def request(self, product_ids: Collection[int]) -> None:
        if product_ids:
            self._requests |= dict.fromkeys(product_ids, self._clock.now)
            self._announce()

    def requested(self, limit: int) -> list[int]:
        by_time = sorted(self._requests, key=lambda each: (self._requests[each], each))
        return by_time[:limit]

    def settle(self, product_ids: Collection[int], read_at: datetime) -> None:
        for product_id in product_ids:
            if product_id in self._requests and self._requests[product_id] < read_at:
                del self._requests[product_id]

    def _may_keep(
        self,
        key: tuple[str, int],
        level: StockLevel,
        read_at: datetime,
        spellings: Collection[str],
    ) -> bool:
        """Return whether a level takes the place of what is kept."""
        if key not in self.rows:
            return True
        kept = self.rows[key].reading
        return kept.read_at < read_at and (
            kept.product_id == level.product_id
            or None in (kept.product_id, level.product_id)
            or level.sku in spellings
            or kept.sku not in spellings
        )

    def _is_moved(
        self, key: tuple[str, int], level: StockLevel, read_at: datetime, *, give_up: bool
    ) -> bool:
        """Return whether the product has another code, of a later reading or to be left alone."""
        return any(
            row.reading.product_id == level.product_id is not None
            and other[0] != key[0]
            and (row.reading.read_at >= read_at or not give_up)
            for other, row in self.rows.items()
        )

    def _former(
        self, levels: Iterable[StockLevel], read_at: datetime
    ) -> dict[tuple[str, int], Reading]:
        """Return older readings of the products under other codes."""
        codes: dict[int, set[str]] = {}
        for level in levels:
            if level.product_id is not None:
                codes.setdefault(level.product_id, set()).add(compare_key(level.sku))
        return {
            key: row.reading
            for key, row in self.rows.items()
            if codes.get(row.reading.product_id or 0, set()) - {key[0]}
            and row.reading.read_at < read_at
        }


class MemoryReservations:
    """`sync.ports.Reservations`."""

    def __init__(self, clock: Clock, readings: MemoryReadings) -> None:
        self._clock = clock
        self._readings = readings
        self.rows: dict[tuple[int, str], Reservation] = {}

    def record(
        self,
        order_pk: str,
        remote_id: int,
        amounts: Mapping[str, int],
        since: datetime | None,
        *,
        bound: bool = True,
        products: Mapping[str, int] = MappingProxyType({}),
    ) -> list[str]:
        now, skus, totals = self._clock.now, dict[str, str](), dict[str, int]()
        ids = {compare_key(sku): id_ for sku, id_ in products.items()}
        for sku, amount in amounts.items():
            key = compare_key(sku)
            skus[key] = sku
            totals[key] = totals.get(key, 0) + amount
        for key, amount in totals.items():
            before = self.rows.get((remote_id, key))
            shipped = before.amount - before.remaining if before else 0
            sku, bound_at = before.sku if before else skus[key], now if bound else None
            self.rows[remote_id, key] = Reservation(
                *(order_pk, sku, shipped + amount, amount, now, bound_at),
                ids.get(key, before.product_id if before else None),
            )
        return self._to_read_again({key: (sku, ids.get(key)) for key, sku in skus.items()}, since)

    def bind(self, remote_id: int, since: datetime | None) -> list[str]:
        found = {
            key[1]: row
            for key, row in self.rows.items()
            if key[0] == remote_id and row.bound_at is None and row.remaining
        }
        for key, row in found.items():
            self.rows[remote_id, key] = replace(row, bound_at=self._clock.now)
        goods = {key: (row.sku, row.product_id) for key, row in found.items()}
        return self._to_read_again(goods, since)

    def ship(self, remote_id: int, amounts: Mapping[str, int]) -> None:
        for sku, amount in amounts.items():
            if row := self.rows.get((remote_id, compare_key(sku))):
                left = max(0, row.remaining - amount)
                self.rows[remote_id, compare_key(sku)] = replace(row, remaining=left)

    def close(self, remote_id: int) -> None:
        for key, row in self.rows.items():
            if key[0] == remote_id:
                self.rows[key] = replace(row, remaining=0)

    def lower(self, orders: Mapping[int, Mapping[str, int]]) -> dict[int, list[str]]:
        lowered = {remote_id: self._lower(remote_id, most) for remote_id, most in orders.items()}
        return {remote_id: skus for remote_id, skus in lowered.items() if skus}

    def _lower(self, remote_id: int, amounts: Mapping[str, int]) -> list[str]:
        held = sum_by_sku((compare_key(sku), amount) for sku, amount in amounts.items())
        lowered = []
        for key, row in self.rows.items():
            shipped, most = row.amount - row.remaining, held.get(key[1], 0)
            if key[0] == remote_id and row.remaining and row.amount > most:
                total = max(shipped, most)
                self.rows[key] = replace(row, amount=total, remaining=total - shipped)
                lowered.append(row.sku)
        return sorted(lowered)

    def release(self, remote_id: int) -> bool:
        held = {key: row for key, row in self.rows.items() if key[0] == remote_id and row.remaining}
        for key, row in held.items():
            self.rows[key] = replace(row, amount=row.amount - row.remaining, remaining=0)
        return bool(held)

    def holds(self, remote_id: int) -> bool:
        return any(key[0] == remote_id and row.remaining for key, row in self.rows.items())

    def of_goods(
        self, skus: Collection[str], product_ids: Collection[int] = ()
    ) -> list[Reservation]:
        keys = {compare_key(sku) for sku in skus}
        return [
            row
            for key, row in self.rows.items()
            if row.amount and (key[1] in keys or row.product_id in product_ids)
        ]

    def skus_of(self, order_pks: Collection[str]) -> list[str]:
        return sorted({row.sku for row in self.rows.values() if row.order_pk in order_pks})

    def _to_read_again(
        self, goods: Mapping[str, tuple[str, int | None]], since: datetime | None
    ) -> list[str]:
        keys = {id_: key for key, (_, id_) in goods.items() if id_ is not None}
        written: dict[str, datetime] = {}
        for (own, _), row in self._readings.rows.items():
            key = keys.get(row.reading.product_id or 0, own)
            written[key] = max(row.written_at, written.get(key, row.written_at))
        return [
            sku
            for key, (sku, _) in goods.items()
            if since is None or key not in written or written[key] >= since
        ]
