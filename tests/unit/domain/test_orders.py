"""Orders of the shop as data."""

from __future__ import annotations

import pytest

from tests.unit.domain.builders import address, line, order


@pytest.mark.parametrize(
    ("quantity", "fulfilled", "left"), [(3, 0, 3), (3, 2, 1), (3, 3, 0), (2, 3, 0)]
)
def test_line_has_left_what_is_not_fulfilled(quantity: int, fulfilled: int, left: int) -> None:
    assert line(quantity=quantity, fulfilled=fulfilled).open_quantity == left


def test_lines_to_ship_are_those_with_something_left_to_ship() -> None:
    card, done, mug = line("CARD", ships=False), line("DONE", 2, fulfilled=2), line("MUG", 2)

    assert order(card, done, mug).shippable_lines == (mug,)


def test_order_has_goods_when_they_are_shipped_already() -> None:
    assert order(line(fulfilled=1)).has_goods
    assert not order(line(ships=False)).has_goods


@pytest.mark.parametrize(
    ("first", "last", "person"),
    [("Anna", "Visser", "Anna Visser"), (" Anna ", "", "Anna"), ("", " ", "")],
)
def test_person_has_no_blanks_too_many(first: str, last: str, person: str) -> None:
    assert address(first_name=first, last_name=last).person == person
