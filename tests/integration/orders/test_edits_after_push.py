"""Orders changed in Saleor after the push to Picqer."""

from __future__ import annotations

import pytest

from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="the API changes no such thing here")


# --- the header


def test_only_what_changed_is_sent_when_the_address_changes(stocked_shop: ConnectedShop) -> None:
    stocked_shop.connect(process_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    correction = {"deliveryname": "Jansen's bakery", "deliveryaddress": "Dorpsstr. 1"}
    stocked_shop.picqer_api("PUT", f"/orders/{stocked_shop.row(order).remote_id}", **correction)
    stocked_shop.reset_requests()

    order_edits.change_address(stocked_shop.shop, order, streetAddress1="Kade 2")
    stocked_shop.run_until_idle()

    assert stocked_shop.requests() == {"PUT /orders/{idorder}": 1}
    remote = stocked_shop.remote(order)
    assert remote["deliveryaddress"] == "Kade 2"
    assert remote["deliveryname"] == "Jansen's bakery"  # which the warehouse has corrected
    assert stocked_shop.shop.order(order).notes[-1] == "Changed in Picqer too: delivery address."


def test_note_says_to_check_the_picklist_when_the_warehouse_had_the_order(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)

    order_edits.change_address(stocked_shop.shop, order, streetAddress1="Kade 2")
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["deliveryaddress"] == "Kade 2"
    assert "check the picklist" in stocked_shop.shop.order(order).notes[-1]


def test_order_is_marked_once_when_it_is_too_late(stocked_shop: ConnectedShop) -> None:
    stocked_shop.control("POST", "/options", header_after_processing="refuse")
    order = stocked_shop.order(BEANS=1)

    order_edits.change_address(stocked_shop.shop, order, streetAddress1="Kade 2")
    stocked_shop.run_until_idle()
    order_edits.touch(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert stocked_shop.remote(order)["deliveryaddress"] == "Dorpsstraat 1"
    assert (
        view.picqer["attention"]
        == "Too late to change in Picqer: delivery address. Tell the warehouse."
    )
    assert len([note for note in view.notes if "Too late" in note]) == 1
    assert stocked_shop.requests()["PUT /orders/{idorder}"] == 1


def test_customers_note_is_sent_when_it_changes(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1}, note="Ring twice")
    stocked_shop.run_until_idle()

    order_edits.change_note(order, "Back door")
    stocked_shop.run_until_idle()
    assert stocked_shop.remote(order)["customer_remarks"] == "Back door"

    order_edits.change_note(order, "")
    stocked_shop.run_until_idle()
    assert not stocked_shop.remote(order)["customer_remarks"]


@only_saleor_3
def test_metadata_is_sent_when_staff_change_it(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)

    order_edits.write_metadata(stocked_shop.shop, order, preferred_delivery_date="2030-01-31")
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["preferred_delivery_date"] == "2030-01-31"


def profiles(connected_shop: ConnectedShop) -> dict[str, int]:
    """Return the account's shipping profiles by name."""
    return {
        profile["name"]: profile["idshippingprovider_profile"]
        for provider in connected_shop.picqer_api("GET", "/shippingproviders")
        for profile in provider["profiles"]
    }


def test_shipping_profile_is_sent_when_the_method_changes(stocked_shop: ConnectedShop) -> None:
    (slow, slow_id), (fast, fast_id) = list(profiles(stocked_shop).items())[:2]
    stocked_shop.connect(
        process_when="paid",
        shipping_methods="all",
        shipping_profiles=f"Parcel = {slow}; Courier = {fast}",
    )
    if IS_SALEOR_3:
        stocked_shop.shop.set_channel(automatically_confirm_all_new_orders=False)
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    assert stocked_shop.remote(order)["idshippingprovider_profile"] == slow_id

    order_edits.change_method(stocked_shop.shop, order, "Courier")
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["idshippingprovider_profile"] == fast_id
    assert "shipping profile" in stocked_shop.shop.order(order).notes[-1]


@pytest.mark.parametrize("state", ["processing", "completed"])
def test_nothing_is_written_when_nothing_changed(stocked_shop: ConnectedShop, state: str) -> None:
    order = stocked_shop.order(BEANS=1)
    if state == "completed":
        stocked_shop.ship(order)
        stocked_shop.run_until_idle()
    notes = stocked_shop.shop.order(order).notes
    stocked_shop.reset_requests()

    order_edits.touch(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.requests() == {}
    assert stocked_shop.shop.order(order).notes == notes


def test_order_shows_where_it_is_at_each_stage(stocked_shop: ConnectedShop) -> None:
    """Private metadata and timeline, from the checkout to the doorstep."""
    order = stocked_shop.place(BEANS=1)
    assert (stocked_shop.shop.order(order).picqer, stocked_shop.shop.order(order).notes) == ({}, [])

    stocked_shop.run_until_idle()
    remote = stocked_shop.remote(order)
    view = stocked_shop.shop.order(order)
    assert view.picqer == {
        "idorder": str(remote["idorder"]),
        "number": remote["orderid"],
        "status": "processing",
    }
    beginnings = [note.split(remote["orderid"])[0] for note in view.notes]
    assert beginnings == ["Received by Picqer as order ", "Order "]

    stocked_shop.ship(order, trackingcode="3S-1")
    stocked_shop.run_until_idle()
    view = stocked_shop.shop.order(order)
    assert view.picqer["status"] == "completed"
    assert view.notes[-1] == "Shipped by Picqer with tracking 3S-1."
    assert len(view.notes) == 3


# --- lines


@pytest.fixture
def editable(stocked_shop: ConnectedShop) -> str:
    """Push an unconfirmed order of two BEANS and one TEA, a concept in Picqer."""
    stocked_shop.connect(process_when="paid")
    stocked_shop.shop.set_channel(automatically_confirm_all_new_orders=False)
    order = stocked_shop.shop.draft_order({"BEANS": 2, "TEA": 1}, paid=False)
    stocked_shop.run_until_idle()
    assert stocked_shop.row(order).stage == "allocated"
    stocked_shop.shop.product("MUG", stock=5)
    stocked_shop.reset_requests()
    return order


def amounts(connected_shop: ConnectedShop, order: str) -> dict[str, int]:
    """Return the quantities in Picqer by SKU."""
    return {
        line["productcode"]: line["amount"] for line in connected_shop.remote(order)["products"]
    }


@only_saleor_3
def test_lines_are_sent_when_staff_edit_them(stocked_shop: ConnectedShop, editable: str) -> None:
    """Failure mode F62."""
    order_edits.change_quantity(stocked_shop.shop, editable, "BEANS", 5)
    order_edits.delete_line(stocked_shop.shop, editable, "TEA")
    stocked_shop.run_until_idle()

    assert amounts(stocked_shop, editable) == {"BEANS": 5}
    assert stocked_shop.row(editable).stage == "allocated"
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 5
    assert stocked_shop.free_stock("TEA") == stocked_shop.shop.available("TEA") == 10
    assert "lines were changed in Picqer too" in stocked_shop.shop.order(editable).notes[-2]


@only_saleor_3
@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("POST", "/orders/{idorder}/products"),
        ("PUT", "/orders/{idorder}/products/{idorder_product}"),
        ("DELETE", "/orders/{idorder}/products/{idorder_product}"),
    ],
)
@pytest.mark.parametrize("fault", ["drop-before", "drop-after"])
def test_order_is_never_empty_when_editing_is_cut_short(
    stocked_shop: ConnectedShop,
    editable: str,
    fault: str,
    method: str,
    route: str,
) -> None:
    """Failure mode F62: all lines but one change, and the call gets no response."""
    order_edits.add_line(stocked_shop.shop, editable, "MUG", 1)
    order_edits.change_quantity(stocked_shop.shop, editable, "BEANS", 3)
    order_edits.delete_line(stocked_shop.shop, editable, "TEA")
    stocked_shop.fail_next(method, route, fault, times=4)
    stocked_shop.run_until_idle()
    assert amounts(stocked_shop, editable)
    stocked_shop.control("DELETE", "/faults")

    stocked_shop.pass_time()

    assert amounts(stocked_shop, editable) == {"BEANS": 3, "MUG": 1}
    assert stocked_shop.row(editable).last_error == ""
    assert stocked_shop.row(editable).stage == "allocated"
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 7
    assert stocked_shop.free_stock("TEA") == stocked_shop.shop.available("TEA") == 10


@only_saleor_3
def test_order_is_marked_when_its_lines_change_too_late(stocked_shop: ConnectedShop) -> None:
    """Failure mode F62: the warehouse has the order already."""
    stocked_shop.connect(process_when="placed")
    stocked_shop.shop.set_channel(automatically_confirm_all_new_orders=False)
    order = stocked_shop.shop.draft_order({"BEANS": 2}, paid=False)
    stocked_shop.run_until_idle()

    order_edits.change_quantity(stocked_shop.shop, order, "BEANS", 1)
    stocked_shop.run_until_idle()

    assert amounts(stocked_shop, order) == {"BEANS": 2}
    assert "The lines were changed" in stocked_shop.shop.order(order).picqer["attention"]
