"""Reconciles of orders with nothing left to do: other parcels, and orders that live on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from saleor_picqer.models import FulfilmentLink
from saleor_picqer.store import retention
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.reconciles import lose_webhooks, reconcile

# --- parcels


@pytest.fixture
def shipped(stocked_shop: ConnectedShop) -> tuple[str, int]:
    """Return a shipped order and its picklist, which has a parcel."""
    order = stocked_shop.order(BEANS=1)
    idpicklist = stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    assert len(stocked_shop.shop.order(order).tracking) == 1
    return order, idpicklist


def codes(shipment: dict[str, list[dict[str, str]]]) -> str:
    return ", ".join(parcel["tracking_code"] for parcel in shipment["parcels"])


def test_parcel_that_was_added_is_listed_then_shown(
    stocked_shop: ConnectedShop, shipped: tuple[str, int]
) -> None:
    """Failure mode F47: the webhook was lost, and nothing else was shipped for days."""
    order, idpicklist = shipped
    FulfilmentLink.objects.update(created_at=timezone.now() - timedelta(days=5))
    assert reconcile(stocked_shop).found == 0
    (before,) = stocked_shop.shop.order(order).tracking
    added = codes(stocked_shop.add_shipment(idpicklist))
    lose_webhooks(stocked_shop)

    listed = reconcile(stocked_shop, apply=False)
    assert stocked_shop.shop.order(order).tracking == [before]
    repaired = reconcile(stocked_shop)

    assert (listed.counts, listed.repaired) == ({"parcels": 1}, 0)
    assert (repaired.counts, repaired.repaired, repaired.symptoms) == ({"parcels": 1}, 1, 1)
    assert repaired.findings[0]["order_pk"] == str(order)
    assert stocked_shop.shop.order(order).tracking == [f"{before}, {added}"]
    assert reconcile(stocked_shop).found == 0


@pytest.mark.usefixtures("shipped")
def test_parcels_whose_retention_time_is_over_do_not_differ(stocked_shop: ConnectedShop) -> None:
    retention.drop_parcels(timezone.now())

    assert reconcile(stocked_shop, apply=False).found == 0
    assert reconcile(stocked_shop).found == 0


def test_shipment_that_was_replaced_is_corrected(
    stocked_shop: ConnectedShop, shipped: tuple[str, int]
) -> None:
    order, idpicklist = shipped
    (first,) = stocked_shop.picqer_api("GET", f"/picklists/{idpicklist}/shipments")
    stocked_shop.cancel_shipment(first)
    second = codes(stocked_shop.add_shipment(idpicklist, 2))
    lose_webhooks(stocked_shop)

    assert reconcile(stocked_shop).counts == {"parcels": 1}

    assert stocked_shop.shop.order(order).tracking == [second]


def test_shipment_that_was_cancelled_is_removed(
    stocked_shop: ConnectedShop, shipped: tuple[str, int]
) -> None:
    order, idpicklist = shipped
    (first,) = stocked_shop.picqer_api("GET", f"/picklists/{idpicklist}/shipments")
    stocked_shop.cancel_shipment(first)
    lose_webhooks(stocked_shop)

    assert reconcile(stocked_shop).counts == {"parcels": 1}

    assert "".join(stocked_shop.shop.order(order).tracking) == ""
    assert reconcile(stocked_shop).found == 0


def test_parcels_cost_a_request_when_nothing_is_wrong(
    stocked_shop: ConnectedShop, shipped: tuple[str, int]
) -> None:
    stocked_shop.order(BEANS=1)
    stocked_shop.reset_requests()

    assert reconcile(stocked_shop).found == 0

    assert stocked_shop.requests() == {"GET /orders": 1, "GET /shipments": 1}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_reconcile_goes_on_when_the_key_may_not_read_shipments(
    stocked_shop: ConnectedShop, shipped: tuple[str, int], status: int
) -> None:
    stocked_shop.fail_next("GET", "/shipments", "html", status=status, times=20)

    run = reconcile(stocked_shop)

    assert (run.status, run.counts) == ("done", {"order_unreadable": 1})
    assert f"HTTP {status}" in run.findings[0]["detail"]


# --- orders that live on


def cancel_in_picqer(connected_shop: ConnectedShop, order: str) -> int:
    """Cancel the order in Picqer, have the webhooks handled, and return Picqer's id."""
    remote_id = connected_shop.row(order).remote_id or 0
    connected_shop.picqer_api("DELETE", f"/orders/{remote_id}?force=true")
    connected_shop.run_until_idle()
    assert connected_shop.row(order).stage == "cancelled"
    return remote_id


def process_again(connected_shop: ConnectedShop, remote_id: int) -> None:
    """Take the cancellation back and process the order in Picqer, without webhooks."""
    connected_shop.picqer_api("POST", f"/orders/{remote_id}/undo-cancellation")
    connected_shop.picqer_api("POST", f"/orders/{remote_id}/process")
    lose_webhooks(connected_shop)


@pytest.fixture
def edited(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop whose orders stay open when Picqer's staff cancel and enter orders again."""
    stocked_shop.connect(cancel_in_saleor=False)
    stocked_shop.run_until_idle()
    return stocked_shop


def test_order_whose_cancellation_is_taken_back_is_listed_then_followed(
    edited: ConnectedShop,
) -> None:
    order = edited.order(BEANS=1)
    process_again(edited, cancel_in_picqer(edited, order))
    edited.reset_requests()

    listed = reconcile(edited, apply=False)
    assert edited.row(order).stage == "cancelled"
    assert edited.requests() == {"GET /orders": 1, "GET /orders/{idorder}": 1}
    repaired = reconcile(edited)

    assert (listed.counts, listed.repaired) == ({"order_revived": 1}, 0)
    assert (repaired.counts, repaired.repaired) == ({"order_revived": 1}, 1)
    assert edited.row(order).stage == "processed"
    assert "attention" not in edited.shop.order(order).picqer
    assert reconcile(edited).found == 0


def test_order_that_is_entered_again_is_followed_when_its_webhooks_were_lost(
    edited: ConnectedShop,
) -> None:
    """Failure mode F49: with other orders that are open."""
    order = edited.order(BEANS=1)
    edited.order(BEANS=1)
    cancel_in_picqer(edited, order)
    entered = edited.enter_in_picqer(edited.number(order), BEANS=1)
    edited.picqer_api("POST", f"/orders/{entered}/process")
    lose_webhooks(edited)

    run = reconcile(edited)

    assert (run.counts, run.compared, run.repaired) == ({"order_revived": 1}, 1, 1)
    assert (edited.row(order).remote_id, edited.row(order).stage) == (entered, "processed")
    edited.control("POST", f"/orders/{entered}/ship")
    edited.run_until_idle()
    assert edited.shop.order(order).status == "FULFILLED"


def test_order_that_is_cancelled_in_saleor_asks_for_attention_once(
    stocked_shop: ConnectedShop,
) -> None:
    """Goods of a cancelled order are picked: no repair is safe."""
    order = stocked_shop.order(BEANS=1)
    process_again(stocked_shop, cancel_in_picqer(stocked_shop, order))

    first, second = reconcile(stocked_shop), reconcile(stocked_shop)

    for run in (first, second):
        assert (run.status, run.counts, run.repaired) == ("done", {"order_revived": 1}, 0)
        assert "processing" in run.findings[0]["detail"]
    view = stocked_shop.shop.order(order)
    assert view.picqer["attention"].endswith("or get the goods back.")
    assert view.notes.count(view.picqer["attention"]) == 1


def test_completed_order_that_picqer_works_on_is_reported(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()
    remote_id = stocked_shop.row(order).remote_id or 0
    stocked_shop.server.account.state.orders[remote_id].status = "processing"

    run = reconcile(stocked_shop)

    assert (run.counts, run.repaired) == ({"order_revived": 1}, 0)
    assert stocked_shop.row(order).stage == "completed"
    assert len(stocked_shop.shop.order(order).fulfilments) == 1


def test_order_of_others_with_the_reference_of_a_cancelled_order_is_left_alone(
    edited: ConnectedShop,
) -> None:
    """Failure mode F54."""
    order = edited.order(BEANS=1)
    cancel_in_picqer(edited, order)
    foreign = edited.enter_in_picqer(edited.number(order), TEA=1)
    edited.picqer_api("POST", f"/orders/{foreign}/process")
    lose_webhooks(edited)
    edited.reset_requests()

    assert reconcile(edited).found == 0

    assert edited.requests() == {"GET /orders": 1}
    assert edited.row(order).stage == "cancelled"


# --- orders that were entered again, and shipped


def enter_again(connected_shop: ConnectedShop, order: str, **lines: int) -> int:
    """Enter the order once more in Picqer, ship it, and lose all webhooks."""
    entered = connected_shop.enter_in_picqer(connected_shop.number(order), **lines)
    connected_shop.picqer_api("POST", f"/orders/{entered}/process")
    connected_shop.control("POST", f"/orders/{entered}/ship")
    lose_webhooks(connected_shop)
    return entered


@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize("cancel_in_saleor", [False, True])
def test_order_is_fulfilled_when_it_was_entered_again_and_shipped_without_webhooks(
    stocked_shop: ConnectedShop, cancel_in_saleor: bool, is_deleted: bool
) -> None:
    """Failure mode F49: all that happened was lost, from the cancellation to the shipment."""
    stocked_shop.connect(cancel_in_saleor=cancel_in_saleor)
    order = stocked_shop.order(BEANS=1)
    other = stocked_shop.order(TEA=1)
    former = stocked_shop.row(order).remote_id or 0
    stocked_shop.picqer_api("DELETE", f"/orders/{former}?force=true")
    entered = enter_again(stocked_shop, order, BEANS=1)
    if is_deleted:
        del stocked_shop.server.account.state.orders[former]
    stocked_shop.reset_requests()

    listed = reconcile(stocked_shop, apply=False)
    assert stocked_shop.requests() == {"GET /orders": 2, "GET /orders/{idorder}": 1}
    assert (stocked_shop.row(order).remote_id, stocked_shop.row(order).stage) == (
        former,
        "processed",
    )
    repaired = reconcile(stocked_shop)

    assert (listed.counts, listed.repaired) == ({"order_revived": 1}, 0)
    assert (repaired.counts, repaired.repaired) == ({"order_revived": 1}, 1)
    assert repaired.findings[0]["detail"].endswith("Status in Picqer: completed.")
    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert stocked_shop.shop.order(order).fulfilments[0].lines == {"BEANS": 1}
    assert "attention" not in stocked_shop.shop.order(order).picqer
    row = stocked_shop.row(order)
    assert (row.remote_id, row.stage, row.former_ids) == (entered, "completed", [former])
    assert stocked_shop.row(other).stage == "processed"
    assert reconcile(stocked_shop).found == 0


def test_order_cancelled_in_saleor_asks_for_attention_when_it_was_entered_again_and_shipped(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    former = stocked_shop.row(order).remote_id or 0
    stocked_shop.shop.cancel(order)
    stocked_shop.picqer_api("DELETE", f"/orders/{former}?force=true")
    enter_again(stocked_shop, order, BEANS=1)

    run = reconcile(stocked_shop)

    assert (run.counts, run.repaired) == ({"order_revived": 1}, 0)
    row = stocked_shop.row(order)
    assert (row.remote_id, row.stage) == (former, "cancelled")
    assert stocked_shop.shop.order(order).picqer["attention"].endswith("or get the goods back.")


def test_order_of_others_with_the_reference_of_a_deleted_order_is_left_alone(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F54."""
    order = stocked_shop.order(BEANS=1)
    former = stocked_shop.row(order).remote_id or 0
    enter_again(stocked_shop, order, TEA=1)
    del stocked_shop.server.account.state.orders[former]

    assert reconcile(stocked_shop).counts == {"order_missing": 1}

    assert stocked_shop.row(order).remote_id == former
    assert stocked_shop.shop.order(order).fulfilments == []
