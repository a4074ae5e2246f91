"""Parcels, partial shipments and e-mails: what customers and staff see of Picqer's shipments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from saleor.order.models import Order

from saleor_picqer import tasks
from saleor_picqer.models import FulfilmentLink
from tests.integration.support.connected_shop import ConnectedShop, wait
from tests.integration.support.emails import CONFIRMATION, UPDATE, Email, recorded_emails
from tests.integration.support.staff_api import StaffApi


@pytest.fixture
def emails() -> Iterator[list[Email]]:
    with recorded_emails() as sent:
        yield sent


def codes(shipment: dict[str, list[dict[str, str]]]) -> list[str]:
    return [parcel["tracking_code"] for parcel in shipment["parcels"]]


# --- parcels


def test_every_parcel_is_in_public_metadata_when_a_shipment_has_three(
    stocked_shop: ConnectedShop, emails: list[Email]
) -> None:
    """Failure modes F47 and F65."""
    order = stocked_shop.order(BEANS=1)

    idpicklist = stocked_shop.close_picklist(order, parcels=3)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    (fulfilment,) = view.fulfilments
    (shipment,) = stocked_shop.picqer_api("GET", f"/picklists/{idpicklist}/shipments")
    expected = [(parcel["tracking_code"], parcel["tracking_url"]) for parcel in shipment["parcels"]]
    assert len(expected) == 3
    assert [(p["code"], p["link"]) for p in fulfilment.parcels] == expected
    assert {p["carrier"] for p in fulfilment.parcels} == {"PostNL"}
    assert fulfilment.tracking == ", ".join(codes(shipment))
    assert emails == [(CONFIRMATION, fulfilment.tracking)]
    assert view.metadata["picqer.status_page"] == stocked_shop.remote(order)["public_status_page"]


def test_order_is_fulfilled_without_parcels_when_the_customer_collects_it(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F47: a picklist without a shipment."""
    order = stocked_shop.order(BEANS=1)

    stocked_shop.close_picklist(order)
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert (fulfilment.tracking, fulfilment.metadata) == ("", {})


def test_tracking_number_is_the_link_when_the_channel_wants_it(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.connect(tracking="link")
    order = stocked_shop.order(BEANS=1)

    stocked_shop.close_picklist(order, parcels=2)
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert fulfilment.tracking == fulfilment.parcels[0]["link"]
    assert fulfilment.tracking.startswith("https://")


def test_tracking_follows_when_the_shipment_comes_after_the_picklist(
    stocked_shop: ConnectedShop, emails: list[Email]
) -> None:
    """Failure mode F47."""
    order = stocked_shop.order(BEANS=1)
    idpicklist = stocked_shop.close_picklist(order)
    stocked_shop.run_until_idle()

    shipment = stocked_shop.add_shipment(idpicklist)
    stocked_shop.reset_requests()
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert fulfilment.tracking == ", ".join(codes(shipment))
    assert [parcel["code"] for parcel in fulfilment.parcels] == codes(shipment)
    assert emails == [(CONFIRMATION, ""), (UPDATE, fulfilment.tracking)]
    assert stocked_shop.requests() == {"GET /picklists/{idpicklist}/shipments": 1}


def test_tracking_is_corrected_in_place_when_a_shipment_is_replaced(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F47: cancelled within Picqer's five minutes."""
    order = stocked_shop.order(BEANS=1)
    idpicklist = stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    (first,) = stocked_shop.picqer_api("GET", f"/picklists/{idpicklist}/shipments")

    stocked_shop.cancel_shipment(first)
    stocked_shop.run_until_idle()
    view = stocked_shop.shop.order(order)
    assert (view.tracking, view.fulfilments[0].parcels) == ([], [])
    assert "cancelled in Picqer" in view.notes[-1]

    second = stocked_shop.add_shipment(idpicklist, 2)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.tracking == [", ".join(codes(second))]
    assert [parcel["code"] for parcel in view.fulfilments[0].parcels] == codes(second)
    assert view.notes[-1].endswith(f"is {view.tracking[0]} now.")
    assert len(view.fulfilments) == 1


def test_number_that_staff_have_entered_stays_when_a_shipment_is_replaced(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    idpicklist = stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    Order.objects.get(pk=order).fulfillments.update(tracking_number="BY-HAND")

    shipment = stocked_shop.add_shipment(idpicklist)
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert fulfilment.tracking == "BY-HAND"
    assert fulfilment.parcels[-1]["code"] == codes(shipment)[0]


def test_parcels_are_read_again_when_staff_push_the_order(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    """The webhook of the shipment was lost."""
    order = stocked_shop.order(BEANS=1, TEA=1)
    stocked_shop.ship(order, lines={"BEANS": 1}, shipment=False)
    stocked_shop.run_until_idle()
    (link,) = FulfilmentLink.objects.filter(order_pk=order)
    stocked_shop.add_shipment(link.picklist_id)
    stocked_shop.webhooks.pending.clear()

    staff.push(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).tracking != []


# --- partial shipments


def test_quantities_that_picqer_has_cancelled_stay_open(stocked_shop: ConnectedShop) -> None:
    """Failure mode F48: the back-order is deleted in Picqer."""
    stocked_shop.stock("BEANS", 2)
    order = stocked_shop.order(BEANS=5)
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    (backorder,) = stocked_shop.picqer_api("GET", "/backorders")

    stocked_shop.picqer_api("DELETE", f"/backorders/{backorder['idbackorder']}")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert stocked_shop.remote(order)["status"] == "completed"
    assert view.status == "PARTIALLY_FULFILLED"
    assert [fulfilment.lines for fulfilment in view.fulfilments] == [{"BEANS": 2}]
    assert "without shipping 3 x BEANS" in view.picqer["attention"]
    assert "without shipping 3 x BEANS" in view.notes[-1]


def test_goods_that_were_not_shipped_are_sent_again_when_staff_push_the_order(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    """Failure modes F48 and F89."""
    stocked_shop.stock("BEANS", 2)
    order = stocked_shop.order(BEANS=3)
    stocked_shop.close_picklist(order, parcels=1)
    (backorder,) = stocked_shop.picqer_api("GET", "/backorders")
    stocked_shop.picqer_api("DELETE", f"/backorders/{backorder['idbackorder']}")
    stocked_shop.run_until_idle()
    stocked_shop.pass_time()
    assert "without shipping" in stocked_shop.shop.order(order).picqer["attention"]

    stocked_shop.stock("BEANS", 10)
    staff.push(order)
    stocked_shop.run_until_idle()

    assert len(stocked_shop.orders()) == 2
    assert stocked_shop.lines_of(order)["BEANS"]["amount"] == 1
    stocked_shop.control("POST", f"/orders/{stocked_shop.row(order).remote_id}/ship")
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_order_is_fulfilled_in_two_steps_when_the_rest_is_on_backorder(
    stocked_shop: ConnectedShop, emails: list[Email]
) -> None:
    """Failure mode F46."""
    stocked_shop.stock("BEANS", 2)
    order = stocked_shop.order(BEANS=5)
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).status == "PARTIALLY_FULFILLED"

    stocked_shop.stock("BEANS", 10)
    stocked_shop.picqer_api("POST", "/backorders/process")
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert view.status == "FULFILLED"
    assert [fulfilment.lines for fulfilment in view.fulfilments] == [{"BEANS": 2}, {"BEANS": 3}]
    assert emails == [(CONFIRMATION, number) for number in view.tracking]


# --- how often


def test_shipment_costs_three_requests_however_its_webhooks_arrive(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1, TEA=1)
    stocked_shop.close_picklist(order, parcels=2)
    stocked_shop.reset_requests()

    stocked_shop.run_until_idle()

    requests = {
        route: count
        for route, count in stocked_shop.requests().items()
        if not route.startswith("GET /products")
    }
    assert requests == {
        "GET /orders/{idorder}": 1,
        "GET /picklists/{idpicklist}": 1,
        "GET /picklists/{idpicklist}/shipments": 1,
    }


@pytest.mark.parametrize("turned", [False, True])
def test_customer_gets_one_email_when_all_webhooks_come_at_once(
    stocked_shop: ConnectedShop, emails: list[Email], turned: bool
) -> None:
    """Failure modes F8 and F10: in either order, and each of them twice."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.close_picklist(order, parcels=1)
    pending = [*stocked_shop.webhooks.pending]
    stocked_shop.webhooks.pending.clear()
    stocked_shop.webhooks.pending.extend(2 * (pending[::-1] if turned else pending))

    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert [fulfilment.lines for fulfilment in view.fulfilments] == [{"BEANS": 2}]
    assert emails == [(CONFIRMATION, view.tracking[0])]
    assert len([note for note in view.notes if note.startswith("Shipped by Picqer")]) == 1


# --- e-mails that wait


def test_email_is_held_back_with_the_latest_number(
    stocked_shop: ConnectedShop, emails: list[Email]
) -> None:
    """Failure mode F65: a shipment is replaced before the customer knows of it."""
    stocked_shop.connect(notify_delay="360")
    order = stocked_shop.order(BEANS=1)
    idpicklist = stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    (first,) = stocked_shop.picqer_api("GET", f"/picklists/{idpicklist}/shipments")
    stocked_shop.cancel_shipment(first)
    second = stocked_shop.add_shipment(idpicklist)
    # Even if these webhooks are lost.
    stocked_shop.webhooks.pending.clear()
    stocked_shop.pass_time()
    assert emails == []

    FulfilmentLink.objects.update(notify_at="2026-01-01T00:00Z")
    stocked_shop.pass_time()
    stocked_shop.pass_time()

    assert emails == [(CONFIRMATION, codes(second)[0])]


def test_email_is_sent_by_the_next_worker_when_a_worker_is_killed(
    stocked_shop: ConnectedShop, emails: list[Email], monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked_shop.connect(notify_delay="360")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    FulfilmentLink.objects.update(notify_at="2026-01-01T00:00Z")
    wait()

    class KilledError(Exception):
        pass

    from saleor_picqer.hosts import host

    with monkeypatch.context() as patch:

        def kill(*_: object) -> None:
            raise KilledError

        patch.setattr(type(host().fulfilments), "notify", kill)
        stocked_shop.pass_time()
    assert emails == []
    FulfilmentLink.objects.update(notify_at="2026-01-01T00:00Z")
    stocked_shop.pass_time()

    assert len(emails) == 1


def test_other_emails_are_sent_when_the_oldest_fails(
    stocked_shop: ConnectedShop, emails: list[Email], monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked_shop.connect(notify_delay="360")
    for _ in range(2):
        stocked_shop.close_picklist(stocked_shop.order(BEANS=1))
    stocked_shop.run_until_idle()
    first, _ = FulfilmentLink.objects.order_by("pk")
    FulfilmentLink.objects.update(notify_at="2026-01-02T00:00Z")
    FulfilmentLink.objects.filter(pk=first.pk).update(notify_at="2026-01-01T00:00Z")
    monkeypatch.setattr(tasks, "EMAILS", 1)

    from saleor_picqer.hosts import host

    fulfilments = type(host().fulfilments)
    notify = fulfilments.notify

    def fail(self: Any, pk: str) -> None:
        if [pk] == first.created:
            raise ValueError
        notify(self, pk)

    monkeypatch.setattr(fulfilments, "notify", fail)
    stocked_shop.pass_time()
    stocked_shop.pass_time()

    assert len(emails) == 1
    later = timezone.now() + timedelta(minutes=4)
    assert list(FulfilmentLink.objects.filter(notify_at__gt=later)) == [first]


def test_no_email_is_sent_when_the_fulfilment_was_cancelled_meanwhile(
    stocked_shop: ConnectedShop, emails: list[Email]
) -> None:
    stocked_shop.connect(notify_delay="360")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()
    Order.objects.get(pk=order).fulfillments.update(status="canceled")
    FulfilmentLink.objects.update(notify_at="2026-01-01T00:00Z")

    stocked_shop.pass_time()

    assert emails == []
    assert not FulfilmentLink.objects.exclude(notify_at=None).exists()


def test_contract_of_the_metadata_holds(stocked_shop: ConnectedShop) -> None:
    """Storefronts depend on these names."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.close_picklist(order, parcels=1)
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    (parcel,) = json.loads(fulfilment.metadata["picqer.parcels"])
    assert set(parcel) == {"carrier", "code", "link"}
