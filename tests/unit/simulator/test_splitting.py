from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator import Simulator

from tests.unit.simulator.builders import account, add_product, process_order

type Distribution = dict[str, dict[str, int]]


def _account(**stock: dict[str, int]) -> Simulator:
    simulator = account(("Utrecht", "Antwerpen", "Lille"))
    for code, amounts in stock.items():
        add_product(simulator, code, amounts)
    return simulator


def _names(simulator: Simulator) -> dict[int, str]:
    return {key: entry.name for key, entry in simulator.state.warehouses.items()}


def _picked(simulator: Simulator) -> Distribution:
    return {
        _names(simulator)[picklist.idwarehouse]: {
            line.productcode: line.amount for line in picklist.products
        }
        for picklist in simulator.state.picklists.values()
    }


def _waiting(simulator: Simulator) -> list[tuple[str, int]]:
    return [
        (_names(simulator)[entry.idwarehouse], entry.amount)
        for entry in simulator.state.backorders.values()
    ]


@pytest.mark.parametrize(
    ("stock", "expected"),
    [
        # The preferred warehouse has everything.
        ({"Utrecht": 3, "Antwerpen": 3}, {"Utrecht": {"MUG": 3}}),
        # Only another one has everything: better than two picklists.
        ({"Utrecht": 2, "Antwerpen": 3}, {"Antwerpen": {"MUG": 3}}),
        # No one has everything: as few as possible.
        ({"Utrecht": 1, "Antwerpen": 1, "Lille": 2}, {"Utrecht": {"MUG": 1}, "Lille": {"MUG": 2}}),
    ],
)
def test_uses_as_few_warehouses_as_possible(stock: dict[str, int], expected: Distribution) -> None:
    simulator = _account(MUG=stock)

    process_order(simulator, {"MUG": 3})

    assert _picked(simulator) == expected
    assert not simulator.state.backorders


def test_lets_the_rest_wait_where_the_product_is_picked_already() -> None:
    simulator = _account(MUG={"Antwerpen": 2})

    process_order(simulator, {"MUG": 5})

    assert _picked(simulator) == {"Antwerpen": {"MUG": 2}}
    assert _waiting(simulator) == [("Antwerpen", 3)]


def test_lets_the_rest_wait_where_others_are_picked_only_if_its_own_product_is_not() -> None:
    simulator = _account(CUP={"Antwerpen": 1}, MUG={"Lille": 2}, POT={})

    process_order(simulator, {"CUP": 1, "MUG": 5, "POT": 1})

    assert _waiting(simulator) == [("Lille", 3), ("Antwerpen", 1)]


def test_lets_everything_wait_in_the_preferred_warehouse_when_nothing_is_there() -> None:
    simulator = _account(MUG={})

    process_order(simulator, {"MUG": 5})

    assert _waiting(simulator) == [("Utrecht", 5)]


@pytest.mark.parametrize("header", [{"partialdelivery": False}, {"auto_split": False}])
def test_lets_everything_wait_when_one_product_is_short_and_delivery_is_not_split(
    header: dict[str, Any],
) -> None:
    simulator = _account(MUG={"Utrecht": 5}, CUP={"Utrecht": 1})

    process_order(simulator, {"MUG": 5, "CUP": 2}, **header)

    assert not simulator.state.picklists
    assert _waiting(simulator) == [("Utrecht", 5), ("Utrecht", 2)]


@pytest.mark.parametrize(("auto_split", "picklists"), [(True, 2), (False, 0)])
def test_splits_over_warehouses_only_with_auto_split(*, auto_split: bool, picklists: int) -> None:
    simulator = _account(MUG={"Utrecht": 1, "Antwerpen": 1})

    process_order(simulator, {"MUG": 2}, auto_split=auto_split)

    assert len(simulator.state.picklists) == picklists


@pytest.mark.parametrize("attribute", ["active", "accept_orders"])
def test_skips_a_warehouse_that_is_closed_or_takes_no_orders(attribute: str) -> None:
    simulator = _account(MUG={"Utrecht": 5, "Antwerpen": 5})
    setattr(simulator.state.warehouses[1], attribute, False)

    process_order(simulator, {"MUG": 2})

    assert _picked(simulator) == {"Antwerpen": {"MUG": 2}}


def test_prefers_the_lowest_priority_number() -> None:
    simulator = _account(MUG={"Utrecht": 5, "Lille": 5})
    simulator.state.warehouses[3].priority = 0

    process_order(simulator, {"MUG": 2})

    assert _picked(simulator) == {"Lille": {"MUG": 2}}


def test_does_not_give_the_same_goods_to_two_lines_of_one_order() -> None:
    simulator = _account(MUG={"Utrecht": 3})
    line = {"productcode": "MUG", "amount": 2}

    process_order(simulator, products=[line, line])

    assert _waiting(simulator) == [("Utrecht", 1)]
