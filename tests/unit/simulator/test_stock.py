from __future__ import annotations

import pytest
from picqer_simulator.rules import allocations, products, stock

from tests.unit.simulator.builders import (
    account,
    add_product,
    create_order,
    events_of,
    process_order,
    refusal_of,
    row,
)


def test_change_adds_and_amount_sets() -> None:
    simulator = account()
    idproduct = add_product(simulator, stock=10)

    simulator.run(stock.change, idproduct, 1, {"change": -3, "reason": "Damaged"})
    assert row(simulator).stock == 7

    simulator.run(stock.change, idproduct, 1, {"amount": 40, "reason": "Recount"})
    assert row(simulator).stock == 40


def test_change_answers_the_row_unless_the_knob_says_nothing() -> None:
    simulator = account()
    idproduct = add_product(simulator, stock=10)

    answer = simulator.run(stock.change, idproduct, 1, {"change": 1})
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

    simulator.turn(stock_change_body="empty")
    assert simulator.run(stock.change, idproduct, 1, {"change": 1}) is None


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
    simulator = account()
    idproduct = add_product(simulator, stock=10)

    assert refusal_of(simulator, stock.change, idproduct, 1, body) == code
    assert row(simulator).stock == 10


def test_stock_cannot_fall_below_what_is_on_picklists() -> None:
    simulator = account()
    idproduct = add_product(simulator, stock=10)
    process_order(simulator, {"MUG": 4})

    assert refusal_of(simulator, stock.change, idproduct, 1, {"amount": 3}) == 5
    simulator.run(stock.change, idproduct, 1, {"amount": 4})

    assert (row(simulator).stock, row(simulator).freestock) == (4, 0)


def test_free_stock_goes_negative_when_allocated_goods_go_to_another_order() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = create_order(simulator, {"MUG": 5})
    simulator.run(allocations.allocate, idorder)

    process_order(simulator, {"MUG": 5})

    numbers = row(simulator)
    assert (numbers.reservedallocations, numbers.reservedpicklists) == (5, 5)
    assert numbers.freestock == -5


@pytest.mark.parametrize(("knob", "told"), [("shown", -5), ("zero", 0)])
def test_free_stock_below_zero_is_told_as_the_knob_says(knob: str, told: int) -> None:
    simulator = account(negative_freestock=knob, allocate_beyond_stock=True)
    idproduct = add_product(simulator)
    simulator.run(allocations.allocate, create_order(simulator, {"MUG": 5}))

    assert simulator.run(stock.get, idproduct, 1)["freestock"] == told


@pytest.mark.parametrize(("knob", "reserved"), [("available", 3), ("wanted", 10)])
def test_backorders_reserve_what_the_knob_says(knob: str, reserved: int) -> None:
    simulator = account(backorder_reserves=knob)
    add_product(simulator, stock=3)

    process_order(simulator, {"MUG": 10}, partialdelivery=False)

    assert row(simulator).reservedbackorders == reserved


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
    simulator = account()
    idproduct = add_product(simulator, stock=10)

    assert events_of(simulator, stock.change, idproduct, 1, change) == events


def test_goods_for_a_backorder_change_the_stock_but_not_the_free_stock() -> None:
    simulator = account()
    idproduct = add_product(simulator)
    process_order(simulator, {"MUG": 2})

    events = events_of(simulator, stock.change, idproduct, 1, {"change": 2})

    assert events == ["products.stock_changed"]


def test_a_warehouse_lists_only_what_has_stock_or_reservations() -> None:
    simulator = account()
    add_product(simulator, "EMPTY")
    present = add_product(simulator, "MUG", stock=1)

    found = simulator.run(stock.list_warehouse, 1, {})

    assert [(entry["idproduct"], entry["stock"]["freestock"]) for entry in found] == [(present, 1)]


def test_an_unlimited_product_is_always_there_and_keeps_no_stock() -> None:
    simulator = account()
    idproduct = add_product(simulator, "GIFT", type="unlimited_stock")

    process_order(simulator, {"GIFT": 1000})

    assert not simulator.state.backorders
    assert simulator.run(products.get, idproduct)["stock"][0]["reserved"] == 0
    assert refusal_of(simulator, stock.change, idproduct, 1, {"amount": 1}) == 5


def test_history_lists_every_change_newest_first() -> None:
    simulator = account()
    idproduct = add_product(simulator, stock=10)
    simulator.run(stock.change, idproduct, 1, {"change": -4, "reason": "Damaged"})

    newest = simulator.run(stock.list_history, {"idproduct": str(idproduct)})[0]

    assert (newest["old_stock"], newest["stock_change"], newest["new_stock"]) == (10, -4, 6)
    assert newest["reason"] == "Damaged"
