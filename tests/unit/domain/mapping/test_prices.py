"""Prices of units that add up to the line's total."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.mapping.prices import unit_prices

TOTALS = st.decimals(0, 10_000_000, places=2) | st.decimals(0, 10_000_000, places=3)
QUANTITIES = st.integers(1, 5000)


def prices(total: str, quantity: int, fulfilled: int = 0) -> list[tuple[int, str]]:
    found = unit_prices(Decimal(total), quantity, fulfilled)
    return [(amount, str(price)) for amount, price in found]


@pytest.mark.parametrize(
    ("total", "quantity", "expected"),
    [
        ("8.26", 1, [(1, "8.26")]),
        ("10.00", 4, [(4, "2.50")]),
        ("10.00", 3, [(1, "3.34"), (2, "3.33")]),
        ("0.05", 7, [(5, "0.01"), (2, "0.00")]),
        ("100", 3, [(1, "33.34"), (2, "33.33")]),
        ("1E+2", 1, [(1, "100.00")]),
    ],
)
def test_price_is_split_a_cent_apart_when_the_total_cannot_be_divided(
    total: str, quantity: int, expected: list[tuple[int, str]]
) -> None:
    assert prices(total, quantity) == expected


def test_price_is_zero_and_not_left_out_when_the_line_is_free() -> None:
    """Failure mode F42."""
    assert prices("0.000", 2) == [(2, "0.00")]


def test_split_is_by_thousandths_only_when_the_total_has_them() -> None:
    assert prices("10.001", 2) == [(1, "5.001"), (1, "5.000")]
    assert prices("10.010", 2) == [(1, "5.01"), (1, "5.00")]


def test_dear_units_are_gone_first_when_some_are_fulfilled() -> None:
    assert prices("10.02", 4, fulfilled=1) == [(1, "2.51"), (2, "2.50")]
    assert prices("10.02", 4, fulfilled=3) == [(1, "2.50")]
    assert prices("10.02", 4, fulfilled=4) == []


@given(total=TOTALS, quantity=QUANTITIES)
def test_units_add_up_exactly_to_whatever_total(total: Decimal, quantity: int) -> None:
    found = unit_prices(total, quantity)

    assert sum(amount for amount, _ in found) == quantity
    assert sum(amount * price for amount, price in found) == total


@given(total=TOTALS, quantity=QUANTITIES, data=st.data())
def test_open_units_are_worth_what_is_left_when_some_are_fulfilled(
    total: Decimal, quantity: int, data: st.DataObject
) -> None:
    fulfilled = data.draw(st.integers(0, quantity))

    rest = unit_prices(total, quantity, fulfilled)

    assert all(amount > 0 and price >= 0 for amount, price in rest)
    assert sum(amount for amount, _ in rest) == quantity - fulfilled
    worth = sum((amount * price for amount, price in rest), Decimal(0))
    assert abs(worth - total * (quantity - fulfilled) / quantity) < Decimal("0.01") * quantity


@given(total=TOTALS, quantity=QUANTITIES)
def test_prices_are_one_step_apart_at_most(total: Decimal, quantity: int) -> None:
    found = [price for _, price in unit_prices(total, quantity)]

    assert max(found) - min(found) <= Decimal("0.01")
