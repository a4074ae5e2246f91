from __future__ import annotations

import pytest
from picqer_simulator.core.models import Wire
from picqer_simulator.rules import lifecycle, picklists, shipments, staff, stock

from tests.unit.simulator.builders import (
    account,
    add_product,
    create_order,
    process_order,
    refusal_of,
    row,
    status_of,
)


def test_ship_completes_the_order_with_the_tracking_code() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = process_order(simulator)

    order = simulator.run(staff.ship, idorder, {"trackingcode": "3STEST0001"})

    assert order["status"] == "completed"
    codes = [entry["trackingcode"] for entry in simulator.run(shipments.list_, {})]
    assert codes == ["3STEST0001"]


def test_ship_needs_no_carrier() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = process_order(simulator)

    simulator.run(staff.ship, idorder, {"shipment": False})

    assert (status_of(simulator, idorder), simulator.state.shipments) == ("completed", {})


def test_ship_of_a_part_lets_the_rest_wait_and_a_second_time_sends_it() -> None:
    simulator = account()
    add_product(simulator, "MUG", stock=5)
    add_product(simulator, "CUP", stock=5)
    idorder = process_order(simulator, {"MUG": 3, "CUP": 1})

    simulator.run(staff.ship, idorder, {"lines": {"MUG": 2}})
    assert (status_of(simulator, idorder), row(simulator).stock) == ("processing", 3)
    assert len(simulator.state.backorders) == 2

    simulator.run(staff.ship, idorder, {})
    assert (status_of(simulator, idorder), row(simulator).stock) == ("completed", 2)
    assert len(simulator.state.shipments) == 2


def test_ship_of_a_part_leaves_the_other_warehouse_s_picklist_open() -> None:
    simulator = account(("Utrecht", "Antwerpen"))
    add_product(simulator, "MUG", {"Utrecht": 1})
    add_product(simulator, "CUP", {"Antwerpen": 1})
    idorder = process_order(simulator, {"MUG": 1, "CUP": 1})

    simulator.run(staff.ship, idorder, {"lines": {"CUP": 1}})

    statuses = [picklist.status for picklist in simulator.state.picklists.values()]
    assert (statuses, simulator.state.backorders) == (["new", "closed"], {})


@pytest.mark.parametrize(
    ("lines", "code"),
    [({"MUG": 9}, 18), ({"SKU-404": 1}, 17), ({"MUG": "two"}, 5), ({"MUG": 0}, 16)],
)
def test_ship_is_refused_when_the_lines_make_no_sense(lines: Wire, code: int) -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = process_order(simulator)

    assert refusal_of(simulator, staff.ship, idorder, {"lines": lines}) == code
    assert simulator.state.picklists[1].status == "new"


def test_ship_of_a_part_can_be_taken_from_what_waits() -> None:
    simulator = account()
    idproduct = add_product(simulator)
    idorder = process_order(simulator, {"MUG": 3})
    simulator.run(stock.change, idproduct, 1, {"amount": 2})

    assert refusal_of(simulator, staff.ship, idorder, {"lines": {"MUG": 3}}) == 18
    assert not simulator.state.picklists
    simulator.run(staff.ship, idorder, {"lines": {"MUG": 1}})

    assert sorted(entry.amount for entry in simulator.state.backorders.values()) == [1, 1]


def test_ship_is_refused_when_nothing_can_be_picked() -> None:
    simulator = account()
    add_product(simulator)
    add_product(simulator, "CUP", stock=1)
    concept, waiting = create_order(simulator), process_order(simulator)

    paused = process_order(simulator, {"CUP": 1})
    simulator.run(picklists.pause, 1, {})

    assert refusal_of(simulator, staff.ship, paused, {}) == 21
    assert refusal_of(simulator, staff.ship, concept, {}) == 21
    assert refusal_of(simulator, staff.ship, waiting, {}) == 21


def test_cancel_works_in_any_status() -> None:
    simulator = account()
    add_product(simulator, stock=5)
    idorder = process_order(simulator)

    assert simulator.run(staff.cancel, idorder)["status"] == "cancelled"
    assert row(simulator).freestock == 5


def test_set_stock_takes_names() -> None:
    simulator = account(("Utrecht", "Antwerpen"))
    add_product(simulator, stock=5)

    simulator.run(staff.set_stock, {"productcode": "MUG", "warehouse": "Antwerpen", "amount": 7})
    simulator.run(staff.set_stock, {"productcode": "MUG", "idwarehouse": 1, "change": -1})

    assert (row(simulator).stock, row(simulator, warehouse="Antwerpen").stock) == (4, 7)


@pytest.mark.parametrize(
    "body", [{"productcode": "SKU-404"}, {"productcode": "MUG", "warehouse": "Nowhere"}]
)
def test_set_stock_is_refused_for_unknown_names(body: Wire) -> None:
    simulator = account()
    add_product(simulator)

    assert refusal_of(simulator, staff.set_stock, {**body, "amount": 1}) == 20


def test_arriving_goods_can_be_shipped_at_once() -> None:
    simulator = account()
    idproduct = add_product(simulator)
    idorder = process_order(simulator)
    simulator.run(stock.change, idproduct, 1, {"amount": 2})

    simulator.run(staff.ship, idorder, {})

    assert status_of(simulator, idorder) == "completed"
    assert refusal_of(simulator, lifecycle.process, idorder) == 32
