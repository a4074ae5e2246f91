"""Fulfilments made from the amounts that Picqer picked."""

from saleor_picqer.domain.fulfilments import fulfilment_of, remaining_fulfilment
from tests.unit.domain.builders import line


def test_picked_amounts_go_to_the_line_of_that_sku() -> None:
    found = fulfilment_of({"MUG": 2}, [line("CUP", 5), line("MUG", 3)])

    assert found.quantities == {"line-MUG": 2}
    assert found.surplus == {}


def test_picked_amounts_are_spread_when_several_lines_have_the_sku() -> None:
    lines = [line("MUG", 2, pk="a"), line("MUG", 2, pk="b", fulfilled=1)]

    assert fulfilment_of({"MUG": 3}, lines).quantities == {"a": 2, "b": 1}


def test_surplus_is_reported_when_more_is_picked_than_ordered() -> None:
    found = fulfilment_of({"MUG": 3, "EXTRA": 1, "NONE": 0}, [line("MUG", 2)])

    assert found.quantities == {"line-MUG": 2}
    assert found.surplus == {"MUG": 1, "EXTRA": 1}


def test_remaining_fulfilment_has_open_lines_that_ship() -> None:
    lines = [line("A", 3, fulfilled=1), line("B", 1, fulfilled=1), line("C", 1, ships=False)]

    assert remaining_fulfilment(lines).quantities == {"line-A": 2}


def test_line_is_fulfilled_when_picqer_spells_its_sku_in_another_case() -> None:
    """Failure mode F103."""
    fulfilment = fulfilment_of({"mug": 3, "cup": 1}, [line("MUG", 2), line(" Cup ", 1)])

    assert sum(fulfilment.quantities.values()) == 3
    assert fulfilment.surplus == {"mug": 1}
