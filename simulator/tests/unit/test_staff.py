"""Actions of warehouse staff."""

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


def test_ship_completes_the_order_when_all_is_picked() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    order = account.run(staff.ship, idorder, {"trackingcode": "3STEST0001"})

    assert order["status"] == "completed"
    codes = [entry["trackingcode"] for entry in account.run(shipments.list_, {})]
    assert codes == ["3STEST0001"]


def test_ship_creates_no_shipment_when_shipment_is_false() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    account.run(staff.ship, idorder, {"shipment": False})

    assert (status_of(account, idorder), account.state.shipments) == ("completed", {})


def test_ship_sends_the_rest_when_a_part_was_shipped_before() -> None:
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


def test_ship_leaves_a_picklist_open_when_its_products_are_not_among_the_lines() -> None:
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
def test_ship_is_refused_when_the_lines_are_invalid(lines: Wire, code: int) -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    assert refusal_of(account, staff.ship, idorder, {"lines": lines}) == code
    assert account.state.picklists[1].status == "new"


def test_ship_takes_a_part_from_backorders_when_no_picklist_is_open() -> None:
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


def test_cancel_succeeds_when_the_order_has_any_status() -> None:
    account = build_account()
    add_product(account, stock=5)
    idorder = process_order(account)

    assert account.run(staff.cancel, idorder)["status"] == "cancelled"
    assert row(account).freestock == 5


def test_set_stock_succeeds_when_product_and_warehouse_are_named() -> None:
    account = build_account(("Utrecht", "Antwerpen"))
    add_product(account, stock=5)

    account.run(staff.set_stock, {"productcode": "MUG", "warehouse": "Antwerpen", "amount": 7})
    account.run(staff.set_stock, {"productcode": "MUG", "idwarehouse": 1, "change": -1})

    assert (row(account).stock, row(account, warehouse="Antwerpen").stock) == (4, 7)


@pytest.mark.parametrize(
    "body", [{"productcode": "SKU-404"}, {"productcode": "MUG", "warehouse": "Nowhere"}]
)
def test_set_stock_is_refused_when_names_are_unknown(body: Wire) -> None:
    account = build_account()
    add_product(account)

    assert refusal_of(account, staff.set_stock, {**body, "amount": 1}) == 20


def test_ship_succeeds_when_goods_have_just_arrived() -> None:
    account = build_account()
    idproduct = add_product(account)
    idorder = process_order(account)
    account.run(stock.change, idproduct, 1, {"amount": 2})

    account.run(staff.ship, idorder, {})

    assert status_of(account, idorder) == "completed"
    assert refusal_of(account, lifecycle.process, idorder) == 32
