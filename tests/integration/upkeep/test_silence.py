"""Registered webhooks without deliveries: noticed within the hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from saleor_picqer import hook_upkeep, tasks
from saleor_picqer.hook_upkeep import SILENT_FOR
from saleor_picqer.models import HookRegistration, InboxEvent, OutboxOrder, ReconcileRun
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, signed, stock_event


def age() -> None:
    """Let more than an hour pass without a delivery or a change of an order."""
    before = timezone.now() - SILENT_FOR - timedelta(minutes=1)
    InboxEvent.objects.update(received_at=before)
    OutboxOrder.objects.update(updated_at=before)


def check_hourly(connected_shop: ConnectedShop) -> None:
    HookRegistration.objects.update(check_at=None)
    connected_shop.reset_requests()
    tasks.check_hooks(HookRegistration.objects.get().account)


def lose_webhooks(connected_shop: ConnectedShop) -> None:
    connected_shop.webhooks.pending.clear()


def test_shipment_arrives_within_the_hour_when_webhooks_are_silent(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.order(BEANS=1)
    age()
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)

    check_hourly(stocked_shop)

    assert stocked_shop.requests() == {"GET /hooks": 1, "GET /orders": 1}
    stocked_shop.pass_time()
    assert stocked_shop.shop.order(order).status == "FULFILLED"
    run = ReconcileRun.objects.get()
    assert (run.cause, run.repaired, run.symptoms) == ("hooks", 1, 1)


def test_silence_about_orders_is_noticed_when_webhooks_about_stock_arrive(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.order(BEANS=1)
    age()
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)
    signed(stocked_shop, stock_event(stocked_shop, "BEANS"))
    stocked_shop.run_until_idle()

    check_hourly(stocked_shop)
    stocked_shop.pass_time()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_next_check_goes_on_when_there_are_more_orders_than_one_looks_at(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F54: bounded requests, and each order has its turn."""
    stocked_shop.order(BEANS=1)
    order = stocked_shop.order(BEANS=1)
    age()
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)
    monkeypatch.setattr(hook_upkeep, "BATCH", 1)
    monkeypatch.setattr(hook_upkeep, "MOST_PAGES", 1)

    check_hourly(stocked_shop)
    assert stocked_shop.requests() == {"GET /hooks": 1, "GET /orders": 1}
    assert not ReconcileRun.objects.exists()
    check_hourly(stocked_shop)
    assert stocked_shop.requests() == {"GET /hooks": 1, "GET /orders": 1}
    assert ReconcileRun.objects.exists()
    check_hourly(stocked_shop)
    assert HookRegistration.objects.get().compared_until == 0


def test_nothing_is_compared_when_the_warehouse_is_quiet(stocked_shop: ConnectedShop) -> None:
    stocked_shop.order(BEANS=1)
    age()

    check_hourly(stocked_shop)

    assert stocked_shop.requests() == {"GET /hooks": 1, "GET /orders": 1}
    assert not ReconcileRun.objects.exists()


def test_no_order_is_read_when_a_webhook_has_just_arrived(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    age()
    stocked_shop.ship(order)
    lose_webhooks(stocked_shop)
    signed(stocked_shop, BODY)

    check_hourly(stocked_shop)

    assert stocked_shop.requests() == {"GET /hooks": 1}
    assert not ReconcileRun.objects.exists()
