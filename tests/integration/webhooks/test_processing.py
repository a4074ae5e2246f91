"""What the worker makes of Picqer's webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from saleor_picqer import deliveries, tasks
from saleor_picqer.errors import DataError
from saleor_picqer.models import (
    ChannelState,
    InboxEvent,
    OutboxOrder,
    PeriodicTask,
    StockRequest,
)
from saleor_picqer.picqer.objects.hooks import WebhookEvent
from saleor_picqer.store import inbox
from saleor_picqer.store.inbox import Inbox, Topic
from saleor_picqer.sync import inbound
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import (
    BODY,
    order_event,
    own_event,
    signed,
    stock_event,
)


def statuses() -> list[str]:
    return [*InboxEvent.objects.order_by("pk").values_list("status", flat=True)]


def clear(connected_shop: ConnectedShop) -> None:
    """Forget all deliveries, and Picqer's that are under way."""
    connected_shop.webhooks.pending.clear()
    connected_shop.worker.queue.clear()
    InboxEvent.objects.all().delete()
    PeriodicTask.objects.update(enqueued_at=None)
    connected_shop.reset_requests()


@pytest.mark.parametrize("data", [{}, {"idorder": None}, {"idorder": "many"}])
def test_event_fails_saying_why_when_it_names_no_order(
    connected_shop: ConnectedShop, data: dict[str, Any]
) -> None:
    signed(connected_shop, own_event(connected_shop, "orders.status_changed", **data))
    connected_shop.run_until_idle()

    event = InboxEvent.objects.get()
    assert (event.status, event.last_error) == ("failed", "Picqer's event has no usable idorder.")


def test_event_is_ignored_when_its_order_is_not_ours(connected_shop: ConnectedShop) -> None:
    signed(connected_shop, own_event(connected_shop, "orders.status_changed", idorder=999))
    connected_shop.run_until_idle()

    assert statuses() == ["ignored"]


def test_event_is_ignored_when_its_hook_is_not_ours(connected_shop: ConnectedShop) -> None:
    signed(connected_shop, BODY)
    connected_shop.run_until_idle()

    assert statuses() == ["ignored"]


# --- bursts


def test_order_is_read_once_when_many_events_tell_of_it(stocked_shop: ConnectedShop) -> None:
    """Failure modes F8 and F107."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    clear(stocked_shop)
    for number in range(16):
        signed(stocked_shop, order_event(stocked_shop, order, number=number))

    stocked_shop.reset_requests()
    stocked_shop.run_until_idle()

    assert statuses() == ["done"] * 16
    assert stocked_shop.requests()["GET /orders/{idorder}"] == 1
    assert len(stocked_shop.shop.order(order).fulfilments) == 1


def test_orders_are_handled_before_stock_when_both_wait(stocked_shop: ConnectedShop) -> None:
    """Failure mode F107."""
    order = stocked_shop.order(BEANS=1)
    clear(stocked_shop)
    requested_before: list[bool] = []
    signed(stocked_shop, stock_event(stocked_shop, "BEANS"))
    signed(stocked_shop, order_event(stocked_shop, order))

    def look(*_: object) -> bool:
        requested_before.append(StockRequest.objects.exists())
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbound, "handle", look)
        stocked_shop.worker.run(only=1)

    assert requested_before == [False]
    assert StockRequest.objects.count() == 1


def test_products_are_read_with_one_request_when_many_stock_events_come(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F107."""
    clear(stocked_shop)
    for number in range(25):
        for sku in ("BEANS", "TEA"):
            signed(stocked_shop, stock_event(stocked_shop, sku, number=number))
    stocked_shop.reset_requests()

    stocked_shop.run_until_idle()
    stocked_shop.worker.run_later()

    assert statuses() == ["done"] * 50
    assert sum(stocked_shop.requests().values()) == 1


def test_stock_events_send_no_request_when_picqer_is_frozen(stocked_shop: ConnectedShop) -> None:
    """Failure mode F107: no worker sits in a request for each event."""
    clear(stocked_shop)
    until = timezone.now() + timedelta(minutes=5)
    ChannelState.objects.update(open_until=until)
    for number in range(5):
        signed(stocked_shop, stock_event(stocked_shop, "BEANS", number=number))
    stocked_shop.reset_requests()

    stocked_shop.run_until_idle()
    stocked_shop.worker.run_later()

    assert statuses() == ["done"] * 5
    assert stocked_shop.requests() == {}
    assert StockRequest.objects.exists()


def test_rest_is_left_to_another_task_when_the_time_is_up(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F107."""
    orders = [stocked_shop.order(BEANS=1) for _ in range(2)]
    clear(stocked_shop)
    for order in orders:
        signed(stocked_shop, order_event(stocked_shop, order))
    monkeypatch.setattr(deliveries._Turn, "time_is_up", lambda turn: turn.handled > 2)

    stocked_shop.worker.run(only=1)

    assert sorted(statuses()) == ["done", "received"]
    assert stocked_shop.worker.pending == ["work_off_inbox"]


def test_turn_is_short_when_an_order_waits_to_be_pushed(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F107: an inbox that never ends does not starve orders."""
    turn = deliveries._Turn("account", [stocked_shop.shop.channel_pk], deliveries.SLICE)
    monkeypatch.setattr(turn, "_began", turn._began - deliveries.SHORT_SLICE - 1)
    assert not turn.time_is_up()

    stocked_shop.place(BEANS=1)

    assert turn.time_is_up()


# --- trouble


def test_no_worker_asks_picqer_when_the_circuit_breaker_is_open(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F107."""
    order = stocked_shop.order(BEANS=1)
    clear(stocked_shop)
    until = timezone.now() + timedelta(minutes=5)
    ChannelState.objects.update(open_until=until)
    signed(stocked_shop, order_event(stocked_shop, order))

    stocked_shop.run_until_idle()

    event = InboxEvent.objects.get()
    assert (event.status, event.attempts, event.not_before) == ("received", 0, until)
    assert stocked_shop.requests() == {}


def test_one_order_is_asked_for_in_a_turn_when_picqer_does_not_answer(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F107."""
    orders = [stocked_shop.order(BEANS=1) for _ in range(4)]
    clear(stocked_shop)
    for order in orders:
        signed(stocked_shop, order_event(stocked_shop, order))
    stocked_shop.fail_next("GET", "/orders/{idorder}", "drop-before", times=50)

    stocked_shop.run_until_idle()

    tried = InboxEvent.objects.filter(attempts=1).values_list("object_id")
    assert tried.distinct().count() == 1
    assert ChannelState.objects.get().consecutive_failures == 1
    assert statuses() == ["received"] * 4


def test_event_is_tried_again_when_picqer_does_not_answer(connected_shop: ConnectedShop) -> None:
    """Failure modes F1 and F2."""
    connected_shop.offer(BEANS=5)
    order = connected_shop.order(BEANS=2)
    connected_shop.control(
        "POST", "/faults", method="GET", route="/orders/{idorder}", fault="500", times=50
    )
    connected_shop.ship(order)
    connected_shop.run_until_idle()
    assert connected_shop.shop.order(order).fulfilments == []
    waiting = InboxEvent.objects.filter(status="received")
    assert waiting.exclude(last_error="").exists()

    connected_shop.control("DELETE", "/faults")
    waiting.update(not_before=None)
    connected_shop.worker.send("sweep")
    connected_shop.run_until_idle()

    assert connected_shop.shop.order(order).status == "FULFILLED"


def test_poison_event_is_set_aside_and_shown_on_the_order_when_it_always_fails(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F60: it blocks no other event."""
    poison, other = (stocked_shop.order(BEANS=1) for _ in range(2))
    poisonous = stocked_shop.row(poison).remote_id
    stocked_shop.ship(other)
    clear(stocked_shop)
    handle = inbound.handle

    def fail(context: Any, event: Any, **more: Any) -> bool:
        if event.order_id == poisonous:
            raise ZeroDivisionError
        return handle(context, event, **more)

    monkeypatch.setattr(inbound, "handle", fail)
    for order in (poison, other):
        signed(stocked_shop, order_event(stocked_shop, order))
    for _ in range(deliveries.MAX_UNEXPECTED):
        stocked_shop.pass_time()

    assert statuses() == ["failed", "done"]
    assert stocked_shop.shop.order(other).status == "FULFILLED"
    assert "ZeroDivisionError" in stocked_shop.shop.order(poison).notes[-1]
    assert stocked_shop.row(poison).attention.endswith("have it read from Picqer again.")


@pytest.mark.parametrize("error", [RuntimeError, DataError])
def test_body_that_cannot_be_read_is_set_aside_and_the_others_are_handled(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Failure mode F60: one that an error of the plugin's own meets, too."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    clear(stocked_shop)
    parse = WebhookEvent.parse

    def fail(raw: bytes) -> WebhookEvent:
        if b"poison" in raw:
            raise error("anna@example.org")
        return parse(raw)

    monkeypatch.setattr(WebhookEvent, "parse", fail)
    signed(stocked_shop, own_event(stocked_shop, "orders.status_changed", reference="poison"))
    signed(stocked_shop, order_event(stocked_shop, order))
    stocked_shop.run_until_idle()

    assert statuses() == ["failed", "done"]
    assert stocked_shop.shop.order(order).status == "FULFILLED"
    if error is RuntimeError:
        assert InboxEvent.objects.get(status="failed").last_error == (
            "Unexpected error: RuntimeError."
        )


def test_order_is_read_when_one_of_its_bodies_can_no_longer_be_read(
    stocked_shop: ConnectedShop,
) -> None:
    """A body that was cut off in the database is still a hint."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    clear(stocked_shop)
    signed(stocked_shop, order_event(stocked_shop, order))
    InboxEvent.objects.filter(status="received").update(
        topic="order", object_id=stocked_shop.row(order).remote_id, body=b"{"
    )

    stocked_shop.run_until_idle()

    assert statuses() == ["done"]
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_flag_of_a_poison_event_is_over_when_the_order_is_pushed(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = stocked_shop.order(BEANS=1)
    clear(stocked_shop)
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "MAX_UNEXPECTED", 1)
        patch.setattr(inbound, "handle", lambda *_, **__: 1 // 0)
        signed(stocked_shop, order_event(stocked_shop, order))
        stocked_shop.run_until_idle()
    assert stocked_shop.row(order).attention

    OutboxOrder.objects.update(dirty=True)
    stocked_shop.pass_time()

    assert stocked_shop.row(order).attention == ""


def test_event_is_given_up_when_it_has_failed_for_a_day(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = stocked_shop.order(BEANS=1)
    clear(stocked_shop)
    stocked_shop.fail_next("GET", "/orders/{idorder}", "500", times=50)
    signed(stocked_shop, order_event(stocked_shop, order))
    InboxEvent.objects.update(attempts=inbox.MAX_ATTEMPTS - 1)

    stocked_shop.run_until_idle()

    assert statuses() == ["failed"]
    assert "Picqer reports a fault of its own." in stocked_shop.row(order).attention


def test_nothing_is_lost_or_doubled_when_the_worker_is_killed(stocked_shop: ConnectedShop) -> None:
    """Failure mode F60: the next worker takes what the killed one had taken."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    clear(stocked_shop)
    signed(stocked_shop, order_event(stocked_shop, order))
    account = stocked_shop.row(order).account
    InboxEvent.objects.update(topic="order", object_id=stocked_shop.row(order).remote_id)
    store = Inbox()
    killed = store.turn(account)
    killed.__enter__()
    store.claim(account, Topic.ORDER, stocked_shop.row(order).remote_id or 0)
    signed(stocked_shop, order_event(stocked_shop, order))
    stocked_shop.run_until_idle()
    assert statuses() == ["handling", "received"]

    PeriodicTask.objects.update(leased_until=timezone.now())
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert statuses() == ["done", "done"]
    assert len(stocked_shop.shop.order(order).fulfilments) == 1


# --- late and repeated


def test_same_body_is_handled_again_when_the_first_was_handled(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F86: the stock goes from 8 to 3 and back to 8 within a second."""
    for stock in (8, 3, 8):
        stocked_shop.stock("BEANS", stock)
        stocked_shop.webhooks.pending.clear()
        signed(stocked_shop, stock_event(stocked_shop, "BEANS", stock=stock))
        stocked_shop.run_until_idle()

    assert stocked_shop.shop.available("BEANS") == 8
    hashes = [*InboxEvent.objects.order_by("pk").values_list("body_hash", flat=True)][-3:]
    assert hashes[0] == hashes[2] != hashes[1]


def test_same_body_is_handled_again_when_it_comes_while_the_first_is_handled(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F86."""
    order = stocked_shop.order(BEANS=1)
    clear(stocked_shop)
    body = order_event(stocked_shop, order)
    signed(stocked_shop, body)
    row = stocked_shop.row(order)
    InboxEvent.objects.update(topic="order", object_id=row.remote_id)
    first = Inbox().claim(row.account, Topic.ORDER, row.remote_id or 0)

    signed(stocked_shop, body)
    Inbox().postpone(first, "Picqer did not answer.")

    assert statuses() == ["ignored", "received"]


def test_newer_state_stays_when_an_old_event_comes_late(stocked_shop: ConnectedShop) -> None:
    """Failure mode F11: the order is read again, whatever the event says."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    signed(stocked_shop, order_event(stocked_shop, order, status="processing"))
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
    assert stocked_shop.row(order).remote_status == "completed"


def test_order_is_fulfilled_once_when_events_are_told_16_times(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F10."""
    connected_shop.offer(BEANS=5)
    order = connected_shop.order(BEANS=2)

    connected_shop.ship(order)
    told = list(connected_shop.webhooks.pending)
    for _ in range(16):
        connected_shop.webhooks.pending.extend(told)
        connected_shop.run_until_idle()

    assert [f.lines for f in connected_shop.shop.order(order).fulfilments] == [{"BEANS": 2}]
    assert connected_shop.shop.stock("BEANS")["Main"] == (3, 0)


# --- switched off


def test_event_is_kept_until_the_plugin_is_on_again_when_it_is_off(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure modes F4 and F118."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.ship(order)

    assert {answer.status_code for answer in stocked_shop.webhooks.deliver()} == {200}
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).status == "UNFULFILLED"
    stocked_shop.connect()
    PeriodicTask.objects.update(enqueued_at=None)
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"
