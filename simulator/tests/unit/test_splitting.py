from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator import Account
from simulator_support.builders import add_product, build_account, process_order

type Distribution = dict[str, dict[str, int]]


def _account(**stock: dict[str, int]) -> Account:
    account = build_account(("Utrecht", "Antwerpen", "Lille"))
    for code, amounts in stock.items():
        add_product(account, code, amounts)
    return account


def _names(account: Account) -> dict[int, str]:
    return {key: entry.name for key, entry in account.state.warehouses.items()}


def _picked(account: Account) -> Distribution:
    return {
        _names(account)[picklist.idwarehouse]: {
            line.productcode: line.amount for line in picklist.products
        }
        for picklist in account.state.picklists.values()
    }


def _waiting(account: Account) -> list[tuple[str, int]]:
    return [
        (_names(account)[entry.idwarehouse], entry.amount)
        for entry in account.state.backorders.values()
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
    account = _account(MUG=stock)

    process_order(account, {"MUG": 3})

    assert _picked(account) == expected
    assert not account.state.backorders


def test_lets_the_rest_wait_where_the_product_is_picked_already() -> None:
    account = _account(MUG={"Antwerpen": 2})

    process_order(account, {"MUG": 5})

    assert _picked(account) == {"Antwerpen": {"MUG": 2}}
    assert _waiting(account) == [("Antwerpen", 3)]


def test_lets_the_rest_wait_where_others_are_picked_only_if_its_own_product_is_not() -> None:
    account = _account(CUP={"Antwerpen": 1}, MUG={"Lille": 2}, POT={})

    process_order(account, {"CUP": 1, "MUG": 5, "POT": 1})

    assert _waiting(account) == [("Lille", 3), ("Antwerpen", 1)]


def test_lets_everything_wait_in_the_preferred_warehouse_when_nothing_is_there() -> None:
    account = _account(MUG={})

    process_order(account, {"MUG": 5})

    assert _waiting(account) == [("Utrecht", 5)]


@pytest.mark.parametrize("header", [{"partialdelivery": False}, {"auto_split": False}])
def test_lets_everything_wait_when_one_product_is_short_and_delivery_is_not_split(
    header: dict[str, Any],
) -> None:
    account = _account(MUG={"Utrecht": 5}, CUP={"Utrecht": 1})

    process_order(account, {"MUG": 5, "CUP": 2}, **header)

    assert not account.state.picklists
    assert _waiting(account) == [("Utrecht", 5), ("Utrecht", 2)]


@pytest.mark.parametrize(("auto_split", "picklists"), [(True, 2), (False, 0)])
def test_splits_over_warehouses_only_with_auto_split(*, auto_split: bool, picklists: int) -> None:
    account = _account(MUG={"Utrecht": 1, "Antwerpen": 1})

    process_order(account, {"MUG": 2}, auto_split=auto_split)

    assert len(account.state.picklists) == picklists


@pytest.mark.parametrize("attribute", ["active", "accept_orders"])
def test_skips_a_warehouse_that_is_closed_or_takes_no_orders(attribute: str) -> None:
    account = _account(MUG={"Utrecht": 5, "Antwerpen": 5})
    setattr(account.state.warehouses[1], attribute, False)

    process_order(account, {"MUG": 2})

    assert _picked(account) == {"Antwerpen": {"MUG": 2}}


def test_prefers_the_lowest_priority_number() -> None:
    account = _account(MUG={"Utrecht": 5, "Lille": 5})
    account.state.warehouses[3].priority = 0

    process_order(account, {"MUG": 2})

    assert _picked(account) == {"Lille": {"MUG": 2}}


def test_does_not_give_the_same_goods_to_two_lines_of_one_order() -> None:
    account = _account(MUG={"Utrecht": 3})
    line = {"productcode": "MUG", "amount": 2}

    process_order(account, products=[line, line])

    assert _waiting(account) == [("Utrecht", 1)]
