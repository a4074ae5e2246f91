"""A discount on the whole order, spread over its lines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.mapping.discounts import spread

CENT = Decimal("0.01")
money = st.decimals(min_value=0, max_value=100_000, places=2)
amounts = st.lists(money, max_size=30)
amounts_of_mills = st.lists(st.decimals(min_value=0, max_value=100, places=3), max_size=30)


def cents(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("discount", "before", "after"),
    [
        ("10", cents("100.00"), cents("90.00")),
        ("10", cents("30.00", "10.00"), cents("22.50", "7.50")),
        ("10", cents("10.00", "10.00", "10.00"), cents("6.66", "6.67", "6.67")),
        ("0.01", cents("5.00", "7.00"), cents("5.00", "6.99")),
        ("0", cents("5.00", "7.00"), cents("5.00", "7.00")),
        ("99", cents("5.00", "7.00"), cents("0", "0")),
        ("5", cents("0.00", "10.00"), cents("0.00", "5.00")),
        ("5", cents("0.00"), cents("0.00")),
        ("5", [], []),
    ],
)
def test_discount_is_borne_in_proportion(
    discount: str, before: list[Decimal], after: list[Decimal]
) -> None:
    assert spread(Decimal(discount), before) == after


@given(money, amounts)
def test_nothing_is_lost_or_won_by_rounding(discount: Decimal, before: list[Decimal]) -> None:
    total = sum(before, Decimal(0))

    assert sum(spread(discount, before), Decimal(0)) == max(Decimal(0), total - discount)


@given(money, amounts_of_mills)
def test_nothing_is_lost_or_won_when_amounts_have_parts_of_a_cent(
    discount: Decimal, before: list[Decimal]
) -> None:
    total = sum(before, Decimal(0))

    assert sum(spread(discount, before), Decimal(0)) == max(Decimal(0), total - discount)


@given(money, st.one_of(amounts, amounts_of_mills))
def test_no_line_falls_below_zero_or_rises(discount: Decimal, before: list[Decimal]) -> None:
    after = spread(discount, before)

    assert all(0 <= now <= was for was, now in zip(before, after, strict=True))


@given(money, amounts)
def test_each_line_bears_its_share_to_the_cent(discount: Decimal, before: list[Decimal]) -> None:
    total = sum(before, Decimal(0))
    after = spread(discount, before)

    for was, now in zip(before, after, strict=True):
        share = was * min(discount, total) / total if total else Decimal(0)
        assert abs((was - now) - share) < CENT
