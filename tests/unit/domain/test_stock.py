"""The stock arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.stock import RemoteWarehouse, quantity


def test_allocations_of_pushed_orders_are_added_back() -> None:
    assert quantity(7, [("pushed", 3), ("waiting", 2)], {"pushed"}) == 10


def test_free_stock_is_zero_when_negative() -> None:
    assert quantity(-3, [("pushed", 2)], {"pushed"}) == 2


@given(
    free=st.integers(-1000, 1000),
    pushed=st.lists(st.integers(0, 50)),
    waiting=st.lists(st.integers(0, 50)),
)
def test_available_is_free_stock_minus_what_is_not_pushed(
    free: int, pushed: list[int], waiting: list[int]
) -> None:
    allocations = [("pushed", n) for n in pushed] + [("waiting", n) for n in waiting]

    available = quantity(free, allocations, {"pushed"}) - sum(pushed) - sum(waiting)

    assert available == max(0, free) - sum(waiting)


@pytest.mark.parametrize(
    ("active", "accepts", "sells"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_only_active_warehouses_that_accept_orders_sell(
    active: bool, accepts: bool, sells: bool
) -> None:
    assert RemoteWarehouse(1, "Main", active, accepts).sells is sells
