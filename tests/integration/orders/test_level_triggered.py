"""Changes without a hook: the sweeper reads every modified order, in any state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.order.models import Order

from saleor_picqer import capture, tasks, wiring
from saleor_picqer.domain.order_state_machine import Action
from saleor_picqer.models import ChannelState, OutboxOrder
from saleor_picqer.plugin import PicqerPlugin
from saleor_picqer.sync.orders import process, push
from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_copies import copy_order


@pytest.fixture
def no_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose every hook, as when the process dies between the commit and the hook."""
    monkeypatch.setattr(PicqerPlugin, "_record", lambda *_: None)


def test_cancellation_arrives_when_its_hook_is_lost(
    stocked_shop: ConnectedShop, request: pytest.FixtureRequest
) -> None:
    """Failure mode F69: the warehouse would ship a cancelled order."""
    order = stocked_shop.order(BEANS=1)
    request.getfixturevalue("no_hooks")
    stocked_shop.shop.cancel(order)

    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["status"] == "cancelled"


def test_change_arrives_when_its_hook_raises(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F69: the hook fails once."""
    order = stocked_shop.order(BEANS=1)

    def explode(*_: object, **__: object) -> int:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(wiring.outbox, "touch", explode)
        order_edits.change_address(stocked_shop.shop, order, streetAddress1="Other street 2")

    # A new address leaves no event on Saleor 2.10; the note of staff does.
    order_edits.add_note(stocked_shop.shop, order, "The customer has moved.")
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["deliveryaddress"].startswith("Other street 2")


def test_change_arrives_when_the_plugin_was_off(stocked_shop: ConnectedShop) -> None:
    """Failure mode F69: switched off, cancelled in Saleor, and switched on again."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.run_until_idle()
    stocked_shop.shop.cancel(order)

    stocked_shop.connect()
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["status"] == "cancelled"


def test_new_address_arrives_when_the_plugin_was_off(stocked_shop: ConnectedShop) -> None:
    """Failure mode F69: on Saleor 2.10 a new address leaves no event."""
    order, unchanged = stocked_shop.order(BEANS=1), stocked_shop.order(BEANS=1)
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.run_until_idle()
    order_edits.change_address(stocked_shop.shop, order, streetAddress1="Other street 2")

    stocked_shop.connect()
    stocked_shop.reset_requests()
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.requests()["PUT /orders/{idorder}"] == 1
    assert stocked_shop.remote(order)["deliveryaddress"].startswith("Other street 2")
    assert stocked_shop.remote(unchanged)["deliveryaddress"].startswith("Dorpsstraat 1")


@pytest.mark.skipif(not IS_SALEOR_3, reason="orders do not expire on Saleor 2.10")
def test_expiry_arrives_when_its_hook_is_lost(
    stocked_shop: ConnectedShop, request: pytest.FixtureRequest
) -> None:
    """Failure mode F69: Saleor expires orders without a new time of change."""
    stocked_shop.connect(process_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    request.getfixturevalue("no_hooks")
    Order.objects.filter(pk=order).update(status="expired", expired_at=timezone.now())

    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["status"] == "cancelled"


def test_sweep_marks_no_order_when_none_has_changed(stocked_shop: ConnectedShop) -> None:
    stocked_shop.order(BEANS=1)
    for _ in range(2):
        tasks.sweep()
        stocked_shop.run_until_idle()
    stocked_shop.reset_requests()

    tasks.sweep()

    assert "push_order" not in stocked_shop.worker.pending
    assert stocked_shop.requests() == {}


def test_payment_is_seen_when_it_comes_while_a_worker_holds_the_order(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F74: the payment arrives inside the request that reserves the stock."""
    stocked_shop.connect(process_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    allocate = process.allocate

    def allocate_and_pay(claimed: Any, loaded: Any) -> bool:
        result = allocate(claimed, loaded)
        stocked_shop.shop.pay(order)
        return result

    monkeypatch.setitem(push.ACTIONS, Action.ALLOCATE, allocate_and_pay)

    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


# --- the watermark


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no time of change")
@pytest.mark.usefixtures("no_hooks")
def test_order_is_found_when_the_clock_of_its_process_is_slow(stocked_shop: ConnectedShop) -> None:
    tasks.sweep()
    order = stocked_shop.place(BEANS=1)
    Order.objects.filter(pk=order).update(updated_at=timezone.now() - timedelta(minutes=8))

    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_watermark_stays_before_the_oldest_transaction(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that began an hour ago may still commit changes with an hour-old time."""
    began = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(capture, "oldest_open_transaction", lambda: began)

    tasks.sweep()

    assert ChannelState.objects.get().swept_until == began


# --- costs


def test_sweep_takes_three_statements_for_500_orders(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    settings = wiring.load_settings(stocked_shop.shop.channel_pk)

    def statements(orders: int) -> int:
        copy_order(order, orders)
        OutboxOrder.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            capture.capture_modified(settings)
        return len(captured)

    few, many = statements(499), statements(1000)

    # 500 orders, then 1,500 orders.
    assert many - few == 2 * 3
