"""Orders cancelled in Saleor or in Picqer."""

from __future__ import annotations

import pytest

from saleor_picqer.models import InboxEvent
from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

# --- cancelled in Picqer


@pytest.fixture
def edited(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with orders kept open in Saleor when Picqer cancels them."""
    stocked_shop.connect(cancel_in_saleor=False)
    return stocked_shop


def cancel_in_picqer(connected_shop: ConnectedShop, order: str) -> None:
    connected_shop.control("POST", f"/orders/{connected_shop.row(order).remote_id}/cancel")
    connected_shop.run_until_idle()


def test_order_is_left_alone_and_marked_when_picqer_cancels_it(edited: ConnectedShop) -> None:
    """Failure mode F49."""
    order = edited.order(BEANS=2)

    cancel_in_picqer(edited, order)

    view = edited.shop.order(order)
    assert view.status == "UNFULFILLED"
    assert view.picqer["status"] == "cancelled"
    assert "still open in Saleor" in view.picqer["attention"]
    assert "still open in Saleor" in view.notes[-1]
    assert edited.shop.stock("BEANS")["Main"] == (10, 2)
    assert edited.shop.available("BEANS") == 8


def test_order_is_followed_again_when_it_is_entered_anew(edited: ConnectedShop) -> None:
    """Failure mode F49."""
    order = edited.order(BEANS=2)
    cancel_in_picqer(edited, order)

    entered = edited.enter_in_picqer(edited.number(order), BEANS=2)
    edited.picqer_api("POST", f"/orders/{entered}/process")
    edited.run_until_idle()

    view = edited.shop.order(order)
    assert (view.picqer["idorder"], view.picqer["status"]) == (str(entered), "processing")
    assert "attention" not in view.picqer
    edited.control("POST", f"/orders/{entered}/ship")
    edited.run_until_idle()
    assert edited.shop.order(order).status == "FULFILLED"
    assert edited.free_stock("BEANS") == edited.shop.available("BEANS") == 8


def test_order_is_cancelled_in_saleor_when_it_is_not_entered_anew(edited: ConnectedShop) -> None:
    """Failure mode F49: nothing is left to do in Picqer."""
    order = edited.order(BEANS=2)
    cancel_in_picqer(edited, order)
    edited.reset_requests()

    edited.shop.cancel(order)
    edited.run_until_idle()

    assert edited.requests() == {}
    assert "attention" not in edited.shop.order(order).picqer


# --- cancelled in Saleor


def concept(connected_shop: ConnectedShop) -> str:
    """Place an unpaid order, a concept in Picqer."""
    order = connected_shop.shop.draft_order({"BEANS": 1}, paid=False)
    connected_shop.run_until_idle()
    return order


def processing(connected_shop: ConnectedShop) -> str:
    return connected_shop.order(BEANS=1)


def picked(connected_shop: ConnectedShop) -> str:
    """Push an order and pick half of it in the warehouse."""
    order = connected_shop.order(BEANS=2)
    (picklist,) = connected_shop.remote(order)["picklists"]
    line = connected_shop.picqer_api("GET", f"/picklists/{picklist['idpicklist']}")["products"][0]
    connected_shop.picqer_api(
        "POST",
        f"/picklists/{picklist['idpicklist']}/pick",
        idpicklist_product=line["idpicklist_product"],
        amount=1,
    )
    return order


def paused(connected_shop: ConnectedShop) -> str:
    order = connected_shop.order(BEANS=1)
    connected_shop.picqer_api(
        "POST", f"/orders/{connected_shop.row(order).remote_id}/pause", reason="Flood"
    )
    connected_shop.run_until_idle()
    return order


def shipped(connected_shop: ConnectedShop) -> str:
    """Push an order and ship it without delivering the webhook to Saleor."""
    order = connected_shop.order(BEANS=1)
    connected_shop.ship(order)
    connected_shop.webhooks.pending.clear()
    return order


STATES = {"concept": concept, "processing": processing, "paused": paused, "picked": picked}


@pytest.mark.parametrize(
    ("policy", "cancelled"),
    [
        ("never", set()),
        ("concept", {"concept"}),
        ("unpicked", {"concept", "processing", "paused"}),
    ],
)
def test_order_is_cancelled_in_picqer_as_far_as_the_policy_allows(
    stocked_shop: ConnectedShop, policy: str, cancelled: set[str]
) -> None:
    """Failure mode F50: each state under each policy."""
    stocked_shop.connect(process_when="paid", cancel_in_picqer=policy)
    orders = {state: reach(stocked_shop) for state, reach in STATES.items()}

    for order in orders.values():
        stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    views = {state: stocked_shop.shop.order(order) for state, order in orders.items()}
    gone = {state for state, order in orders.items() if is_cancelled(stocked_shop, order)}
    assert gone == cancelled
    for state, view in views.items():
        assert view.status == "CANCELED"
        if state in cancelled:
            assert view.notes[-1].endswith("is cancelled in Picqer too.")
            assert "attention" not in view.picqer
        else:
            assert "is still in Picqer" in view.notes[-1]
            assert "is still in Picqer" in view.picqer["attention"]


def is_cancelled(connected_shop: ConnectedShop, order: str) -> bool:
    return bool(connected_shop.remote(order)["status"] == "cancelled")


def test_order_is_marked_saying_so_when_it_is_shipped_already(stocked_shop: ConnectedShop) -> None:
    """Failure mode F50: the goods have to be called back."""
    order = shipped(stocked_shop)

    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert (view.status, view.fulfilments) == ("CANCELED", [])
    assert view.picqer["attention"].startswith("Shipped by Picqer")
    assert stocked_shop.remote(order)["status"] == "completed"


def test_order_is_marked_once_when_saleor_reports_it_again(stocked_shop: ConnectedShop) -> None:
    """Failure mode F50."""
    stocked_shop.connect(cancel_in_picqer="never")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()
    notes = stocked_shop.shop.order(order).notes
    stocked_shop.reset_requests()

    stocked_shop.pass_time()

    assert stocked_shop.shop.order(order).notes == notes
    assert stocked_shop.requests() == {}


def test_attention_mark_is_removed_when_staff_cancel_in_picqer(stocked_shop: ConnectedShop) -> None:
    """Failure mode F50."""
    stocked_shop.connect(cancel_in_picqer="never")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    cancel_in_picqer(stocked_shop, order)

    view = stocked_shop.shop.order(order)
    assert view.picqer["status"] == "cancelled"
    assert "attention" not in view.picqer


def test_stock_is_free_again_when_an_order_is_cancelled(stocked_shop: ConnectedShop) -> None:
    """Failure mode F50: on both sides."""
    order = stocked_shop.order(BEANS=4)
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 6

    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 10


@pytest.mark.skipif(not IS_SALEOR_3, reason="orders do not expire here")
def test_order_is_cancelled_in_picqer_when_it_expires(stocked_shop: ConnectedShop) -> None:
    """Failure mode F50: the order was not paid in time."""
    order = stocked_shop.shop.begin({"BEANS": 1}).deliver().turn_into_order()
    stocked_shop.run_until_idle()
    assert not is_cancelled(stocked_shop, order)

    order_edits.expire(stocked_shop.shop, order)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "EXPIRED"
    assert is_cancelled(stocked_shop, order)
    assert stocked_shop.shop.order(order).notes[-1].endswith("is cancelled in Picqer too.")


def test_order_is_marked_when_picqer_ships_it_after_the_cancellation(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F50: the goods have to be called back."""
    stocked_shop.connect(cancel_in_picqer="never")
    order = stocked_shop.order(BEANS=2)
    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    stocked_shop.ship(order, trackingcode="TOO-LATE")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert (view.status, view.fulfilments) == ("CANCELED", [])
    assert view.picqer["status"] == "completed"
    assert "TOO-LATE" in view.notes[-1]
    assert "attention" in view.picqer
    assert stocked_shop.row(order).stage == "completed"
    assert not InboxEvent.objects.filter(status="failed").exists()
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 8
