"""Fulfilments made from the amounts that Picqer picked."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.domain.fulfilments import (
    ForeignFulfilment,
    find_covering,
    fulfilment_of,
    left_open,
    remaining_fulfilment,
)
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


def test_line_that_does_not_ship_is_left_to_saleor() -> None:
    found = fulfilment_of({"E-BOOK": 1}, [line("E-BOOK", ships=False)])

    assert (found.quantities, found.surplus) == ({}, {"E-BOOK": 1})


def test_remaining_fulfilment_has_open_lines_that_ship() -> None:
    lines = [line("A", 3, fulfilled=1), line("B", 1, fulfilled=1), line("C", 1, ships=False)]
    ordered = {"A": 3, "B": 1, "C": 1}

    rest = remaining_fulfilment(lines, ordered, [{"A": 1}, {"B": 1}])

    assert rest.quantities == {"line-A": 2}


def test_remaining_fulfilment_leaves_out_what_picqer_has_cancelled() -> None:
    """Failure mode F48: `ordered` is without the cancelled amounts."""
    lines = [line("A", 5), line("B", 1)]

    rest = remaining_fulfilment(lines, {"a": 3}, [{"A": 2}])

    assert rest.quantities == {"line-A": 1}
    assert left_open(lines, rest.quantities) == {"A": 4, "B": 1}


def test_surplus_is_found_in_fulfilments_that_exist_already() -> None:
    """Failure mode F96."""
    lines = [line("A", 3, fulfilled=3), line("B", 1, fulfilled=1)]
    by_hand = ForeignFulfilment("11", 1, {"line-A": 2})
    other = ForeignFulfilment("12", 2, {"line-B": 1})

    covering, rest = find_covering({"a": 3, "X": 1}, lines, [by_hand, other])

    assert covering == [by_hand]
    assert rest == {"a": 1, "X": 1}


@given(
    ordered=st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 5)), max_size=4),
    picklists=st.lists(
        st.dictionaries(st.sampled_from(["A", "b", "X"]), st.integers(0, 6)), max_size=5
    ),
)
def test_fulfilled_is_the_smaller_of_shipped_and_ordered(
    ordered: list[tuple[str, int]], picklists: list[dict[str, int]]
) -> None:
    lines = [line(sku, n, pk=str(pk)) for pk, (sku, n) in enumerate(ordered)]

    surplus: Counter[str] = Counter()
    for picked in picklists:
        found = fulfilment_of(picked, lines)
        surplus.update({sku.upper(): n for sku, n in found.surplus.items()})
        lines = [
            replace(one, fulfilled=one.fulfilled + found.quantities.get(one.pk, 0)) for one in lines
        ]

    for sku in "ABX":
        shipped = sum(n for picked in picklists for one, n in picked.items() if one.upper() == sku)
        wanted = sum(one.quantity for one in lines if one.sku == sku)
        assert sum(one.fulfilled for one in lines if one.sku == sku) == min(shipped, wanted)
        assert surplus[sku] == max(0, shipped - wanted)


def test_line_is_fulfilled_when_picqer_spells_its_sku_in_another_case() -> None:
    """Failure mode F103."""
    fulfilment = fulfilment_of({"mug": 3, "cup": 1}, [line("MUG", 2), line(" Cup ", 1)])

    assert sum(fulfilment.quantities.values()) == 3
    assert fulfilment.surplus == {"mug": 1}
