from __future__ import annotations

import pytest
from picqer_simulator.core.models import Wire
from picqer_simulator.rules import lifecycle, picklists, shipments, staff, stock
from simulator_support.builders import (
    add_product,
    build_account,
    create_order,
    process_order,
    refusal_of,
    row,
    status_of,
)


def test_ship_completes_the_order_with_the_tracking_code() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    order = account.run(staff.ship, idorder, {"trackingcode": "3STEST0001"})

    assert order["status"] == "completed"
    codes = [entry["trackingcode"] for entry in account.run(shipments.list_, {})]
    assert codes == ["3STEST0001"]


def test_ship_needs_no_carrier() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    account.run(staff.ship, idorder, {"shipment": False})

    assert (status_of(account, idorder), account.state.shipments) == ("completed", {})


def test_ship_of_a_part_lets_the_rest_wait_and_a_second_time_sends_it() -> None:
    account = build_account()
    add_product(account, "MUG", stock=5)
    add_product(account, "CUP", stock=5)
    idorder = process_order(account, {"MUG": 3, "CUP": 1})

    account.run(staff.ship, idorder, {"lines": {"MUG": 2}})
    assert (status_of(account, idorder), row(account).stock) == ("processing", 3)
    assert len(account.state.backorders) == 2

    account.run(staff.ship, idorder, {})
    assert (status_of(account, idorder), row(account).stock) == ("completed", 2)
    assert len(account.state.shipments) == 2


def test_ship_of_a_part_leaves_the_other_warehouse_s_picklist_open() -> None:
    account = build_account(("Utrecht", "Antwerpen"))
    add_product(account, "MUG", {"Utrecht": 1})
    add_product(account, "CUP", {"Antwerpen": 1})
    idorder = process_order(account, {"MUG": 1, "CUP": 1})

    account.run(staff.ship, idorder, {"lines": {"CUP": 1}})

    statuses = [picklist.status for picklist in account.state.picklists.values()]
    assert (statuses, account.state.backorders) == (["new", "closed"], {})


@pytest.mark.parametrize(
    ("lines", "code"),
    [({"MUG": 9}, 18), ({"SKU-404": 1}, 17), ({"MUG": "two"}, 5), ({"MUG": 0}, 16)],
)
def test_ship_is_refused_when_the_lines_make_no_sense(lines: Wire, code: int) -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    assert refusal_of(account, staff.ship, idorder, {"lines": lines}) == code
    assert account.state.picklists[1].status == "new"


def test_ship_of_a_part_can_be_taken_from_what_waits() -> None:
    account = build_account()
    idproduct = add_product(account)
    idorder = process_order(account, {"MUG": 3})
    account.run(stock.change, idproduct, 1, {"amount": 2})

    assert refusal_of(account, staff.ship, idorder, {"lines": {"MUG": 3}}) == 18
    assert not account.state.picklists
    account.run(staff.ship, idorder, {"lines": {"MUG": 1}})

    assert sorted(entry.amount for entry in account.state.backorders.values()) == [1, 1]


def test_ship_is_refused_when_nothing_can_be_picked() -> None:
    account = build_account()
    add_product(account)
    add_product(account, "CUP", stock=1)
    concept, waiting = create_order(account), process_order(account)

    paused = process_order(account, {"CUP": 1})
    account.run(picklists.pause, 1, {})

    assert refusal_of(account, staff.ship, paused, {}) == 21
    assert refusal_of(account, staff.ship, concept, {}) == 21
    assert refusal_of(account, staff.ship, waiting, {}) == 21


def test_cancel_works_in_any_status() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    assert account.run(staff.cancel, idorder)["status"] == "cancelled"
    assert row(account).freestock == 5


def test_set_stock_takes_names() -> None:
    account = build_account(("Utrecht", "Antwerpen"))
    add_product(account, stock=5)

    account.run(staff.set_stock, {"productcode": "MUG", "warehouse": "Antwerpen", "amount": 7})
    account.run(staff.set_stock, {"productcode": "MUG", "idwarehouse": 1, "change": -1})

    assert (row(account).stock, row(account, warehouse="Antwerpen").stock) == (4, 7)


@pytest.mark.parametrize(
    "body", [{"productcode": "SKU-404"}, {"productcode": "MUG", "warehouse": "Nowhere"}]
)
def test_set_stock_is_refused_for_unknown_names(body: Wire) -> None:
    account = build_account()
    add_product(account)

    assert refusal_of(account, staff.set_stock, {**body, "amount": 1}) == 20


def test_arriving_goods_can_be_shipped_at_once() -> None:
    account = build_account()
    idproduct = add_product(account)
    idorder = process_order(account)
    account.run(stock.change, idproduct, 1, {"amount": 2})

    account.run(staff.ship, idorder, {})

    assert status_of(account, idorder) == "completed"
    assert refusal_of(account, lifecycle.process, idorder) == 32
