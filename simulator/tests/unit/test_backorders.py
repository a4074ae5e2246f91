"""Backorders: filling, processing and deleting."""

from __future__ import annotations

from picqer_simulator import Account
from picqer_simulator.rules import backorders, lifecycle, staff, stock
from simulator_support.builders import (
    add_product,
    build_account,
    process_order,
    refusal_of,
    row,
    status_of,
)


def _arrives(account: Account, amount: int, code: str = "MUG") -> None:
    account.run(stock.change, account.productcodes[code.casefold()], 1, {"change": amount})


def _available(account: Account) -> list[int]:
    return [entry["amount_available"] for entry in account.run(backorders.list_, {})]


def test_gets_new_stock_but_no_picklist_when_goods_arrive() -> None:
    account = build_account()
    add_product(account)
    process_order(account, {"MUG": 3})

    _arrives(account, 2)

    assert _available(account) == [2]
    assert (row(account).reservedbackorders, row(account).freestock) == (2, 0)
    assert not account.state.picklists


def test_oldest_gets_goods_first_when_several_wait() -> None:
    account = build_account()
    add_product(account)
    process_order(account, {"MUG": 3})
    process_order(account, {"MUG": 3})

    _arrives(account, 4)

    assert _available(account) == [3, 1]


def test_keeps_its_goods_when_another_order_is_processed() -> None:
    account = build_account()
    add_product(account)
    process_order(account, {"MUG": 3})
    _arrives(account, 4)

    process_order(account, {"MUG": 3})

    assert _available(account) == [3, 0]
    assert [entry.products[0].amount for entry in account.state.picklists.values()] == [1]


def test_gets_the_goods_of_an_order_that_is_cancelled() -> None:
    account = build_account()
    add_product(account, stock=3)
    cancelled = process_order(account, {"MUG": 3})
    process_order(account, {"MUG": 3})

    account.run(staff.cancel, cancelled)

    assert _available(account) == [3]


def test_newest_gets_goods_first_when_its_order_is_prioritised() -> None:
    account = build_account()
    add_product(account)
    process_order(account, {"MUG": 3})
    urgent = process_order(account, {"MUG": 3})

    account.run(lifecycle.prioritise, urgent)
    _arrives(account, 4)

    assert _available(account) == [1, 3]


def test_is_split_when_only_a_part_of_it_is_available() -> None:
    account = build_account()
    add_product(account)
    idorder = process_order(account, {"MUG": 3})
    _arrives(account, 2)

    made = account.run(lifecycle.process_backorders, idorder, {})

    assert [picklist["totalproducts"] for picklist in made] == [2]
    assert [entry["amount"] for entry in account.run(backorders.list_, {})] == [1]
    assert row(account).reservedpicklists == 2


def test_takes_goods_once_when_two_lines_have_the_same_product() -> None:
    account = build_account()
    add_product(account)
    lines = [{"productcode": "MUG", "amount": 3}, {"productcode": "MUG", "amount": 5}]
    idorder = process_order(account, products=lines)
    _arrives(account, 5)

    account.run(lifecycle.process_backorders, idorder, {})

    assert (row(account).stock, row(account).reservedpicklists) == (5, 5)


def test_becomes_no_picklist_when_delivery_is_not_split_and_a_product_is_short() -> None:
    account = build_account()
    add_product(account, "MUG", stock=1)
    add_product(account, "CUP")
    idorder = process_order(account, {"MUG": 1, "CUP": 1}, partialdelivery=False)

    assert account.run(lifecycle.process_backorders, idorder, {}) == []
    _arrives(account, 1, "CUP")

    made = account.run(lifecycle.process_backorders, idorder, {})
    assert [picklist["totalproducts"] for picklist in made] == [2]


def test_process_all_creates_picklists_when_several_orders_have_stock() -> None:
    account = build_account()
    add_product(account)
    ids = [process_order(account, {"MUG": 1}), process_order(account, {"MUG": 1})]
    _arrives(account, 2)

    made = account.run(backorders.process_all)

    assert [picklist["idorder"] for picklist in made] == ids


def test_delete_cancels_the_line_and_completes_the_order_when_the_rest_was_shipped() -> None:
    account = build_account()
    add_product(account, stock=1)
    idorder = process_order(account, {"MUG": 3})
    account.run(staff.ship, idorder, {})
    idbackorder = account.run(backorders.list_, {})[0]["idbackorder"]

    account.run(backorders.delete, idbackorder)

    assert status_of(account, idorder) == "completed"
    assert account.state.orders[idorder].products[0].amount_cancelled == 2
    assert refusal_of(account, backorders.get, idbackorder) == 20


def test_delete_cancels_the_order_when_nothing_was_shipped() -> None:
    account = build_account()
    add_product(account)
    idorder = process_order(account, {"MUG": 3})

    account.run(backorders.delete, 1)

    assert status_of(account, idorder) == "cancelled"


def test_list_contains_one_order_s_backorders_when_several_orders_wait() -> None:
    account = build_account()
    add_product(account)
    process_order(account, {"MUG": 1})
    second = process_order(account, {"MUG": 1})

    found = account.run(backorders.list_of_order, second, {})

    assert [entry["idorder"] for entry in found] == [second]
    assert found[0]["amountavailable"] == found[0]["amount_available"]
