"""AutoSplit: dividing an order among warehouses."""

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
        # Only another warehouse has everything, which is better than two picklists.
        ({"Utrecht": 2, "Antwerpen": 3}, {"Antwerpen": {"MUG": 3}}),
        # No warehouse has everything, so as few warehouses as possible deliver.
        ({"Utrecht": 1, "Antwerpen": 1, "Lille": 2}, {"Utrecht": {"MUG": 1}, "Lille": {"MUG": 2}}),
    ],
)
def test_uses_the_fewest_warehouses_when_several_groups_can_deliver(
    stock: dict[str, int], expected: Distribution
) -> None:
    account = _account(MUG=stock)

    process_order(account, {"MUG": 3})

    assert _picked(account) == expected
    assert not account.state.backorders


def test_backorder_is_in_the_warehouse_of_its_product_when_a_part_is_picked() -> None:
    account = _account(MUG={"Antwerpen": 2})

    process_order(account, {"MUG": 5})

    assert _picked(account) == {"Antwerpen": {"MUG": 2}}
    assert _waiting(account) == [("Antwerpen", 3)]


def test_backorder_is_in_the_warehouse_of_other_lines_when_its_product_is_not_picked() -> None:
    account = _account(CUP={"Antwerpen": 1}, MUG={"Lille": 2}, POT={})

    process_order(account, {"CUP": 1, "MUG": 5, "POT": 1})

    assert _waiting(account) == [("Lille", 3), ("Antwerpen", 1)]


def test_backorder_is_in_the_preferred_warehouse_when_there_is_no_stock() -> None:
    account = _account(MUG={})

    process_order(account, {"MUG": 5})

    assert _waiting(account) == [("Utrecht", 5)]


@pytest.mark.parametrize("header", [{"partialdelivery": False}, {"auto_split": False}])
def test_picks_nothing_when_one_product_is_short_and_delivery_is_not_split(
    header: dict[str, Any],
) -> None:
    account = _account(MUG={"Utrecht": 5}, CUP={"Utrecht": 1})

    process_order(account, {"MUG": 5, "CUP": 2}, **header)

    assert not account.state.picklists
    assert _waiting(account) == [("Utrecht", 5), ("Utrecht", 2)]


@pytest.mark.parametrize(("auto_split", "picklists"), [(True, 2), (False, 0)])
def test_uses_a_single_warehouse_when_auto_split_is_off(
    *, auto_split: bool, picklists: int
) -> None:
    account = _account(MUG={"Utrecht": 1, "Antwerpen": 1})

    process_order(account, {"MUG": 2}, auto_split=auto_split)

    assert len(account.state.picklists) == picklists


@pytest.mark.parametrize("attribute", ["active", "accept_orders"])
def test_skips_a_warehouse_when_it_is_inactive_or_accepts_no_orders(attribute: str) -> None:
    account = _account(MUG={"Utrecht": 5, "Antwerpen": 5})
    setattr(account.state.warehouses[1], attribute, False)

    process_order(account, {"MUG": 2})

    assert _picked(account) == {"Antwerpen": {"MUG": 2}}


def test_prefers_the_lowest_priority_number_when_several_warehouses_can_deliver() -> None:
    account = _account(MUG={"Utrecht": 5, "Lille": 5})
    account.state.warehouses[3].priority = 0

    process_order(account, {"MUG": 2})

    assert _picked(account) == {"Lille": {"MUG": 2}}


def test_reserves_goods_once_when_two_lines_have_the_same_product() -> None:
    account = _account(MUG={"Utrecht": 3})
    line = {"productcode": "MUG", "amount": 2}

    process_order(account, products=[line, line])

    assert _waiting(account) == [("Utrecht", 1)]
