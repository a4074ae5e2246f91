"""Orders on the way to Picqer arrive once, even when responses are lost."""

from __future__ import annotations

import pytest
import responses

from saleor_picqer import tasks, wiring
from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop

# What real workers make of every fault at every call is in tests/integration/delivery.
LOST = pytest.mark.parametrize("fault", ["drop-before", "drop-after"])


def test_fresh_order_costs_two_requests(stocked_shop: ConnectedShop) -> None:
    stocked_shop.place(BEANS=2)
    stocked_shop.worker.run()

    assert stocked_shop.requests() == {"POST /orders": 1, "POST /orders/{idorder}/process": 1}


def test_unpaid_draft_order_is_pushed_when_it_is_completed(stocked_shop: ConnectedShop) -> None:
    """Failure mode F87: the stock is reserved, and nothing unpaid is picked."""
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "concept"
    assert stocked_shop.row(order).stage == "allocated"


def test_order_cancelled_before_its_push_is_skipped(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.place(BEANS=1)
    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.orders() == []
    assert stocked_shop.row(order).stage == "skipped"


def test_order_is_pushed_once_when_two_workers_take_it(stocked_shop: ConnectedShop) -> None:
    """Failure mode F13."""
    order = stocked_shop.place(BEANS=1)
    taken = wiring.outbox.claim(order)

    tasks.push_order(order)
    assert stocked_shop.orders() == []

    assert taken is not None
    wiring.outbox.release(taken)
    stocked_shop.run_until_idle()
    assert len(stocked_shop.orders()) == 1


def test_order_waits_naming_the_key_when_it_is_refused(stocked_shop: ConnectedShop) -> None:
    with responses.RequestsMock() as picqer:
        picqer.post(f"{stocked_shop.server.url}/api/v1/orders", status=401, json={})
        picqer.add_passthru(f"{stocked_shop.server.url}/_simulator")
        order = stocked_shop.place(BEANS=1)
        stocked_shop.worker.run()
    assert "API key" in stocked_shop.row(order).last_error
    assert stocked_shop.row(order).stage == "creating"

    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_order_that_waits_is_due_at_once_when_the_settings_are_mended(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.server.runtime.api_key = "another"
    order = stocked_shop.order(BEANS=1)
    stocked_shop.server.runtime.api_key = stocked_shop.server.api_key
    tasks.sweep()
    assert "push_order" not in stocked_shop.worker.pending

    stocked_shop.connect()
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_order_arrives_later_when_picqer_is_down(stocked_shop: ConnectedShop) -> None:
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    assert stocked_shop.row(order).attempts == 1
    assert stocked_shop.orders() == []

    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"
    assert stocked_shop.row(order).last_error == ""


@LOST
@pytest.mark.parametrize("route", ["/orders", "/orders/{idorder}/process"])
def test_order_arrives_once_when_a_response_is_lost(
    stocked_shop: ConnectedShop, fault: str, route: str
) -> None:
    """Failure mode F12, at `POST /orders` and `process`."""
    stocked_shop.fail_next("POST", route, fault)
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()

    stocked_shop.pass_time()

    assert len(stocked_shop.orders()) == 1
    assert stocked_shop.picqer_order(order)["status"] == "processing"
    assert stocked_shop.row(order).stage == "processed"
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 9


@LOST
def test_order_is_reserved_once_when_the_response_is_lost(
    stocked_shop: ConnectedShop, fault: str
) -> None:
    """Failure mode F12, at `allocate`."""
    stocked_shop.connect(process_when="paid")
    stocked_shop.fail_next("POST", "/orders/{idorder}/allocate", fault)
    order = stocked_shop.shop.draft_order({"BEANS": 2}, paid=False)
    stocked_shop.run_until_idle()

    stocked_shop.pass_time()

    assert len(stocked_shop.orders()) == 1
    assert stocked_shop.row(order).stage == "allocated"
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 8


@LOST
def test_order_is_cancelled_once_when_the_response_is_lost(
    stocked_shop: ConnectedShop, fault: str
) -> None:
    """Failure mode F12, at `DELETE`."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.fail_next("DELETE", "/orders/{idorder}", fault, times=4)
    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    stocked_shop.pass_time()

    assert stocked_shop.remote(order)["status"] == "cancelled"
    assert stocked_shop.row(order).stage == "cancelled"
    assert stocked_shop.shop.order(order).picqer["status"] == "cancelled"
    assert "attention" not in stocked_shop.shop.order(order).picqer
    notes = [
        note
        for note in stocked_shop.shop.order(order).notes
        if "is cancelled in Picqer too" in note
    ]
    assert len(notes) == 1


@LOST
def test_order_is_changed_when_the_response_is_lost(
    stocked_shop: ConnectedShop, fault: str
) -> None:
    """Failure mode F12, at `PUT`."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.fail_next("PUT", "/orders/{idorder}", fault, times=4)
    order_edits.change_note(order, "Back door")
    stocked_shop.run_until_idle()

    stocked_shop.pass_time()

    assert stocked_shop.remote(order)["customer_remarks"] == "Back door"
    assert stocked_shop.row(order).last_error == ""
    notes = [note for note in stocked_shop.shop.order(order).notes if "customer's note" in note]
    assert len(notes) == 1


def test_cancelled_order_is_looked_up_when_its_arrival_is_unknown(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F12: cancelled between a lost answer and the next attempt."""
    stocked_shop.fail_next("POST", "/orders", "drop-after")
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    stocked_shop.shop.cancel(order)

    stocked_shop.pass_time()

    assert [found["status"] for found in stocked_shop.orders()] == ["cancelled"]
    assert stocked_shop.row(order).stage == "cancelled"
