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


def test_change_adds_and_amount_sets() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    account.run(stock.change, idproduct, 1, {"change": -3, "reason": "Damaged"})
    assert row(account).stock == 7

    account.run(stock.change, idproduct, 1, {"amount": 40, "reason": "Recount"})
    assert row(account).stock == 40


def test_change_answers_the_row_unless_the_option_says_nothing() -> None:
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
def test_change_is_refused_when_it_makes_no_sense(body: dict[str, object], code: int) -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    assert refusal_of(account, stock.change, idproduct, 1, body) == code
    assert row(account).stock == 10


def test_stock_cannot_fall_below_what_is_on_picklists() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)
    process_order(account, {"MUG": 4})

    assert refusal_of(account, stock.change, idproduct, 1, {"amount": 3}) == 5
    account.run(stock.change, idproduct, 1, {"amount": 4})

    assert (row(account).stock, row(account).freestock) == (4, 0)


def test_free_stock_goes_negative_when_allocated_goods_go_to_another_order() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = create_order(account, {"MUG": 5})
    account.run(allocations.allocate, idorder)

    process_order(account, {"MUG": 5})

    numbers = row(account)
    assert (numbers.reservedallocations, numbers.reservedpicklists) == (5, 5)
    assert numbers.freestock == -5


@pytest.mark.parametrize(("option", "told"), [("shown", -5), ("zero", 0)])
def test_free_stock_below_zero_is_told_as_the_option_says(option: str, told: int) -> None:
    account = build_account(negative_freestock=option, allocate_beyond_stock=True)
    idproduct = add_product(account)
    account.run(allocations.allocate, create_order(account, {"MUG": 5}))

    assert account.run(stock.get, idproduct, 1)["freestock"] == told


@pytest.mark.parametrize(("option", "reserved"), [("available", 3), ("wanted", 10)])
def test_backorders_reserve_what_the_option_says(option: str, reserved: int) -> None:
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
def test_events_tell_only_of_numbers_that_changed(
    change: dict[str, int], events: list[str]
) -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)

    assert events_of(account, stock.change, idproduct, 1, change) == events


def test_goods_for_a_backorder_change_the_stock_but_not_the_free_stock() -> None:
    account = build_account()
    idproduct = add_product(account)
    process_order(account, {"MUG": 2})

    events = events_of(account, stock.change, idproduct, 1, {"change": 2})

    assert events == ["products.stock_changed"]


def test_a_warehouse_lists_only_what_has_stock_or_reservations() -> None:
    account = build_account()
    add_product(account, "EMPTY")
    present = add_product(account, "MUG", stock=1)

    found = account.run(stock.list_warehouse, 1, {})

    assert [(entry["idproduct"], entry["stock"]["freestock"]) for entry in found] == [(present, 1)]


def test_an_unlimited_product_is_always_there_and_keeps_no_stock() -> None:
    account = build_account()
    idproduct = add_product(account, "GIFT", type="unlimited_stock")

    process_order(account, {"GIFT": 1000})

    assert not account.state.backorders
    assert account.run(products.get, idproduct)["stock"][0]["reserved"] == 0
    assert refusal_of(account, stock.change, idproduct, 1, {"amount": 1}) == 5


def test_history_lists_every_change_newest_first() -> None:
    account = build_account()
    idproduct = add_product(account, stock=10)
    account.run(stock.change, idproduct, 1, {"change": -4, "reason": "Damaged"})

    newest = account.run(stock.list_history, {"idproduct": str(idproduct)})[0]

    assert (newest["old_stock"], newest["stock_change"], newest["new_stock"]) == (10, -4, 6)
    assert newest["reason"] == "Damaged"
