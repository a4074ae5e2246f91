"""Picqer's webhooks at the plugin's door."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer.models import InboxEvent, OutboxOrder
from saleor_picqer.picqer.signature import sign
from saleor_picqer.store.links import Secrets
from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import Connected

EVENT = {
    "idhook": 1,
    "name": "Saleor",
    "event": "orders.status_changed",
    "event_triggered_at": "2026-02-03 11:20:05",
    "data": {"idorder": 999, "reference": "someone else's", "status": "completed"},
}


def post(connected: Connected, body: bytes, **headers: Any) -> HttpResponse:
    path = f"/plugins/channel/{connected.shop.channel_slug}/picqer/webhooks"
    with commit_hooks():
        return Client().post(path, body, content_type="application/json", **headers)


def signed(connected: Connected, body: bytes) -> HttpResponse:
    secret = Secrets().current(connected.shop.channel_slug)
    return post(connected, body, HTTP_X_PICQER_SIGNATURE=sign(body, secret))


def test_event_is_kept_and_answered_200_when_it_is_authentic(connected: Connected) -> None:
    assert signed(connected, json.dumps(EVENT).encode()).status_code == 200

    assert InboxEvent.objects.get().status == "received"
    assert connected.worker.pending == ["handle_event"]


def test_event_is_kept_with_three_statements(connected: Connected) -> None:
    with CaptureQueriesContext(connection) as captured:
        signed(connected, json.dumps(EVENT).encode())

    ours = [q["sql"] for q in captured if '"saleor_picqer_' in q["sql"]]
    assert len(ours) == 3 + 1  # the test itself reads the secret, too


def test_stock_waits_when_an_order_is_being_pushed(connected: Connected) -> None:
    shop = connected.shop
    connected.offer(BEANS=5)
    OutboxOrder.objects.create(
        order_pk="1",
        channel=shop.channel_slug,
        stage="creating",
        leased_until=timezone.now() + timedelta(minutes=1),
    )

    connected.stock("BEANS", 7)
    connected.settle()
    assert shop.available("BEANS") == 5
    OutboxOrder.objects.update(leased_until=None)
    InboxEvent.objects.update(not_before=None)
    connected.worker.run_later()

    assert shop.available("BEANS") == 7


def test_stock_goes_ahead_when_pushes_never_end(connected: Connected) -> None:
    connected.offer(BEANS=5)
    OutboxOrder.objects.create(
        order_pk="1",
        channel=connected.shop.channel_slug,
        stage="creating",
        leased_until=timezone.now() + timedelta(minutes=10),
    )

    connected.stock("BEANS", 7)
    connected.settle()
    for _ in range(5):
        InboxEvent.objects.update(not_before=None)
        connected.worker.run_later()

    assert connected.shop.available("BEANS") == 7


@pytest.mark.parametrize("data", [{}, {"idorder": None}, {"idorder": "many"}])
def test_event_fails_saying_why_when_it_names_no_order(
    connected: Connected, data: dict[str, Any]
) -> None:
    signed(connected, json.dumps(EVENT | {"data": data}).encode())
    connected.settle()

    event = InboxEvent.objects.get()
    assert (event.status, event.last_error) == ("failed", "the event's data has no idorder")


def test_event_is_ignored_when_its_order_is_not_ours(connected: Connected) -> None:
    signed(connected, json.dumps(EVENT).encode())
    connected.settle()

    assert InboxEvent.objects.get().status == "ignored"


def test_event_is_kept_once_when_it_comes_again(connected: Connected) -> None:
    body = json.dumps(EVENT).encode()

    answers = [signed(connected, body).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert InboxEvent.objects.count() == 1
    assert connected.worker.pending == ["handle_event"]


def test_different_bodies_are_both_kept_when_the_second_is_the_same(connected: Connected) -> None:
    for sku in ("A", "B"):
        event = EVENT | {"event": "products.free_stock_changed", "data": {"productcode": sku}}
        signed(connected, json.dumps(event).encode())

    assert InboxEvent.objects.count() == 2


@pytest.mark.parametrize(
    "signature", [None, "", "x", "c2hvcnQ=", "ünïcode", "\x00", "A" * 44, "=" * 5000]
)
def test_event_is_refused_when_its_signature_is_wrong(
    connected: Connected, signature: str | None
) -> None:
    headers = {} if signature is None else {"HTTP_X_PICQER_SIGNATURE": signature}

    response = post(connected, json.dumps(EVENT).encode(), **headers)

    assert response.status_code == 401
    assert not InboxEvent.objects.exists()


def test_event_is_refused_when_the_json_was_rewritten(connected: Connected) -> None:
    secret = Secrets().current(connected.shop.channel_slug)
    original = json.dumps(EVENT).encode()
    rewritten = json.dumps(EVENT, indent=1).encode()

    response = post(connected, rewritten, HTTP_X_PICQER_SIGNATURE=sign(original, secret))

    assert response.status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}"])
def test_body_is_refused_when_it_is_no_event(connected: Connected, body: bytes) -> None:
    assert signed(connected, body).status_code == 400
    assert not InboxEvent.objects.exists()


def test_event_is_kept_when_it_holds_a_nul_character(connected: Connected) -> None:
    body = json.dumps(EVENT | {"event": "a\x00b", "data": {"name": "\x00"}}).encode()

    assert signed(connected, body).status_code == 200
    connected.settle()

    assert InboxEvent.objects.get().status == "ignored"


def test_body_is_refused_when_it_is_too_large(connected: Connected) -> None:
    response = post(connected, b" " * (5 * 1024 * 1024 + 1))

    assert response.status_code == 413


def test_nothing_but_post_is_answered(connected: Connected) -> None:
    path = f"/plugins/channel/{connected.shop.channel_slug}/picqer/webhooks"

    assert Client().get(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/plugins/channel/elsewhere/picqer/webhooks",
        "/plugins/channel/{channel}/picqer/other",
    ],
)
def test_path_is_unknown_when_channel_or_topic_is(connected: Connected, path: str) -> None:
    body = json.dumps(EVENT).encode()
    signature = sign(body, Secrets().current(connected.shop.channel_slug))

    response = Client().post(
        path.format(channel=connected.shop.channel_slug),
        body,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=signature,
    )

    assert response.status_code == 404


def test_plugin_answers_404_when_it_is_off(connected: Connected) -> None:
    connected.shop.configure_plugin(active=False)

    assert signed(connected, json.dumps(EVENT).encode()).status_code == 404


def test_order_is_fulfilled_once_when_events_are_doubled(connected: Connected) -> None:
    shop = connected.shop
    connected.offer(BEANS=5)
    order = connected.order(BEANS=2)

    connected.ship(order)
    connected.postman.pending.extend(list(connected.postman.pending))
    connected.settle()
    InboxEvent.objects.update(status="received", not_before=None)
    for pk in InboxEvent.objects.values_list("pk", flat=True):
        connected.worker.send("handle_event", pk)
    connected.settle()

    assert [f.lines for f in shop.order(order).fulfilments] == [{"BEANS": 2}]
    assert shop.stock("BEANS")["Main"] == (3, 0)


def test_event_is_tried_again_when_picqer_does_not_answer(connected: Connected) -> None:
    shop = connected.shop
    connected.offer(BEANS=5)
    order = connected.order(BEANS=2)
    connected.picqer(
        "POST", "/faults", method="GET", route="/orders/{idorder}", fault="500", times=50
    )
    connected.ship(order)
    connected.settle()
    assert shop.order(order).fulfilments == []
    waiting = InboxEvent.objects.filter(status="received")
    assert waiting.exclude(last_error="").exists()

    connected.picqer("DELETE", "/faults")
    waiting.update(not_before=None)
    connected.worker.send("sweep")
    connected.settle()

    assert shop.order(order).status == "FULFILLED"
