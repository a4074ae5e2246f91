"""The moment at which Picqer may begin to pick an order, and events while it picks."""

from __future__ import annotations

import pytest

from tests.integration.support.checkouts import AUTHORISED
from tests.integration.support.connected_shop import ConnectedShop


@pytest.fixture
def careful(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop whose orders are processed only when paid."""
    stocked_shop.connect(process_when="paid")
    stocked_shop.run_until_idle()
    return stocked_shop


def authorised(connected_shop: ConnectedShop) -> str:
    """Place an order whose payment is authorised but not captured."""
    checkout = connected_shop.shop.begin({"BEANS": 2}).deliver().pay(AUTHORISED)
    order = checkout.complete()
    connected_shop.run_until_idle()
    return order


def test_order_does_not_fail_when_its_picklists_come_later(stocked_shop: ConnectedShop) -> None:
    """Failure mode F51: processing happens in the background."""
    stocked_shop.control("POST", "/options", processing_seconds=60)
    order = stocked_shop.order(BEANS=2)
    assert stocked_shop.remote(order)["picklists"] == []
    assert (stocked_shop.row(order).stage, stocked_shop.row(order).last_error) == ("processed", "")
    assert stocked_shop.shop.order(order).fulfilments == []

    stocked_shop.control("POST", "/clock", advance=60)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_pause_is_seen_when_picqer_pauses_an_order(stocked_shop: ConnectedShop) -> None:
    """Failure mode F52."""
    order = stocked_shop.order(BEANS=1)

    stocked_shop.picqer_api(
        "POST", f"/orders/{stocked_shop.row(order).remote_id}/pause", reason="Flood"
    )
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "UNFULFILLED"
    assert view.picqer["status"] == "paused"
    assert view.notes[-1].endswith("is paused in Picqer: Flood.")
    assert stocked_shop.row(order).stage == "processed"


def test_order_goes_on_when_picqer_resumes_it(stocked_shop: ConnectedShop) -> None:
    """Failure mode F52."""
    order = stocked_shop.order(BEANS=1)
    remote = stocked_shop.row(order).remote_id
    stocked_shop.picqer_api("POST", f"/orders/{remote}/pause", reason="Flood")
    stocked_shop.run_until_idle()

    stocked_shop.control("POST", "/clock", advance=60)
    stocked_shop.picqer_api("POST", f"/orders/{remote}/resume")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.picqer["status"] == "processing"
    assert view.notes[-1].endswith("is no longer paused in Picqer.")
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_unpaid_order_is_a_concept_with_its_stock_reserved(careful: ConnectedShop) -> None:
    """Failure mode F53."""
    order = careful.shop.draft_order({"BEANS": 2}, paid=False)
    careful.run_until_idle()

    assert careful.picqer_order(order)["status"] == "concept"
    assert careful.free_stock("BEANS") == careful.shop.available("BEANS") == 8
    assert careful.row(order).waiting_for == "The order is not paid yet."
    assert "until the order may be picked" in careful.shop.order(order).notes[-1]


def test_unpaid_order_is_not_requested_again_until_it_is_paid(careful: ConnectedShop) -> None:
    """Failure mode F53."""
    careful.shop.draft_order({"BEANS": 2}, paid=False)
    careful.run_until_idle()
    careful.reset_requests()

    careful.pass_time()

    assert careful.requests() == {}


def test_order_is_processed_when_it_is_paid(careful: ConnectedShop) -> None:
    """Failure mode F53."""
    order = careful.shop.draft_order({"BEANS": 2}, paid=False)
    careful.run_until_idle()

    careful.shop.pay(order)
    careful.run_until_idle()

    assert careful.picqer_order(order)["status"] == "processing"
    assert careful.free_stock("BEANS") == careful.shop.available("BEANS") == 8


def test_order_is_not_processed_when_its_payment_is_only_authorised(careful: ConnectedShop) -> None:
    """Failure mode F53."""
    careful.connect(authorized_is_paid=False)
    order = authorised(careful)

    assert careful.picqer_order(order)["status"] == "concept"


def test_order_is_processed_when_authorised_counts_as_paid(careful: ConnectedShop) -> None:
    """Failure mode F53."""
    careful.connect(process_when="paid", authorized_is_paid=True)
    order = authorised(careful)

    assert careful.picqer_order(order)["status"] == "processing"


def test_unpaid_order_is_not_sent_when_only_paid_ones_are(stocked_shop: ConnectedShop) -> None:
    """Failure mode F53."""
    stocked_shop.connect(push_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 2}, paid=False)
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []
    assert stocked_shop.shop.available("BEANS") == 8

    stocked_shop.shop.pay(order)
    stocked_shop.run_until_idle()
    assert stocked_shop.picqer_order(order)["status"] == "processing"
