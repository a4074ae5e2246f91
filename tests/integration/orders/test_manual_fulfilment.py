"""Fulfilments by hand, in Saleor, of orders that Picqer ships."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.order.models import Fulfillment

from saleor_picqer import wiring
from saleor_picqer.hosts.common.fulfilment_guard import fulfilled_by_plugin
from tests.integration.support.api import ApiError, to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import StaffApi, cancel_in_picqer

APPROVE = """
mutation ($id: ID!) {
  orderFulfillmentApprove(id: $id, notifyCustomer: false) { errors { field message code } }
}
"""


def fulfil(connected_shop: ConnectedShop, order: str) -> None:
    connected_shop.shop.fulfil(order, warehouse="Main")


def test_order_is_not_fulfilled_by_hand_when_picqer_ships_it(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=2)
    number = stocked_shop.row(order).remote_number

    with pytest.raises(ApiError, match=f"ships this order as order {number}") as failure:
        fulfil(stocked_shop, order)

    assert failure.value.codes == ["INVALID"]
    assert stocked_shop.shop.order(order).fulfilments == []
    assert stocked_shop.shop.available("BEANS") == 8


def test_order_is_not_fulfilled_by_an_app_when_picqer_ships_it(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = stocked_shop.order(BEANS=2)
    monkeypatch.setattr(stocked_shop.shop, "admin_api", stocked_shop.shop.app_api("manage_orders"))

    with pytest.raises(ApiError, match="ships this order as order"):
        fulfil(stocked_shop, order)

    assert stocked_shop.shop.order(order).fulfilments == []


def test_order_is_fulfilled_by_hand_once_staff_have_skipped_it(stocked_shop: ConnectedShop) -> None:
    stocked_shop.connect(push_when="paid")
    order = stocked_shop.place(BEANS=1)
    with pytest.raises(ApiError, match="Skip the order for Picqer first"):
        fulfil(stocked_shop, order)

    StaffApi(stocked_shop.shop.admin_api).skip(order)
    fulfil(stocked_shop, order)

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_order_is_fulfilled_by_hand_once_it_is_cancelled_in_picqer(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.connect(cancel_in_saleor=False)
    order = stocked_shop.order(BEANS=1)
    cancel_in_picqer(stocked_shop, order)

    fulfil(stocked_shop, order)

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_order_is_fulfilled_by_hand_with_a_note_when_the_channel_allows_it(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.connect(manual_fulfilment=True)
    order = stocked_shop.order(BEANS=1)

    fulfil(stocked_shop, order)

    view = stocked_shop.shop.order(order)
    assert view.status == "FULFILLED"
    assert any("Cancel it in Picqer" in note for note in view.notes)


def test_order_is_fulfilled_by_hand_when_the_plugin_is_off(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.shop.configure_plugin(active=False)

    fulfil(stocked_shop, order)

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_order_of_another_method_is_fulfilled_with_one_statement_of_the_plugin(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    with CaptureQueriesContext(connection) as captured:
        fulfil(stocked_shop, order)

    ours = [q["sql"] for q in captured if q["sql"].startswith('SELECT "saleor_picqer_')]
    assert len(ours) == 1
    assert stocked_shop.shop.order(order).status == "FULFILLED"


@pytest.fixture
def mixed_order(stocked_shop: ConnectedShop) -> str:
    """Return an order in Picqer of which a part does not ship."""
    stocked_shop.shop.product("E-BOOK", ships=False)
    stocked_shop.shop.set_stock("E-BOOK", 5, warehouse="Main")
    return stocked_shop.order(**{"BEANS": 2, "E-BOOK": 1})


def test_lines_that_ship_are_not_fulfilled_by_hand_when_a_part_does_not_ship(
    stocked_shop: ConnectedShop, mixed_order: str
) -> None:
    with pytest.raises(ApiError, match="Lines that do not ship can be fulfilled") as failure:
        fulfil(stocked_shop, mixed_order)

    assert failure.value.codes == ["INVALID"]
    view = stocked_shop.shop.order(mixed_order)
    assert (view.status, view.fulfilments) == ("UNFULFILLED", [])
    assert stocked_shop.shop.available("BEANS") == 8
    assert stocked_shop.shop.available("E-BOOK") == 4


def test_lines_that_do_not_ship_are_fulfilled_by_hand_when_picqer_ships_the_rest(
    stocked_shop: ConnectedShop, mixed_order: str
) -> None:
    stocked_shop.shop.fulfil(mixed_order, warehouse="Main", only="E-BOOK")

    assert stocked_shop.shop.order(mixed_order).status == "PARTIALLY_FULFILLED"
    with pytest.raises(ApiError, match="Picqer ships this order"):
        stocked_shop.shop.fulfil(mixed_order, warehouse="Main", only="BEANS")

    stocked_shop.ship(mixed_order)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(mixed_order).status == "FULFILLED"


def test_lines_that_do_not_ship_are_fulfilled_without_a_note_when_the_channel_allows_it(
    stocked_shop: ConnectedShop, mixed_order: str
) -> None:
    stocked_shop.connect(manual_fulfilment=True)

    stocked_shop.shop.fulfil(mixed_order, warehouse="Main", only="E-BOOK")
    notes = stocked_shop.shop.order(mixed_order).notes
    assert not any("Cancel it in Picqer" in note for note in notes)

    stocked_shop.shop.fulfil(mixed_order, warehouse="Main", only="BEANS")
    notes = stocked_shop.shop.order(mixed_order).notes
    assert sum("Cancel it in Picqer" in note for note in notes) == 1


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such fulfilments")
def test_lines_that_ship_do_not_wait_for_approval_when_a_part_does_not_ship(
    stocked_shop: ConnectedShop, mixed_order: str
) -> None:
    settings = stocked_shop.shop.site_settings
    settings.fulfillment_auto_approve = False
    settings.save()

    with pytest.raises(ApiError, match="Picqer ships this order"):
        fulfil(stocked_shop, mixed_order)

    assert stocked_shop.shop.order(mixed_order).fulfilments == []


def test_fulfilment_is_allowed_when_the_question_fails(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    order = stocked_shop.order(BEANS=1)
    monkeypatch.setattr(wiring, "active_channels", lambda: 1 / 0)

    with caplog.at_level(logging.ERROR):
        fulfil(stocked_shop, order)

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert "was not checked" in caplog.text


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such fulfilments")
def test_fulfilment_is_not_approved_by_hand_when_picqer_ships_the_order(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    with fulfilled_by_plugin():
        waiting = Fulfillment.objects.create(order_id=order, status="waiting_for_approval")

    with pytest.raises(ApiError, match="Picqer ships this order"):
        stocked_shop.shop.admin_api.query(APPROVE, id=to_global_id("Fulfillment", waiting.pk))

    waiting.refresh_from_db()
    assert waiting.status == "waiting_for_approval"


@pytest.mark.parametrize("status", ["canceled", "returned", "refunded"])
def test_what_ships_nothing_is_not_refused(stocked_shop: ConnectedShop, status: str) -> None:
    order = stocked_shop.order(BEANS=1)

    assert Fulfillment.objects.create(order_id=order, status=status).pk
