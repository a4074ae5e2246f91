"""How long deliveries, and what they tell of people, are kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.account.models import User
from saleor.order.models import Order

from saleor_picqer import retention, tasks
from saleor_picqer.models import CustomerLink, FulfilmentLink, InboxEvent, PeriodicTask
from saleor_picqer.store import retention as store
from saleor_picqer.store.inbox_endpoint import body_hash
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, order_event, signed
from tests.integration.support.staff_api import StaffApi


def age(days: float) -> None:
    """Let all deliveries, and what was done about them, be older."""
    moment = timezone.now() - timedelta(days=days)
    InboxEvent.objects.update(received_at=moment)
    InboxEvent.objects.exclude(handled_at=None).update(handled_at=moment)


def bodies() -> list[bytes]:
    return [bytes(body) for body in InboxEvent.objects.values_list("body", flat=True)]


def shipped_order(connected_shop: ConnectedShop) -> str:
    """Return an order that Picqer has shipped, and Saleor shows with its parcel."""
    order = connected_shop.order(BEANS=1)
    connected_shop.ship(order, trackingcode="3SBOX")
    connected_shop.run_until_idle()
    return order


def retention_is_over() -> None:
    """Let the retention time of all parcels be over, and sweep."""
    FulfilmentLink.objects.update(created_at=timezone.now() - timedelta(days=15))
    tasks.sweep()


def kept_codes() -> list[str]:
    """Return the tracking codes in the plugin's table."""
    shipments = FulfilmentLink.objects.values_list("shipments", flat=True)
    return [parcel["code"] for kept in shipments for one in kept for parcel in one["parcels"]]


def customer_of(order: str) -> User:
    """Make the order that of a registered customer."""
    customer = User.objects.create(email="jan@shop.example")
    Order.objects.filter(pk=order).update(user=customer)
    return customer


def test_body_is_dropped_and_the_hash_stays_when_the_retention_time_is_over(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F111."""
    signed(connected_shop, BODY)
    connected_shop.run_until_idle()
    age(13.9)
    tasks.sweep()
    assert bodies() == [BODY]

    age(14.1)
    tasks.sweep()

    assert bodies() == [b""]
    event = InboxEvent.objects.get()
    assert (event.status, event.body_hash) == ("ignored", body_hash(BODY))


def test_retention_time_is_the_shops_when_the_setting_names_it(
    connected_shop: ConnectedShop, settings: Any
) -> None:
    settings.SALEOR_PICQER = {"inbox_retention_days": 2}
    signed(connected_shop, BODY)
    connected_shop.run_until_idle()
    age(3)

    tasks.sweep()

    assert bodies() == [b""]


def test_delivery_is_given_up_when_it_was_not_handled_within_the_retention_time(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F111: the plugin may be switched off for months."""
    signed(connected_shop, BODY)
    connected_shop.worker.queue.clear()
    age(15)

    retention.drop_old_bodies()

    event = InboxEvent.objects.get()
    assert (event.status, bytes(event.body)) == ("failed", b"")
    assert event.last_error.startswith("The delivery was not handled within 14 days")


def test_bodies_are_dropped_in_batches_with_three_statements(connected_shop: ConnectedShop) -> None:
    for number in range(5):
        signed(connected_shop, str(number).encode())
    age(15)
    now = timezone.now()

    with CaptureQueriesContext(connection) as captured:
        assert [store.drop_bodies(now, "", limit=3) for _ in range(3)] == [3, 2, 0]

    assert len(captured) == 3 + 3 + 1


def test_bodies_about_orders_are_dropped_when_the_customer_is_deleted(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F111."""
    order, other = (stocked_shop.order(BEANS=1) for _ in range(2))
    InboxEvent.objects.all().delete()
    customer = customer_of(order)
    CustomerLink.objects.create(account="a", customer_pk=str(customer.pk), remote_id=1)
    for pk in (order, other):
        signed(stocked_shop, order_event(stocked_shop, pk))
    stocked_shop.run_until_idle()

    customer.delete()

    kept = {event.object_id: bool(event.body) for event in InboxEvent.objects.all()}
    remote_ids = [stocked_shop.row(pk).remote_id for pk in (order, other)]
    assert kept == dict(zip(remote_ids, (False, True), strict=True))
    assert not CustomerLink.objects.exists()


def test_delivery_is_handled_when_its_body_was_dropped_before(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    customer = customer_of(order)
    stocked_shop.ship(order)
    stocked_shop.webhooks.pending.clear()
    InboxEvent.objects.all().delete()
    signed(stocked_shop, order_event(stocked_shop, order))
    InboxEvent.objects.update(topic="order", object_id=stocked_shop.row(order).remote_id)
    customer.delete()

    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_customer_is_deleted_when_forgetting_fails(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = customer_of(stocked_shop.order(BEANS=1))
    monkeypatch.setattr(store, "forget_customers", lambda _: 1 // 0)

    customer.delete()

    assert not User.objects.filter(email="jan@shop.example").exists()


def test_link_is_deleted_within_a_day_when_no_signal_told_of_the_deletion(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F111: the customer was deleted by SQL."""
    here = User.objects.create(email="jan@shop.example")
    for remote_id, pk in enumerate((str(here.pk), "999999")):
        CustomerLink.objects.create(account="a", customer_pk=pk, remote_id=remote_id)
    PeriodicTask.objects.filter(name="customer check").update(
        finished_at=timezone.now() - timedelta(days=1, minutes=1)
    )

    tasks.sweep()
    tasks.sweep()

    assert [link.customer_pk for link in CustomerLink.objects.all()] == [str(here.pk)]


def test_hash_does_not_confirm_a_guessed_body(connected_shop: ConnectedShop, settings: Any) -> None:
    """Failure mode F111: bodies contain names and addresses."""
    signed(connected_shop, BODY)
    kept = InboxEvent.objects.get().body_hash
    assert kept != hashlib.sha256(BODY).hexdigest()

    settings.SECRET_KEY = "another"

    assert body_hash(BODY) != kept


# --- parcels


def test_parcels_are_dropped_when_the_retention_time_is_over(stocked_shop: ConnectedShop) -> None:
    """Failure mode F111: a tracking code shows the address on the page of the carrier."""
    order = shipped_order(stocked_shop)
    FulfilmentLink.objects.update(created_at=timezone.now() - timedelta(days=13.9))
    tasks.sweep()
    assert kept_codes() == ["3SBOX"]

    FulfilmentLink.objects.update(created_at=timezone.now() - timedelta(days=14.1))
    tasks.sweep()

    assert kept_codes() == []
    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert fulfilment.tracking == "3SBOX"


def test_nothing_changes_when_staff_push_an_order_whose_parcels_were_dropped(
    stocked_shop: ConnectedShop,
) -> None:
    order = shipped_order(stocked_shop)
    before = stocked_shop.shop.order(order)
    retention_is_over()

    StaffApi(stocked_shop.shop.admin_api).push(order)
    stocked_shop.run_until_idle()

    after = stocked_shop.shop.order(order)
    assert (after.notes, after.fulfilments) == (before.notes, before.fulfilments)
    assert kept_codes() == []


def test_parcels_are_kept_while_the_e_mail_is_held_back(stocked_shop: ConnectedShop) -> None:
    stocked_shop.connect(notify_delay=360)
    shipped_order(stocked_shop)

    retention_is_over()

    assert kept_codes() == ["3SBOX"]


def test_parcels_are_dropped_when_the_customer_is_deleted(stocked_shop: ConnectedShop) -> None:
    """Failure mode F111."""
    order = shipped_order(stocked_shop)

    customer_of(order).delete()

    assert kept_codes() == []


def test_parcels_are_dropped_in_batches_with_two_statements(stocked_shop: ConnectedShop) -> None:
    for _ in range(3):
        shipped_order(stocked_shop)
    FulfilmentLink.objects.update(created_at=timezone.now() - timedelta(days=15))

    with CaptureQueriesContext(connection) as captured:
        assert [store.drop_parcels(timezone.now(), limit=2) for _ in range(3)] == [2, 1, 0]

    assert len([q for q in captured if "SAVEPOINT" not in q["sql"]]) == 2 + 2 + 1
