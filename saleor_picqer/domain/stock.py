"""Stock arithmetic without overselling and without subtracting an order twice.

Saleor offers `quantity - allocated` of each stock. Picqer's free stock already excludes the orders
that Picqer has reserved, so that their allocations in Saleor must not be subtracted once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

# The largest number that a stock of Saleor can have.
_MOST: Final = 2_147_483_647


class UnlimitedStock(StrEnum):
    """What happens in Saleor to a product of which Picqer keeps no stock."""

    LEAVE = "leave"
    # Saleor stops tracking the inventory of the variant, as long as Picqer keeps no stock of it.
    UNTRACKED = "untracked"


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
class StockLimits:
    """Amounts of a product in a warehouse that the shop keeps back from sale."""

    # Held back from Picqer's free stock; None where nothing is set.
    buffer: int | None = None
    # The most that is offered; None where nothing is set.
    cap: int | None = None

    def over(self, others: StockLimits) -> StockLimits:
        """Return the limits, completed by the given limits where nothing is set."""
        return StockLimits(
            others.buffer if self.buffer is None else self.buffer,
            others.cap if self.cap is None else self.cap,
        )

    def stricter(self, other: StockLimits) -> StockLimits:
        """Return the larger buffer and the smaller cap of both."""
        return StockLimits(_pick(max, self.buffer, other.buffer), _pick(min, self.cap, other.cap))

    def capped(self, offer: int) -> int:
        """Return what is offered of the given amount."""
        return offer if self.cap is None else min(self.cap, offer)


def _pick(choose: Callable[[Iterable[int]], int], one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return choose(known) if known else None


NO_LIMITS: Final = StockLimits()


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Free stock of a product in a warehouse; negative when back-ordered.

    `product_id` is None for a SKU that Picqer does not have. `claimed` is what Picqer has allocated
    to orders that are not processed: the free stock lacks these goods.
    """

    warehouse_id: int
    sku: str
    free: int
    product_id: int | None = None
    claimed: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The last stock level read of a warehouse and SKU.

    `read_at` is the database's clock before the request was sent: the level is of a later moment.
    """

    warehouse_id: int
    sku: str
    free: int
    product_id: int | None
    read_at: datetime
    claimed: int = 0


@dataclass(frozen=True, slots=True)
class Reservation:
    """What Picqer has reserved of a SKU for an order.

    `amount` has left Picqer's free stock, `remaining` of that is reserved and not yet shipped.
    `reserved_at` is the database's clock after Picqer confirmed: Picqer reserved the goods earlier.
    `bound_at` is the same for the moment when the order was processed. Until then, with None, the
    goods are only allocated, and Picqer may have allocated less. `sku` is that of the order's line;
    `product_id`, where known, stays the same when the SKU or Picqer's code is changed.
    """

    order_pk: str
    sku: str
    amount: int
    remaining: int
    reserved_at: datetime
    bound_at: datetime | None
    product_id: int | None = None

    @property
    def changed_at(self) -> datetime:
        """When Picqer was last known to have reserved more."""
        return self.bound_at or self.reserved_at

    def is_late_for(self, reading: Reading) -> bool:
        """Return whether the reading may lack the whole reservation."""
        return self.reserved_at > reading.read_at

    def is_soft_for(self, reading: Reading) -> bool:
        """Return whether Picqer had only allocated the goods when the reading began, or less."""
        return self.bound_at is None or self.bound_at > reading.read_at


@dataclass(frozen=True, slots=True)
class Shelf:
    """Saleor's stock of a variant in a warehouse, locked.

    `allocated` has the allocated amounts by order pk, `limits` what the variant itself sets.
    """

    warehouse_pk: str
    variant_pk: int
    sku: str
    allocated: Mapping[str, int]
    limits: StockLimits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Quantities:
    """New quantities of one product by warehouse pk.

    `uncertain` tells that less than possible is offered until the product is read again.
    """

    by_warehouse: Mapping[str, int]
    uncertain: bool = False


def quantities(
    readings: Mapping[str, Reading],
    allocated: Mapping[str, Mapping[str, int]],
    reservations: Iterable[Reservation],
    limits: Mapping[str, StockLimits] = MappingProxyType({}),
) -> Quantities:
    """Return the quantities with which Saleor offers what Picqer has left to sell.

    All arguments are of one SKU: `readings` and `limits` by warehouse pk, `allocated` amounts by
    warehouse pk and order pk. Without limits, the sum of `quantity - allocated`, none counted
    below zero, is Picqer's free stock minus the allocations that Picqer has not reserved.
    """
    # An order that was reserved before a reading began is missing from the free stock: its
    # allocation is added back, as far as Picqer still reserves the goods. An order that was
    # reserved later ("late") may be in the free stock: its allocation lowers what is offered, and
    # what is reserved without an allocation (cancelled, edited or shipped) is subtracted.
    booked = list(_book(reservations, readings, allocated))
    _share(booked, allocated)
    late = {pk: sum(each.unallocated for each in booked if pk in each.late) for pk in readings}
    kept_back = {pk: limits.get(pk, NO_LIMITS).buffer or 0 for pk in readings}
    base = {pk: max(0, reading.free - late[pk] - kept_back[pk]) for pk, reading in readings.items()}
    added = {pk: sum(each.shares[pk] for each in booked if pk not in each.late) for pk in readings}
    open_ = {pk: sum(allocated.get(pk, {}).values()) - added[pk] for pk in readings}
    offers = {pk: limits.get(pk, NO_LIMITS).capped(base[pk] - open_[pk]) for pk in readings}
    cuts = _cuts(offers)
    found = {pk: min(_MOST, offers[pk] + open_[pk] + added[pk] - cuts[pk]) for pk in readings}
    # Picqer does not tell from which warehouse an order was reserved, so each offers less.
    return Quantities(found, len(readings) > 1 and any(each.unallocated for each in booked))


class _Booked:
    """A reservation or a part of it, and the covered allocations in Saleor."""

    def __init__(self, order_pk: str, amount: int, remaining: int, late: Set[str]) -> None:
        self.order_pk = order_pk
        self.amount = amount
        self.remaining = remaining
        # The warehouses whose readings may not know the reservation.
        self.late = late
        # Covered allocations by warehouse.
        self.shares: dict[str, int] = defaultdict(int)

    @property
    def unallocated(self) -> int:
        """The amount reserved or shipped in Picqer that a late reading may still offer."""
        covered = sum(amount for pk, amount in self.shares.items() if pk in self.late)
        return self.amount - covered if self.late else 0


def _book(
    reservations: Iterable[Reservation],
    readings: Mapping[str, Reading],
    allocated: Mapping[str, Mapping[str, int]],
) -> Iterator[_Booked]:
    """Yield the reservations; of an order that Picqer had only allocated, in two parts.

    Certain is no more than what the readings say is allocated to orders. The rest counts as late:
    Picqer may allocate it at any time, and reserves it when the order is processed.
    """
    soft: list[tuple[Reservation, Set[str]]] = []
    for each in reservations:
        late: Set[str] = {pk for pk, reading in readings.items() if each.is_late_for(reading)}
        if any(each.is_soft_for(readings[pk]) for pk in readings.keys() - late):
            soft.append((each, late))
        else:
            yield _Booked(each.order_pk, each.amount, each.remaining, late)
    certain = _certain(soft, sum(reading.claimed for reading in readings.values()), allocated)
    for (each, late), amount in zip(soft, certain, strict=True):
        remaining = min(amount, each.remaining)
        yield _Booked(each.order_pk, amount, remaining, late)
        rest = _Booked(each.order_pk, each.amount - amount, each.remaining - remaining, {*readings})
        if rest.amount:
            yield rest


def _certain(
    soft: Sequence[tuple[Reservation, Set[str]]],
    claimed: int,
    allocated: Mapping[str, Mapping[str, int]],
) -> list[int]:
    """Return what is certainly allocated to each order, of all that Picqer has allocated.

    What has no allocation in Saleor comes first, which leaves the least to add back.
    """
    certain = []
    for each, _ in soft:
        held = sum(amounts.get(each.order_pk, 0) for amounts in allocated.values())
        certain.append(min(claimed, max(0, each.amount - min(held, each.remaining))))
        claimed -= certain[-1]
    for number, (each, _) in enumerate(soft):
        more = min(claimed, each.amount - certain[number])
        certain[number] += more
        claimed -= more
    return certain


def _share(booked: Sequence[_Booked], allocated: Mapping[str, Mapping[str, int]]) -> None:
    """Distribute each order's reservations over its allocations, never more than reserved."""
    for pk in sorted(allocated):
        left = dict(allocated[pk])
        for each in booked:
            amount = min(left.get(each.order_pk, 0), each.remaining)
            if amount > 0:
                each.shares[pk] += amount
                each.remaining -= amount
                left[each.order_pk] -= amount


def _cuts(offers: Mapping[str, int]) -> dict[str, int]:
    """Return the reduction of each warehouse's offer for goods that another warehouse lacks.

    A warehouse lacks goods when more is allocated than it has: Picqer will take them elsewhere.
    """
    lacking = sum(-offer for offer in offers.values() if offer < 0)
    cuts = dict.fromkeys(offers, 0)
    for pk in sorted(offers, key=lambda pk: (-offers[pk], pk)):
        cuts[pk] = min(lacking, max(0, offers[pk]))
        lacking -= cuts[pk]
    return cuts
