"""Fulfilments of what Picqer ships: which lines, in which situations, beside those by hand."""

from __future__ import annotations

from itertools import product

import pytest
from saleor.order.models import Fulfillment, Order

from saleor_picqer.hosts.common.fulfilment_guard import fulfilled_by_plugin
from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import StaffApi

ONLY_SALEOR_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")


# --- whatever the order's status


@ONLY_SALEOR_3
def test_rest_is_fulfilled_when_a_part_was_returned_meanwhile(stocked_shop: ConnectedShop) -> None:
    """Failure mode F77: open lines decide, not the order's status."""
    order = stocked_shop.order(BEANS=3)
    stocked_shop.ship(order, lines={"BEANS": 1}, trackingcode="PART-1")
    stocked_shop.run_until_idle()
    order_edits.return_goods(stocked_shop.shop, order, BEANS=1)
    assert stocked_shop.shop.order(order).status == "PARTIALLY_RETURNED"

    stocked_shop.picqer_api("POST", "/backorders/process")
    stocked_shop.ship(order, trackingcode="PART-2")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert [f.lines for f in view.fulfilments if f.tracking == "PART-2"] == [{"BEANS": 2}]
    assert stocked_shop.row(order).stage == "completed"
    assert view.picqer["attention"].startswith("Goods were returned")


@ONLY_SALEOR_3
@pytest.mark.parametrize(("approve", "unpaid"), product([True, False], repeat=2))
def test_unpaid_order_is_fulfilled_whatever_saleors_settings_for_staff_are(
    stocked_shop: ConnectedShop, approve: bool, unpaid: bool
) -> None:
    settings = stocked_shop.shop.site_settings
    settings.fulfillment_auto_approve, settings.fulfillment_allow_unpaid = approve, unpaid
    settings.save()
    stocked_shop.connect(process_when="placed")
    order = stocked_shop.shop.draft_order({"BEANS": 2}, paid=False)
    stocked_shop.run_until_idle()

    stocked_shop.ship(order, trackingcode="3S1")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert (view.status, view.is_paid) == ("FULFILLED", False)
    (fulfilment,) = view.fulfilments
    assert (fulfilment.status, fulfilment.tracking) == ("FULFILLED", "3S1")
    assert "attention" not in view.picqer


def test_order_asks_for_attention_when_picqer_ships_it_unpaid_against_the_setting(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F53: staff have processed it in Picqer by hand."""
    stocked_shop.connect(process_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 2}, paid=False)
    stocked_shop.run_until_idle()
    stocked_shop.picqer_api("POST", f"/orders/{stocked_shop.row(order).remote_id}/process")

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "FULFILLED"
    assert "does not count as paid" in view.picqer["attention"]

    stocked_shop.shop.pay(order)
    stocked_shop.run_until_idle()

    assert "attention" not in stocked_shop.shop.order(order).picqer


def test_last_unit_is_fulfilled_when_saleor_has_no_stock_left(stocked_shop: ConnectedShop) -> None:
    """Failure mode F24."""
    order = stocked_shop.order(BEANS=10)
    stocked_shop.shop.set_stock("BEANS", 0, warehouse="Main")

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert stocked_shop.shop.available("BEANS") == 0
    assert all(quantity >= 0 for quantity, _ in stocked_shop.shop.stock("BEANS").values())


def test_fulfilment_is_not_sent_back_to_picqer(stocked_shop: ConnectedShop) -> None:
    """Failure mode F66."""
    order = stocked_shop.order(BEANS=2, TEA=1)
    stocked_shop.ship(order, lines={"BEANS": 2})
    stocked_shop.run_until_idle()
    stocked_shop.reset_requests()

    stocked_shop.pass_time()

    assert stocked_shop.requests() == {}


def test_each_fulfilment_is_from_the_warehouse_of_its_picklist(stocked_shop: ConnectedShop) -> None:
    stocked_shop.control(
        "POST",
        "/seed",
        warehouses=[{"name": "Annexe"}],
        products=[{"productcode": "SOAP", "name": "SOAP", "price": 5, "stock": {"Annexe": 5}}],
    )
    stocked_shop.shop.product("SOAP")
    stocked_shop.full_sync()
    stocked_shop.run_until_idle()
    order = stocked_shop.order(BEANS=2, SOAP=1)

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    shipped = {fulfilment.warehouse: fulfilment.lines for fulfilment in view.fulfilments}
    assert (view.status, shipped) == ("FULFILLED", {"Main": {"BEANS": 2}, "Annexe": {"SOAP": 1}})


# --- other goods than ordered


def test_extra_line_is_noted_and_the_order_is_fulfilled(stocked_shop: ConnectedShop) -> None:
    """Failure mode F48: a line that staff have added in Picqer is neither billed nor lost."""
    stocked_shop.connect(process_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    stocked_shop.picqer_api(
        "POST",
        f"/orders/{stocked_shop.row(order).remote_id}/products",
        idproduct=stocked_shop.product("TEA")["idproduct"],
        amount=2,
    )
    stocked_shop.shop.pay(order)
    stocked_shop.run_until_idle()

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "FULFILLED"
    assert [fulfilment.lines for fulfilment in view.fulfilments] == [{"BEANS": 1}]
    assert any(note.endswith("2 x TEA.") for note in view.notes)


def test_parts_of_a_composition_are_no_lines_of_the_order(stocked_shop: ConnectedShop) -> None:
    """Failure mode F45."""
    beans = stocked_shop.product("BEANS")
    bundle = stocked_shop.picqer_api(
        "POST",
        "/products",
        productcode="BUNDLE",
        name="Two pounds of beans",
        price=20,
        idvatgroup=beans["idvatgroup"],
        type="virtual_composition",
    )
    stocked_shop.picqer_api(
        "POST",
        f"/products/{bundle['idproduct']}/parts",
        idproduct=beans["idproduct"],
        amount=2,
    )
    stocked_shop.shop.product("BUNDLE")
    stocked_shop.shop.set_stock("BUNDLE", 5, warehouse="Main")
    order = stocked_shop.order(BUNDLE=1)

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "FULFILLED"
    assert [fulfilment.lines for fulfilment in view.fulfilments] == [{"BUNDLE": 1}]
    assert not any("not part of this order" in note for note in view.notes)


def test_digital_line_is_left_to_saleor(stocked_shop: ConnectedShop) -> None:
    stocked_shop.shop.product("E-BOOK", ships=False)
    stocked_shop.shop.set_stock("E-BOOK", 5, warehouse="Main")
    order = stocked_shop.order(**{"BEANS": 1, "E-BOOK": 1})

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert [fulfilment.lines for fulfilment in view.fulfilments] == [{"BEANS": 1}]
    assert view.status == "PARTIALLY_FULFILLED"
    assert "attention" not in view.picqer


def test_order_is_fulfilled_as_shipped_when_the_account_lists_no_picklists(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.control("POST", "/options", order_picklists=False)
    order = stocked_shop.order(BEANS=3, TEA=1)
    stocked_shop.ship(order, lines={"BEANS": 2}, trackingcode="PART-1")
    stocked_shop.run_until_idle()
    assert [f.lines for f in stocked_shop.shop.order(order).fulfilments] == [{"BEANS": 2}]

    stocked_shop.picqer_api("POST", "/backorders/process")
    stocked_shop.ship(order, trackingcode="PART-2")
    # Only the end of the order is known.
    stocked_shop.webhooks.keep("orders.status_changed")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "FULFILLED"
    assert [f.lines for f in view.fulfilments] == [{"BEANS": 2}, {"BEANS": 1, "TEA": 1}]


# --- beside fulfilments by hand


@pytest.mark.parametrize("parcels", [1, 2])
def test_parcels_are_shown_on_a_fulfilment_by_hand(
    stocked_shop: ConnectedShop, parcels: int
) -> None:
    """Failure mode F96."""
    stocked_shop.connect(manual_fulfilment=True)
    order = stocked_shop.order(BEANS=2)
    stocked_shop.shop.fulfil(order, warehouse="Main")

    stocked_shop.close_picklist(order, parcels=parcels)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    (fulfilment,) = view.fulfilments
    assert len(fulfilment.parcels) == parcels
    assert fulfilment.tracking == ", ".join(parcel["code"] for parcel in fulfilment.parcels)
    assert "what is in fulfilment 1 already" in " ".join(view.notes)
    assert not any("not part of this order" in note for note in view.notes)
    assert stocked_shop.row(order).stage == "completed"


def test_parcels_of_two_picklists_are_shown_on_one_fulfilment_by_hand(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F96."""
    stocked_shop.connect(manual_fulfilment=True)
    order = stocked_shop.order(BEANS=4)
    stocked_shop.shop.fulfil(order, warehouse="Main")

    stocked_shop.ship(order, lines={"BEANS": 3}, trackingcode="PART-1")
    stocked_shop.picqer_api("POST", "/backorders/process")
    stocked_shop.ship(order, trackingcode="PART-2")
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert fulfilment.tracking == "PART-1, PART-2"
    assert [parcel["code"] for parcel in fulfilment.parcels] == ["PART-1", "PART-2"]


@ONLY_SALEOR_3
def test_parcels_are_shown_on_a_fulfilment_that_waits_for_approval(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F96."""
    order = stocked_shop.order(BEANS=1)
    line = Order.objects.get(pk=order).lines.get()
    with fulfilled_by_plugin():
        waiting = Fulfillment.objects.create(order_id=order, status="waiting_for_approval")
    waiting.lines.create(order_line=line, quantity=1)
    line.quantity_fulfilled = 1
    line.save()

    stocked_shop.ship(order, trackingcode="3S1")
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert (fulfilment.status, fulfilment.tracking) == ("WAITING_FOR_APPROVAL", "3S1")


# --- open again


def test_goods_are_flagged_when_a_partial_fulfilment_is_cancelled_before_the_rest_is_shipped(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    """Failure mode F89."""
    order = stocked_shop.order(BEANS=3)
    stocked_shop.ship(order, lines={"BEANS": 1})
    stocked_shop.run_until_idle()
    order_edits.cancel_fulfilment(stocked_shop.shop, order)

    stocked_shop.picqer_api("POST", "/backorders/process")
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    assert "attention" in stocked_shop.shop.order(order).picqer
    staff.push(order)
    stocked_shop.run_until_idle()
    assert stocked_shop.lines_of(order)["BEANS"]["amount"] == 1
    assert "attention" not in stocked_shop.shop.order(order).picqer


# --- cancelled


def test_open_goods_are_named_when_picqer_cancels_a_partly_fulfilled_order(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=3)
    stocked_shop.ship(order, lines={"BEANS": 1})
    stocked_shop.run_until_idle()

    stocked_shop.control("POST", f"/orders/{stocked_shop.row(order).remote_id}/cancel")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "PARTIALLY_FULFILLED"
    assert view.picqer["attention"].endswith("Refund what is not shipped: 2 x BEANS.")
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") - 2


def test_cancellation_is_told_as_asked_and_then_as_accepted(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    number = stocked_shop.row(order).remote_number

    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).notes[-2:] == [
        f"Cancelled in Saleor, so Picqer is asked to cancel order {number}.",
        f"Cancelled in Saleor, and order {number} is cancelled in Picqer too.",
    ]


def test_cancellation_is_told_as_asked_once_when_picqer_does_not_answer_at_first(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.fail_next("DELETE", "/orders/{idorder}", "500", times=4)
    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()
    assert "is asked to cancel" in stocked_shop.shop.order(order).notes[-1]

    stocked_shop.pass_time()

    notes = stocked_shop.shop.order(order).notes
    assert len([note for note in notes if "is asked to cancel" in note]) == 1
    assert notes[-1].endswith("is cancelled in Picqer too.")


def test_reason_is_told_when_the_setting_forbids_to_ask_picqer(stocked_shop: ConnectedShop) -> None:
    stocked_shop.connect(cancel_in_picqer="never")
    order = stocked_shop.order(BEANS=1)

    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert 'the setting "Cancel in Picqer" does not allow it' in view.picqer["attention"]
    assert not any("is asked to cancel" in note for note in view.notes)
