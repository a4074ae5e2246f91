"""Orders that one side cancels."""

from __future__ import annotations

import pytest

from saleor_picqer.models import InboxEvent
from tests.integration.failure_modes import staff
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3

# --- cancelled in Picqer


@pytest.fixture
def edited(stocked: Connected) -> Connected:
    """Staff cancel orders in Picqer just to enter them anew."""
    stocked.connect(cancel_in_saleor=False)
    return stocked


def cancel_in_picqer(connected: Connected, order: str) -> None:
    connected.picqer("POST", f"/orders/{connected.row(order).remote_id}/cancel")
    connected.settle()


def test_order_is_left_alone_and_marked_when_picqer_cancels_it(edited: Connected) -> None:
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


def test_order_is_followed_again_when_it_is_entered_anew(edited: Connected) -> None:
    """Failure mode F49."""
    order = edited.order(BEANS=2)
    cancel_in_picqer(edited, order)

    entered = edited.enter(edited.number(order), BEANS=2)
    edited.api("POST", f"/orders/{entered}/process")
    edited.settle()

    view = edited.shop.order(order)
    assert (view.picqer["idorder"], view.picqer["status"]) == (str(entered), "processing")
    assert "attention" not in view.picqer
    edited.picqer("POST", f"/orders/{entered}/ship")
    edited.settle()
    assert edited.shop.order(order).status == "FULFILLED"
    assert edited.free_stock("BEANS") == edited.shop.available("BEANS") == 8


def test_order_is_cancelled_here_too_when_it_is_not_entered_anew(edited: Connected) -> None:
    """Failure mode F49: nothing is left to do in Picqer."""
    order = edited.order(BEANS=2)
    cancel_in_picqer(edited, order)
    edited.forget_requests()

    edited.shop.cancel(order)
    edited.settle()

    assert edited.requests() == {}
    assert "attention" not in edited.shop.order(order).picqer


# --- cancelled in Saleor


def concept(connected: Connected) -> str:
    """Not paid, so not processed: the channel is a careful one."""
    order = connected.shop.draft_order({"BEANS": 1}, paid=False)
    connected.settle()
    return order


def processing(connected: Connected) -> str:
    return connected.order(BEANS=1)


def picked(connected: Connected) -> str:
    """The warehouse has it half in a box."""
    order = connected.order(BEANS=2)
    (picklist,) = connected.remote(order)["picklists"]
    line = connected.api("GET", f"/picklists/{picklist['idpicklist']}")["products"][0]
    connected.api(
        "POST",
        f"/picklists/{picklist['idpicklist']}/pick",
        idpicklist_product=line["idpicklist_product"],
        amount=1,
    )
    return order


def paused(connected: Connected) -> str:
    order = connected.order(BEANS=1)
    connected.api("POST", f"/orders/{connected.row(order).remote_id}/pause", reason="Flood")
    connected.settle()
    return order


def shipped(connected: Connected) -> str:
    """Saleor has not heard of it."""
    order = connected.order(BEANS=1)
    connected.ship(order)
    connected.postman.pending.clear()
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
    stocked: Connected, policy: str, cancelled: set[str]
) -> None:
    """Failure mode F50: each state under each policy."""
    stocked.connect(process_when="when paid", cancel_in_picqer=policy)
    orders = {state: reach(stocked) for state, reach in STATES.items()}

    for order in orders.values():
        stocked.shop.cancel(order)
    stocked.settle()

    views = {state: stocked.shop.order(order) for state, order in orders.items()}
    gone = {state for state, order in orders.items() if is_cancelled(stocked, order)}
    assert gone == cancelled
    for state, view in views.items():
        assert view.status == "CANCELED"
        if state in cancelled:
            assert view.notes[-1].endswith("is cancelled in Picqer too.")
            assert "attention" not in view.picqer
        else:
            assert "is still in Picqer" in view.notes[-1]
            assert "is still in Picqer" in view.picqer["attention"]


def is_cancelled(connected: Connected, order: str) -> bool:
    return bool(connected.remote(order)["status"] == "cancelled")


def test_order_is_marked_saying_so_when_it_is_shipped_already(stocked: Connected) -> None:
    """Failure mode F50: somebody has to get the goods back."""
    order = shipped(stocked)

    stocked.shop.cancel(order)
    stocked.settle()

    view = stocked.shop.order(order)
    assert (view.status, view.fulfilments) == ("CANCELED", [])
    assert "shipped" in view.picqer["attention"]
    assert stocked.remote(order)["status"] == "completed"


def test_order_is_marked_once_however_often_saleor_mentions_it(stocked: Connected) -> None:
    """Failure mode F50."""
    stocked.connect(cancel_in_picqer="never")
    order = stocked.order(BEANS=1)
    stocked.shop.cancel(order)
    stocked.settle()
    notes = stocked.shop.order(order).notes
    stocked.forget_requests()

    stocked.later()

    assert stocked.shop.order(order).notes == notes
    assert stocked.requests() == {}


def test_mark_is_taken_off_when_somebody_cancels_it_in_picqer(stocked: Connected) -> None:
    """Failure mode F50."""
    stocked.connect(cancel_in_picqer="never")
    order = stocked.order(BEANS=1)
    stocked.shop.cancel(order)
    stocked.settle()

    cancel_in_picqer(stocked, order)

    view = stocked.shop.order(order)
    assert view.picqer["status"] == "cancelled"
    assert "attention" not in view.picqer


def test_stock_is_free_again_when_an_order_is_cancelled(stocked: Connected) -> None:
    """Failure mode F50: on both sides."""
    order = stocked.order(BEANS=4)
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 6

    stocked.shop.cancel(order)
    stocked.settle()

    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 10


@pytest.mark.skipif(not IS_SALEOR_3, reason="orders do not expire here")
def test_order_is_cancelled_in_picqer_when_it_expires(stocked: Connected) -> None:
    """Failure mode F50: an order that nobody paid in time."""
    order = stocked.shop.begin({"BEANS": 1}).deliver().turn_into_order()
    stocked.settle()
    assert not is_cancelled(stocked, order)

    staff.expire(order)
    stocked.settle()

    assert stocked.shop.order(order).status == "EXPIRED"
    assert is_cancelled(stocked, order)
    assert stocked.shop.order(order).notes[-1].endswith("is cancelled in Picqer too.")


def test_order_is_said_to_be_shipped_when_picqer_ships_it_all_the_same(stocked: Connected) -> None:
    """Failure mode F50: somebody has to get the goods back."""
    stocked.connect(cancel_in_picqer="never")
    order = stocked.order(BEANS=2)
    stocked.shop.cancel(order)
    stocked.settle()

    stocked.ship(order, trackingcode="TOO-LATE")
    stocked.settle()

    view = stocked.shop.order(order)
    assert (view.status, view.fulfilments) == ("CANCELED", [])
    assert view.picqer["status"] == "completed"
    assert "TOO-LATE" in view.notes[-1]
    assert "attention" in view.picqer
    assert stocked.row(order).stage == "completed"
    assert not InboxEvent.objects.filter(status="failed").exists()
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 8
