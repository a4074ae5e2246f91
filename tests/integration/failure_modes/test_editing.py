"""Orders that change in the shop after Picqer has got them."""

from __future__ import annotations

import pytest

from tests.integration.failure_modes import staff
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="the API changes no such thing here")


# --- the header


def test_only_what_changed_is_sent_when_the_address_changes(stocked: Connected) -> None:
    """After the push: address."""
    stocked.connect(process_when="when paid")
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()
    correction = {"deliveryname": "Jansen's bakery", "deliveryaddress": "Dorpsstr. 1"}
    stocked.api("PUT", f"/orders/{stocked.row(order).remote_id}", **correction)
    stocked.forget_requests()

    staff.change_address(stocked.shop, order, streetAddress1="Kade 2")
    stocked.settle()

    assert stocked.requests() == {"PUT /orders/{idorder}": 1}
    remote = stocked.remote(order)
    assert remote["deliveryaddress"] == "Kade 2"
    assert remote["deliveryname"] == "Jansen's bakery"  # which the warehouse has corrected
    assert stocked.shop.order(order).notes[-1] == "Changed in Picqer too: delivery address."


def test_note_says_to_check_the_picklist_when_the_warehouse_had_the_order(
    stocked: Connected,
) -> None:
    """After the push: address, after processing."""
    order = stocked.order(BEANS=1)

    staff.change_address(stocked.shop, order, streetAddress1="Kade 2")
    stocked.settle()

    assert stocked.remote(order)["deliveryaddress"] == "Kade 2"
    assert "check the picklist" in stocked.shop.order(order).notes[-1]


def test_order_is_marked_once_when_it_is_too_late(stocked: Connected) -> None:
    """After the push: address, when Picqer takes no changes any more."""
    stocked.picqer("POST", "/options", header_after_processing="refuse")
    order = stocked.order(BEANS=1)

    staff.change_address(stocked.shop, order, streetAddress1="Kade 2")
    stocked.settle()
    staff.touch(order)
    stocked.settle()

    view = stocked.shop.order(order)
    assert stocked.remote(order)["deliveryaddress"] == "Dorpsstraat 1"
    assert (
        view.picqer["attention"]
        == "Too late to change in Picqer: delivery address. Tell the warehouse."
    )
    assert len([note for note in view.notes if "Too late" in note]) == 1
    assert stocked.requests()["PUT /orders/{idorder}"] == 1


def test_note_of_the_customer_follows(stocked: Connected) -> None:
    """After the push: customer's note, also one that is taken back."""
    order = stocked.shop.checkout({"BEANS": 1}, note="Ring twice")
    stocked.settle()

    staff.change_note(order, "Back door")
    stocked.settle()
    assert stocked.remote(order)["customer_remarks"] == "Back door"

    staff.change_note(order, "")
    stocked.settle()
    assert not stocked.remote(order)["customer_remarks"]


@only_saleor_3
def test_what_staff_write_on_the_order_follows(stocked: Connected) -> None:
    """After the push: metadata."""
    order = stocked.order(BEANS=1)

    staff.write(stocked.shop, order, preferred_delivery_date="2030-01-31")
    stocked.settle()

    assert stocked.remote(order)["preferred_delivery_date"] == "2030-01-31"


def profiles(connected: Connected) -> dict[str, int]:
    """Shipping profiles of the account by name."""
    return {
        profile["name"]: profile["idshippingprovider_profile"]
        for provider in connected.api("GET", "/shippingproviders")
        for profile in provider["profiles"]
    }


def test_shipping_profile_follows_when_the_method_changes(stocked: Connected) -> None:
    """After the push: shipping method."""
    (slow, slow_id), (fast, fast_id) = list(profiles(stocked).items())[:2]
    stocked.connect(
        process_when="when paid",
        shipping_methods="all",
        shipping_profiles=f"Parcel = {slow}; Courier = {fast}",
    )
    if IS_SALEOR_3:
        stocked.shop.set_channel(automatically_confirm_all_new_orders=False)
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()
    assert stocked.remote(order)["idshippingprovider_profile"] == slow_id

    staff.change_method(stocked.shop, order, "Courier")
    stocked.settle()

    assert stocked.remote(order)["idshippingprovider_profile"] == fast_id
    assert "shipping profile" in stocked.shop.order(order).notes[-1]


@pytest.mark.parametrize("state", ["processing", "completed"])
def test_nothing_is_written_when_nothing_changed(stocked: Connected, state: str) -> None:
    """After the push: Saleor mentions an order for many reasons."""
    order = stocked.order(BEANS=1)
    if state == "completed":
        stocked.ship(order)
        stocked.settle()
    notes = stocked.shop.order(order).notes
    stocked.forget_requests()

    staff.touch(order)
    stocked.settle()

    assert stocked.requests() == {}
    assert stocked.shop.order(order).notes == notes


def test_order_shows_where_it_is_at_each_stage(stocked: Connected) -> None:
    """Private metadata and timeline, from the checkout to the doorstep."""
    order = stocked.place(BEANS=1)
    assert (stocked.shop.order(order).picqer, stocked.shop.order(order).notes) == ({}, [])

    stocked.settle()
    remote = stocked.remote(order)
    view = stocked.shop.order(order)
    assert view.picqer == {
        "idorder": str(remote["idorder"]),
        "number": remote["orderid"],
        "status_page": remote["public_status_page"],
        "status": "processing",
    }
    beginnings = [note.split(remote["orderid"])[0] for note in view.notes]
    assert beginnings == ["Received by Picqer as order ", "Order "]

    stocked.ship(order, trackingcode="3S-1")
    stocked.settle()
    view = stocked.shop.order(order)
    assert view.picqer["status"] == "completed"
    assert view.notes[-1] == "Shipped by Picqer with tracking 3S-1."
    assert len(view.notes) == 3


# --- lines


@pytest.fixture
def editable(stocked: Connected) -> str:
    """An order of two BEANS and a TEA that staff may still edit; Picqer has it as a concept."""
    stocked.connect(process_when="when paid")
    stocked.shop.set_channel(automatically_confirm_all_new_orders=False)
    order = stocked.shop.draft_order({"BEANS": 2, "TEA": 1}, paid=False)
    stocked.settle()
    assert stocked.row(order).stage == "allocated"
    stocked.shop.product("MUG", stock=5)
    stocked.forget_requests()
    return order


def amounts(connected: Connected, order: str) -> dict[str, int]:
    """Quantities in Picqer by SKU."""
    return {line["productcode"]: line["amount"] for line in connected.remote(order)["products"]}


@only_saleor_3
def test_lines_follow_when_staff_edit_them(stocked: Connected, editable: str) -> None:
    """Failure mode F62."""
    staff.change_quantity(stocked.shop, editable, "BEANS", 5)
    staff.delete_line(stocked.shop, editable, "TEA")
    stocked.settle()

    assert amounts(stocked, editable) == {"BEANS": 5}
    assert stocked.row(editable).stage == "allocated"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 5
    assert stocked.free_stock("TEA") == stocked.shop.available("TEA") == 10
    assert "lines were changed in Picqer too" in stocked.shop.order(editable).notes[-2]


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
    stocked: Connected,
    editable: str,
    fault: str,
    method: str,
    route: str,
) -> None:
    """Failure mode F62: all lines but one change, and the call gets no answer."""
    staff.add_line(stocked.shop, editable, "MUG", 1)
    staff.change_quantity(stocked.shop, editable, "BEANS", 3)
    staff.delete_line(stocked.shop, editable, "TEA")
    stocked.fault(method, route, fault, times=4)
    stocked.settle()
    assert amounts(stocked, editable)
    stocked.picqer("DELETE", "/faults")

    stocked.later()

    assert amounts(stocked, editable) == {"BEANS": 3, "MUG": 1}
    assert stocked.row(editable).last_error == ""
    assert stocked.row(editable).stage == "allocated"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 7
    assert stocked.free_stock("TEA") == stocked.shop.available("TEA") == 10


@only_saleor_3
def test_order_is_marked_when_its_lines_change_too_late(stocked: Connected) -> None:
    """Failure mode F62: the warehouse has it already."""
    stocked.shop.set_channel(automatically_confirm_all_new_orders=False)
    order = stocked.shop.draft_order({"BEANS": 2}, paid=False)
    stocked.settle()

    staff.change_quantity(stocked.shop, order, "BEANS", 1)
    stocked.settle()

    assert amounts(stocked, order) == {"BEANS": 2}
    assert "The lines were changed" in stocked.shop.order(order).picqer["attention"]
