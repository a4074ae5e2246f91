"""The stock arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.stock import (
    Reading,
    RemoteWarehouse,
    Reservation,
    StockLimits,
    quantities,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)


def reading(
    free: int, warehouse_id: int = 1, read_at: datetime = NOON, claimed: int = 0
) -> Reading:
    return Reading(warehouse_id, "MUG", free, 7, read_at, claimed)


def early(amount: int, remaining: int | None = None, order: str = "a") -> Reservation:
    """Return a reservation that the readings contain."""
    left = amount if remaining is None else remaining
    return Reservation(order, "MUG", amount, left, BEFORE, BEFORE)


def late(amount: int, remaining: int | None = None, order: str = "a") -> Reservation:
    """Return a reservation that the readings may not contain."""
    left = amount if remaining is None else remaining
    return Reservation(order, "MUG", amount, left, AFTER, AFTER)


def soft(amount: int, order: str = "a", bound_at: datetime | None = None) -> Reservation:
    """Return a reservation of an order that Picqer has only allocated before the readings."""
    return Reservation(order, "MUG", amount, amount, BEFORE, bound_at)


def offered(free: int, allocated: Mapping[str, int], *reservations: Reservation) -> tuple[int, int]:
    """Return the quantity, and what Saleor offers of it, of the only warehouse."""
    found = quantities({"w": reading(free)}, {"w": allocated}, reservations)
    quantity = found.by_warehouse["w"]
    return quantity, max(0, quantity - sum(allocated.values()))


@pytest.mark.parametrize(
    ("case", "free", "allocated", "reservation", "expected"),
    [
        # The reading contains the reservation: Picqer's free stock is 7 of 10.
        ("early, open", 7, 3, early(3), (10, 7)),
        ("early, cancelled in Saleor and kept in Picqer", 7, 0, early(3), (7, 7)),
        ("early, a line lowered in Saleor", 7, 1, early(3), (8, 7)),
        ("early, a line raised in Saleor", 7, 5, early(3), (10, 5)),
        ("early, shipped and fulfilled", 7, 0, early(3, 0), (7, 7)),
        ("early, partly shipped", 7, 1, early(3, 1), (8, 7)),
        ("early, shipped, and open again in Saleor", 7, 3, early(3, 0), (7, 4)),
        ("early, partly shipped, and open again", 7, 3, early(3, 1), (8, 5)),
        # The reading is older: Picqer's free stock was 10 and is 7.
        ("late, open", 10, 3, late(3), (10, 7)),
        ("late, cancelled in Saleor and kept in Picqer", 10, 0, late(3), (7, 7)),
        ("late, a line lowered in Saleor", 10, 1, late(3), (8, 7)),
        ("late, a line raised in Saleor", 10, 5, late(3), (10, 5)),
        ("late, shipped and fulfilled", 10, 0, late(3, 0), (7, 7)),
        ("late, partly shipped", 10, 1, late(3, 1), (8, 7)),
        ("late, shipped, and open again in Saleor", 10, 3, late(3, 0), (7, 4)),
        # Released: Picqer's free stock is 10 again.
        ("late, released", 10, 0, late(0, 0), (10, 10)),
        ("late, released, and open in Saleor", 10, 3, late(0, 0), (10, 7)),
    ],
)
def test_offer_is_free_stock_without_what_is_open_and_not_reserved(
    case: str, free: int, allocated: int, reservation: Reservation, expected: tuple[int, int]
) -> None:
    assert offered(free, {"a": allocated}, reservation) == expected, case


def test_offer_is_never_more_when_a_late_reading_contains_the_reservation_already() -> None:
    assert offered(7, {"a": 3}, late(3)) == (7, 4)
    assert offered(7, {}, late(3)) == (4, 4)


def test_free_stock_is_zero_when_negative() -> None:
    """Failure mode F25: goods on backorder are not for sale."""
    assert offered(-3, {"a": 2}, early(2)) == (2, 0)


def test_quantity_fits_saleors_column() -> None:
    assert offered(10**12, {"a": 1}, early(1))[0] == 2_147_483_647


@given(
    free=st.integers(-1000, 1000),
    pushed=st.lists(st.integers(0, 50)),
    waiting=st.lists(st.integers(0, 50)),
)
def test_available_is_free_stock_minus_what_is_not_pushed(
    free: int, pushed: list[int], waiting: list[int]
) -> None:
    """Failure mode F23: an order that Picqer has is not subtracted twice."""
    orders = {f"pushed {n}": amount for n, amount in enumerate(pushed)}
    waits = {f"waiting {n}": amount for n, amount in enumerate(waiting)}
    reservations = [early(amount, order=order) for order, amount in orders.items()]

    _, available = offered(free, orders | waits, *reservations)

    assert available == max(0, max(0, free) - sum(waiting))


# --- orders that Picqer has only allocated, perhaps in part


@pytest.mark.parametrize(
    ("case", "read", "allocated", "reservation", "expected"),
    [
        ("allocated in full", reading(7, claimed=3), 3, soft(3), 7),
        # Of five, two were missing, and ten have come: eight are left.
        ("allocated in part", reading(10, claimed=3), 5, soft(5), 8),
        ("allocated in part, and nothing has come", reading(0, claimed=3), 5, soft(5), 0),
        ("allocated in part, and the rest later", reading(8, claimed=5), 5, soft(5), 8),
        ("nothing allocated", reading(10, claimed=0), 5, soft(5), 5),
        # Picqer has processed the order since: that took the two from the ten.
        ("in part, processed later", reading(10, claimed=3), 5, soft(5, bound_at=AFTER), 8),
        ("the same, cancelled in Saleor", reading(10, claimed=3), 0, soft(5, bound_at=AFTER), 8),
        ("in full, processed later", reading(7, claimed=3), 3, soft(3, bound_at=AFTER), 7),
        # The reading is of a moment after the processing, and knows all of it.
        ("processed before the reading", reading(8), 5, soft(5, bound_at=BEFORE), 8),
    ],
)
def test_only_what_picqer_has_allocated_is_added_back(
    case: str, read: Reading, allocated: int, reservation: Reservation, expected: int
) -> None:
    found = quantities({"w": read}, {"w": {"a": allocated}}, [reservation]).by_warehouse["w"]

    assert max(0, found - allocated) == expected, case


@given(
    stock=st.integers(0, 12),
    arrived=st.integers(0, 12),
    orders=st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=4),
)
def test_offer_never_exceeds_what_is_left_when_orders_are_allocated_in_part(
    stock: int, arrived: int, orders: list[tuple[int, bool]]
) -> None:
    left, claims = stock, []
    for amount, _ in orders:
        claims.append(min(left, amount))
        left -= claims[-1]
    reservations = [soft(amount, str(n)) for n, (amount, _) in enumerate(orders)]
    allocated = {str(n): amount for n, (amount, is_open) in enumerate(orders) if is_open}
    unreserved = sum(
        amount - claim for (amount, is_open), claim in zip(orders, claims, strict=True) if is_open
    )

    free = left + arrived
    readings = {"w": reading(free, claimed=sum(claims))}
    found = quantities(readings, {"w": allocated}, reservations).by_warehouse["w"]

    offer, truth = max(0, found - sum(allocated.values())), max(0, free - unreserved)
    assert offer <= truth
    if all(is_open for _, is_open in orders):
        assert offer == truth


# --- several warehouses


def offers(
    free: Mapping[str, int], allocated: Mapping[str, Mapping[str, int]], *reserved: Reservation
) -> dict[str, int]:
    readings = {pk: reading(n, number) for number, (pk, n) in enumerate(free.items())}
    found = quantities(readings, allocated, reserved).by_warehouse
    return {pk: max(0, n - sum(allocated.get(pk, {}).values())) for pk, n in found.items()}


def test_reserved_goods_are_added_back_once_when_an_order_has_two_stocks() -> None:
    allocated = {"north": {"a": 2}, "south": {"a": 2}}

    # Three of the four are reserved: one still has to come from somewhere.
    assert sum(offers({"north": 5, "south": 5}, allocated, early(3)).values()) == 9


def test_other_warehouse_offers_less_when_one_has_less_than_its_orders_need() -> None:
    assert offers({"north": 1, "south": 5}, {"north": {"a": 3}}) == {"north": 0, "south": 3}


def test_each_warehouse_offers_less_when_it_is_unknown_which_one_has_lost_the_goods() -> None:
    readings = {"north": reading(5, 1), "south": reading(5, 2)}

    found = quantities(readings, {}, [late(3)])

    assert (found.by_warehouse, found.uncertain) == ({"north": 2, "south": 2}, True)


def test_goods_are_not_added_back_when_only_one_of_the_readings_knows_the_reservation() -> None:
    readings = {"north": reading(5, 1, BEFORE - timedelta(seconds=1)), "south": reading(5, 2)}

    # Picqer may have taken the goods from either warehouse.
    found = quantities(readings, {"south": {"a": 3}}, [early(3)]).by_warehouse

    assert found == {"north": 2, "south": 8}


@dataclass(frozen=True)
class Booked:
    """An order in both systems: `where` is the warehouse from which Picqer reserves."""

    reserved: int
    shipped: int
    late: bool
    where: str
    allocated: tuple[int, int]


bookings = st.lists(
    st.builds(
        Booked,
        reserved=st.integers(0, 6),
        shipped=st.integers(0, 6),
        late=st.booleans(),
        where=st.sampled_from("ns"),
        allocated=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    ),
    max_size=4,
)


@given(read=st.tuples(st.integers(0, 20), st.integers(0, 20)), orders=bookings)
def test_offer_never_exceeds_what_is_free_whatever_happened_since_the_reading(
    read: tuple[int, int], orders: list[Booked]
) -> None:
    free = {"n": read[0], "s": read[1]}
    allocated: dict[str, dict[str, int]] = {"n": {}, "s": {}}
    reservations, unpushed = [], 0
    for number, order in enumerate(orders):
        remaining = max(0, order.reserved - order.shipped)
        if order.late:
            free[order.where] -= order.reserved
        for pk, amount in zip("ns", order.allocated, strict=True):
            allocated[pk][str(number)] = amount
        unpushed += max(0, sum(order.allocated) - remaining)
        make = late if order.late else early
        reservations.append(make(order.reserved, remaining, order=str(number)))

    found = offers(dict(zip("ns", read, strict=True)), allocated, *reservations)

    truth = max(0, sum(max(0, n) for n in free.values()) - unpushed)
    assert sum(found.values()) <= truth
    if not any(order.late for order in orders):
        assert sum(found.values()) == truth


@pytest.mark.parametrize(
    ("active", "accepts", "sells"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_only_active_warehouses_that_accept_orders_sell(
    active: bool, accepts: bool, sells: bool
) -> None:
    assert RemoteWarehouse(1, "Main", active, accepts).sells is sells


def limited(free: int, waiting: int = 0, **limits: int) -> int:
    """Return what is offered of a product with these limits."""
    allocated = {"w": {"a": waiting}}
    found = quantities({"w": reading(free)}, allocated, [], {"w": StockLimits(**limits)})
    return found.by_warehouse["w"] - waiting


@pytest.mark.parametrize(
    ("free", "waiting", "limits", "offered"),
    [
        (10, 0, {}, 10),
        (10, 0, {"buffer": 2}, 8),
        (1, 0, {"buffer": 2}, 0),
        (10, 3, {"buffer": 2}, 5),
        (10, 0, {"cap": 4}, 4),
        (10, 3, {"cap": 4}, 4),
        (10, 8, {"cap": 4}, 2),
        (10, 0, {"buffer": 7, "cap": 4}, 3),
        (10, 0, {"cap": 0}, 0),
    ],
)
def test_less_is_offered_when_the_shop_keeps_stock_back(
    free: int, waiting: int, limits: dict[str, int], offered: int
) -> None:
    assert limited(free, waiting, **limits) == offered


def test_limits_of_a_variant_replace_those_of_the_channel() -> None:
    own = StockLimits(buffer=0)

    assert own.over(StockLimits(buffer=2, cap=9)) == StockLimits(buffer=0, cap=9)


def test_stricter_limits_hold_when_channels_share_a_warehouse() -> None:
    one, other = StockLimits(buffer=2, cap=9), StockLimits(buffer=3, cap=20)

    assert one.stricter(other) == StockLimits(buffer=3, cap=9)
    assert one.stricter(StockLimits()) == one
