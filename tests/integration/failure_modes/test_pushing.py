"""Orders on their way to Picqer, each of them once, whatever answer is lost."""

from __future__ import annotations

from collections import deque

import pytest
import responses

from saleor_picqer import tasks, wiring
from tests.integration.failure_modes import staff
from tests.integration.support.connected_shop import Connected

LOST = pytest.mark.parametrize("fault", ["drop-before", "drop-after"])
"""What real workers make of every fault at every call is in tests/integration/delivery."""


def test_fresh_order_costs_two_requests(stocked: Connected) -> None:
    stocked.place(BEANS=2)
    stocked.worker.run()

    assert stocked.requests() == {"POST /orders": 1, "POST /orders/{idorder}/process": 1}


def test_unpaid_draft_order_is_pushed_when_it_is_completed(stocked: Connected) -> None:
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_order_cancelled_before_its_push_is_skipped(stocked: Connected) -> None:
    order = stocked.place(BEANS=1)
    stocked.shop.cancel(order)
    stocked.settle()

    assert stocked.orders() == []
    assert stocked.row(order).stage == "skipped"


def test_order_is_pushed_once_when_two_workers_take_it(stocked: Connected) -> None:
    """Failure mode F13."""
    order = stocked.place(BEANS=1)
    taken = wiring.outbox.claim(order)

    tasks.push_order(order)
    assert stocked.orders() == []

    assert taken is not None
    wiring.outbox.release(taken)
    stocked.settle()
    assert len(stocked.orders()) == 1


def test_order_waits_naming_the_key_when_it_is_refused(stocked: Connected) -> None:
    with responses.RequestsMock() as picqer:
        picqer.post(f"{stocked.server.url}/api/v1/orders", status=401, json={})
        picqer.add_passthru(f"{stocked.server.url}/_simulator")
        order = stocked.place(BEANS=1)
        stocked.worker.run()
    assert "API key" in stocked.row(order).last_error
    assert stocked.row(order).stage == "creating"

    stocked.later()

    assert stocked.order_of(order)["status"] == "processing"


def test_order_that_waits_is_due_at_once_when_the_settings_are_mended(stocked: Connected) -> None:
    stocked.server.runtime.api_key = "another"
    order = stocked.order(BEANS=1)
    stocked.server.runtime.api_key = stocked.server.api_key
    tasks.sweep()
    assert stocked.worker.queue == deque()

    stocked.connect()
    tasks.sweep()
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_order_arrives_later_when_picqer_is_down(stocked: Connected) -> None:
    stocked.fault("POST", "/orders", "500")
    order = stocked.place(BEANS=1)
    stocked.settle()
    assert stocked.row(order).attempts == 1
    assert stocked.orders() == []

    stocked.later()

    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.row(order).last_error == ""


@LOST
@pytest.mark.parametrize("route", ["/orders", "/orders/{idorder}/process"])
def test_order_is_there_once_when_an_answer_is_lost(
    stocked: Connected, fault: str, route: str
) -> None:
    """Failure mode F12, at `POST /orders` and `process`."""
    stocked.fault("POST", route, fault)
    order = stocked.place(BEANS=1)
    stocked.settle()

    stocked.later()

    assert len(stocked.orders()) == 1
    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.row(order).stage == "processed"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 9


@LOST
def test_order_is_reserved_once_when_the_answer_is_lost(stocked: Connected, fault: str) -> None:
    """Failure mode F12, at `allocate`."""
    stocked.connect(process_when="when paid")
    stocked.fault("POST", "/orders/{idorder}/allocate", fault)
    order = stocked.shop.draft_order({"BEANS": 2}, paid=False)
    stocked.settle()

    stocked.later()

    assert len(stocked.orders()) == 1
    assert stocked.row(order).stage == "allocated"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 8


@LOST
def test_order_is_cancelled_once_when_the_answer_is_lost(stocked: Connected, fault: str) -> None:
    """Failure mode F12, at `DELETE`."""
    order = stocked.order(BEANS=2)
    stocked.fault("DELETE", "/orders/{idorder}", fault, times=4)
    stocked.shop.cancel(order)
    stocked.settle()

    stocked.later()

    assert stocked.remote(order)["status"] == "cancelled"
    assert stocked.row(order).stage == "cancelled"
    assert stocked.shop.order(order).picqer["status"] == "cancelled"
    assert "attention" not in stocked.shop.order(order).picqer
    notes = [
        note for note in stocked.shop.order(order).notes if "is cancelled in Picqer too" in note
    ]
    assert len(notes) == 1


@LOST
def test_order_is_changed_when_the_answer_is_lost(stocked: Connected, fault: str) -> None:
    """Failure mode F12, at `PUT`."""
    order = stocked.order(BEANS=1)
    stocked.fault("PUT", "/orders/{idorder}", fault, times=4)
    staff.change_note(order, "Back door")
    stocked.settle()

    stocked.later()

    assert stocked.remote(order)["customer_remarks"] == "Back door"
    assert stocked.row(order).last_error == ""
    notes = [note for note in stocked.shop.order(order).notes if "customer's note" in note]
    assert len(notes) == 1


def test_cancelled_order_is_looked_for_when_nobody_knows_whether_it_arrived(
    stocked: Connected,
) -> None:
    """Failure mode F12: cancelled between a lost answer and the next attempt."""
    stocked.fault("POST", "/orders", "drop-after")
    order = stocked.place(BEANS=1)
    stocked.settle()
    stocked.shop.cancel(order)

    stocked.later()

    assert [found["status"] for found in stocked.orders()] == ["cancelled"]
    assert stocked.row(order).stage == "cancelled"
