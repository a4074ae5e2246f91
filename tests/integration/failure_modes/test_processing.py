"""When Picqer may begin to pick an order, and what happens there meanwhile."""

from __future__ import annotations

import pytest

from tests.integration.support.checkouts import AUTHORISED
from tests.integration.support.connected_shop import Connected


@pytest.fixture
def careful(stocked: Connected) -> Connected:
    """Nothing is picked before it is paid."""
    stocked.connect(process_when="when paid")
    stocked.settle()
    return stocked


def authorised(connected: Connected) -> str:
    """A customer has ordered, and the money is promised but not there."""
    checkout = connected.shop.begin({"BEANS": 2}).deliver().pay(AUTHORISED)
    order = checkout.complete()
    connected.settle()
    return order


def test_order_is_no_failure_when_its_picklists_come_later(stocked: Connected) -> None:
    """Failure mode F51: processing happens in the background."""
    stocked.picqer("POST", "/options", processing_seconds=60)
    order = stocked.order(BEANS=2)
    assert stocked.remote(order)["picklists"] == []
    assert (stocked.row(order).stage, stocked.row(order).last_error) == ("processed", "")
    assert stocked.shop.order(order).fulfilments == []

    stocked.picqer("POST", "/clock", advance=60)
    stocked.ship(order)
    stocked.settle()

    assert stocked.shop.order(order).status == "FULFILLED"


def test_pause_is_seen_when_picqer_pauses_an_order(stocked: Connected) -> None:
    """Failure mode F52."""
    order = stocked.order(BEANS=1)

    stocked.api("POST", f"/orders/{stocked.row(order).remote_id}/pause", reason="Flood")
    stocked.settle()

    view = stocked.shop.order(order)
    assert view.status == "UNFULFILLED"
    assert view.picqer["status"] == "paused"
    assert view.notes[-1].endswith("is paused in Picqer: Flood.")
    assert stocked.row(order).stage == "processed"


def test_order_goes_on_when_picqer_resumes_it(stocked: Connected) -> None:
    """Failure mode F52."""
    order = stocked.order(BEANS=1)
    remote = stocked.row(order).remote_id
    stocked.api("POST", f"/orders/{remote}/pause", reason="Flood")
    stocked.settle()

    stocked.picqer("POST", "/clock", advance=60)
    stocked.api("POST", f"/orders/{remote}/resume")
    stocked.settle()

    view = stocked.shop.order(order)
    assert view.picqer["status"] == "processing"
    assert view.notes[-1].endswith("is no longer paused in Picqer.")
    stocked.ship(order)
    stocked.settle()
    assert stocked.shop.order(order).status == "FULFILLED"


def test_unpaid_order_is_a_concept_with_its_stock_reserved(careful: Connected) -> None:
    """Failure mode F53."""
    order = careful.shop.draft_order({"BEANS": 2}, paid=False)
    careful.settle()

    assert careful.order_of(order)["status"] == "concept"
    assert careful.free_stock("BEANS") == careful.shop.available("BEANS") == 8
    assert careful.row(order).waiting_for == "the order is not paid yet"
    assert "until the order is paid" in careful.shop.order(order).notes[-1]


def test_unpaid_order_is_asked_about_no_more_until_it_is_paid(careful: Connected) -> None:
    """Failure mode F53."""
    careful.shop.draft_order({"BEANS": 2}, paid=False)
    careful.settle()
    careful.forget_requests()

    careful.later()

    assert careful.requests() == {}


def test_order_is_processed_when_it_is_paid(careful: Connected) -> None:
    """Failure mode F53."""
    order = careful.shop.draft_order({"BEANS": 2}, paid=False)
    careful.settle()

    careful.shop.pay(order)
    careful.settle()

    assert careful.order_of(order)["status"] == "processing"
    assert careful.free_stock("BEANS") == careful.shop.available("BEANS") == 8


def test_order_is_not_processed_when_its_payment_is_only_authorised(careful: Connected) -> None:
    """Failure mode F53."""
    order = authorised(careful)

    assert careful.order_of(order)["status"] == "concept"


def test_order_is_processed_when_authorised_counts_as_paid(careful: Connected) -> None:
    """Failure mode F53."""
    careful.connect(process_when="when paid", authorized_is_paid=True)
    order = authorised(careful)

    assert careful.order_of(order)["status"] == "processing"


def test_unpaid_order_is_not_sent_when_only_paid_ones_are(stocked: Connected) -> None:
    """Failure mode F53."""
    stocked.connect(push_when="paid")
    order = stocked.shop.draft_order({"BEANS": 2}, paid=False)
    stocked.settle()
    assert stocked.orders() == []
    assert stocked.shop.available("BEANS") == 8

    stocked.shop.pay(order)
    stocked.settle()
    assert stocked.order_of(order)["status"] == "processing"
