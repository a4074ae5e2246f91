"""Stock rows, stock changes and stock events."""

from __future__ import annotations

import pytest
from picqer_simulator.rules import allocations, products, stock
from simulator_support.builders import (
    add_product,
    build_account,
    create_order,
    events_of,
    process_order,
    refusal_of,
    row,
)


def test_stock_is_changed_or_set_when_the_body_has_change_or_amount() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    account.run(stock.change, idproduct, 1, {"change": -3, "reason": "Damaged"})
    assert row(account).stock == 7

    account.run(stock.change, idproduct, 1, {"amount": 40, "reason": "Recount"})
    assert row(account).stock == 40


def test_change_returns_nothing_when_the_option_is_empty() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    answer = account.run(stock.change, idproduct, 1, {"change": 1})
    assert answer == {
        "idwarehouse": 1,
        "stock": 11,
        "reserved": 0,
        "reservedbackorders": 0,
        "reservedpicklists": 0,
        "reservedallocations": 0,
        "freestock": 11,
        "freepickablestock": 11,
    }

    account.set_options(stock_change_body="empty")
    assert account.run(stock.change, idproduct, 1, {"change": 1}) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 5),
        ({"change": "a few"}, 5),
        ({"change": -11}, 5),
        ({"amount": -1}, 5),
        ({"amount": 1, "idlocation": 7}, 20),
    ],
)
def test_change_is_refused_when_the_body_is_invalid(body: dict[str, object], code: int) -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    assert refusal_of(account, stock.change, idproduct, 1, body) == code
    assert row(account).stock == 10


def test_change_is_refused_when_stock_would_fall_below_the_picklists() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)
    process_order(account, {"MUG": 4})

    assert refusal_of(account, stock.change, idproduct, 1, {"amount": 3}) == 5
    account.run(stock.change, idproduct, 1, {"amount": 4})

    assert (row(account).stock, row(account).freestock) == (4, 0)


def test_free_stock_is_negative_when_allocated_goods_go_to_another_order() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = create_order(account, {"MUG": 5})
    account.run(allocations.allocate, idorder)

    process_order(account, {"MUG": 5})

    numbers = row(account)
    assert (numbers.reservedallocations, numbers.reservedpicklists) == (5, 5)
    assert numbers.freestock == -5


@pytest.mark.parametrize(("option", "told"), [("shown", -5), ("zero", 0)])
def test_negative_free_stock_is_shown_or_zero_when_the_option_says_so(
    option: str, told: int
) -> None:
    account = build_account(negative_freestock=option, allocate_beyond_stock=True)
    idproduct = add_product(account)
    account.run(allocations.allocate, create_order(account, {"MUG": 5}))

    assert account.run(stock.get, idproduct, 1)["freestock"] == told


@pytest.mark.parametrize(("option", "reserved"), [("available", 3), ("wanted", 10)])
def test_backorders_reserve_the_wanted_amount_when_the_option_says_so(
    option: str, reserved: int
) -> None:
    account = build_account(backorder_reserves=option)
    add_product(account, stock=3)

    process_order(account, {"MUG": 10}, partialdelivery=False)

    assert row(account).reservedbackorders == reserved


@pytest.mark.parametrize(
    ("change", "events"),
    [
        ({"change": 1}, ["products.stock_changed", "products.free_stock_changed"]),
        ({"change": 0}, []),
        ({"amount": 10}, []),
    ],
)
def test_events_are_emitted_when_a_number_has_changed(
    change: dict[str, int], events: list[str]
) -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    assert events_of(account, stock.change, idproduct, 1, change) == events


def test_free_stock_stays_when_new_stock_goes_to_a_backorder() -> None:
    account = build_account()
    idproduct = add_product(account)
    process_order(account, {"MUG": 2})

    events = events_of(account, stock.change, idproduct, 1, {"change": 2})

    assert events == ["products.stock_changed"]


def test_warehouse_lists_a_product_when_it_has_stock_or_reservations() -> None:
    account = build_account()
    add_product(account, "EMPTY")
    present = add_product(account, "MUG", stock=1)

    found = account.run(stock.list_warehouse, 1, {})

    assert [(entry["idproduct"], entry["stock"]["freestock"]) for entry in found] == [(present, 1)]


def test_product_is_always_available_when_its_stock_is_unlimited() -> None:
    account = build_account()
    idproduct = add_product(account, "GIFT", type="unlimited_stock")

    process_order(account, {"GIFT": 1000})

    assert not account.state.backorders
    assert account.run(products.get, idproduct)["stock"][0]["reserved"] == 0
    assert refusal_of(account, stock.change, idproduct, 1, {"amount": 1}) == 5


def test_history_lists_changes_newest_first_when_stock_changes() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)
    account.run(stock.change, idproduct, 1, {"change": -4, "reason": "Damaged"})

    newest = account.run(stock.list_history, {"idproduct": str(idproduct)})[0]

    assert (newest["old_stock"], newest["stock_change"], newest["new_stock"]) == (10, -4, 6)
    assert newest["reason"] == "Damaged"
