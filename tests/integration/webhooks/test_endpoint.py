"""The endpoint that receives Picqer's webhooks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer import tasks, wiring
from saleor_picqer.hosts import host
from saleor_picqer.models import HookRegistration, InboxEvent, OutboxOrder
from saleor_picqer.picqer.signature import sign
from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import ConnectedShop

EVENT = {
    "idhook": 1,
    "name": "Saleor",
    "event": "orders.status_changed",
    "event_triggered_at": "2026-02-03 11:20:05",
    "data": {"idorder": 999, "reference": "of another shop", "status": "completed"},
}


def post(connected_shop: ConnectedShop, body: bytes, **headers: Any) -> HttpResponse:
    path = urlsplit(host().channels.webhook_url(connected_shop.shop.channel_pk)).path
    with commit_hooks():
        response = Client().post(path, body, content_type="application/json", **headers)
    return cast(HttpResponse, response)


def secret_of(connected_shop: ConnectedShop) -> str:
    return HookRegistration.objects.get(channel=connected_shop.shop.channel_pk).current


def signed(connected_shop: ConnectedShop, body: bytes) -> HttpResponse:
    secret = secret_of(connected_shop)
    return post(connected_shop, body, HTTP_X_PICQER_SIGNATURE=sign(body, secret))


def test_event_is_kept_and_answered_200_when_it_is_authentic(connected_shop: ConnectedShop) -> None:
    assert signed(connected_shop, json.dumps(EVENT).encode()).status_code == 200

    assert InboxEvent.objects.get().status == "received"
    assert connected_shop.worker.pending == ["handle_event"]


def test_event_is_kept_with_three_statements(connected_shop: ConnectedShop) -> None:
    with CaptureQueriesContext(connection) as captured:
        signed(connected_shop, json.dumps(EVENT).encode())

    ours = [q["sql"] for q in captured if '"saleor_picqer_' in q["sql"]]
    assert len(ours) == 3 + 1  # the test itself reads the secret, too


def test_stock_waits_when_an_order_is_being_pushed(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    connected_shop.offer(BEANS=5)
    OutboxOrder.objects.create(
        order_pk="1",
        channel=shop.channel_pk,
        stage="creating",
        leased_until=timezone.now() + timedelta(minutes=1),
    )

    connected_shop.stock("BEANS", 7)
    connected_shop.run_until_idle()
    assert shop.available("BEANS") == 5
    OutboxOrder.objects.update(leased_until=None)
    InboxEvent.objects.update(not_before=None)
    connected_shop.worker.run_later()

    assert shop.available("BEANS") == 7


def test_stock_goes_ahead_when_pushes_never_end(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5)
    OutboxOrder.objects.create(
        order_pk="1",
        channel=connected_shop.shop.channel_pk,
        stage="creating",
        leased_until=timezone.now() + timedelta(minutes=10),
    )

    connected_shop.stock("BEANS", 7)
    connected_shop.run_until_idle()
    for _ in range(5):
        InboxEvent.objects.update(not_before=None)
        connected_shop.worker.run_later()

    assert connected_shop.shop.available("BEANS") == 7


@pytest.mark.parametrize("data", [{}, {"idorder": None}, {"idorder": "many"}])
def test_event_fails_saying_why_when_it_names_no_order(
    connected_shop: ConnectedShop, data: dict[str, Any]
) -> None:
    signed(connected_shop, json.dumps(EVENT | {"data": data}).encode())
    connected_shop.run_until_idle()

    event = InboxEvent.objects.get()
    assert (event.status, event.last_error) == ("failed", "Picqer's event has no usable idorder.")


def test_event_is_ignored_when_its_order_is_not_ours(connected_shop: ConnectedShop) -> None:
    signed(connected_shop, json.dumps(EVENT).encode())
    connected_shop.run_until_idle()

    assert InboxEvent.objects.get().status == "ignored"


def test_event_is_kept_once_when_it_comes_again(connected_shop: ConnectedShop) -> None:
    body = json.dumps(EVENT).encode()

    answers = [signed(connected_shop, body).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert InboxEvent.objects.count() == 1
    assert connected_shop.worker.pending == ["handle_event"]


def test_different_bodies_are_both_kept_when_the_second_is_the_same(
    connected_shop: ConnectedShop,
) -> None:
    for sku in ("A", "B"):
        event = EVENT | {"event": "products.free_stock_changed", "data": {"productcode": sku}}
        signed(connected_shop, json.dumps(event).encode())

    assert InboxEvent.objects.count() == 2


@pytest.mark.parametrize(
    "signature", [None, "", "x", "c2hvcnQ=", "ünïcode", "\x00", "A" * 44, "=" * 5000]
)
def test_event_is_refused_when_its_signature_is_wrong(
    connected_shop: ConnectedShop, signature: str | None
) -> None:
    headers = {} if signature is None else {"HTTP_X_PICQER_SIGNATURE": signature}

    response = post(connected_shop, json.dumps(EVENT).encode(), **headers)

    assert response.status_code == 401
    assert not InboxEvent.objects.exists()


def test_event_is_refused_when_the_json_was_rewritten(connected_shop: ConnectedShop) -> None:
    secret = secret_of(connected_shop)
    original = json.dumps(EVENT).encode()
    rewritten = json.dumps(EVENT, indent=1).encode()

    response = post(connected_shop, rewritten, HTTP_X_PICQER_SIGNATURE=sign(original, secret))

    assert response.status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}"])
def test_body_is_kept_and_set_aside_when_it_is_no_event(
    connected_shop: ConnectedShop, body: bytes
) -> None:
    """Failure mode F95: Picqer switches a hook off that is refused."""
    assert signed(connected_shop, body).status_code == 200
    connected_shop.run_until_idle()

    event = InboxEvent.objects.get()
    assert (event.status, bytes(event.body)) == ("failed", body)
    assert "not an event of Picqer" in event.last_error


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(json.dumps(EVENT | {"data": []}).encode(), id="data is an empty list"),
        pytest.param(json.dumps(EVENT).encode("utf-16"), id="UTF-16"),
        pytest.param(json.dumps(EVENT | {"event": "a\ud800"}).encode(), id="half a surrogate pair"),
        pytest.param(json.dumps(EVENT | {"event_triggered_at": {}}).encode(), id="odd time"),
        pytest.param(json.dumps(EVENT | {"idhook": 10**20}).encode(), id="20 digits"),
        pytest.param(b"[" * 100_000, id="deeply nested"),
        pytest.param(json.dumps(EVENT | {"x": "y" * 4_000_000}).encode(), id="four megabytes"),
    ],
)
def test_odd_event_is_kept_and_answered_200_when_it_is_authentic(
    connected_shop: ConnectedShop, body: bytes
) -> None:
    """Failure modes F95 and F110."""
    assert signed(connected_shop, body).status_code == 200
    connected_shop.run_until_idle()

    event = InboxEvent.objects.get()
    assert bytes(event.body) == body
    assert event.status in {"ignored", "failed"}


def test_same_body_is_handled_again_when_the_first_was_handled(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F86: the stock goes from 8 to 3 and back to 8 within a second."""
    picqer = stocked_shop.picqer_api("GET", "/products", productcode="BEANS")[0]["idproduct"]
    events = [
        EVENT
        | {"event": "products.free_stock_changed"}
        | {"data": {"idproduct": picqer, "productcode": "BEANS", "stock": stock}}
        for stock in (8, 3, 8)
    ]
    for event, stock in zip(events, (8, 3, 8), strict=True):
        stocked_shop.stock("BEANS", stock)
        stocked_shop.webhooks.pending.clear()
        event["idhook"] = HookRegistration.objects.get().hook_ids[0]
        signed(stocked_shop, json.dumps(event).encode())
        stocked_shop.run_until_idle()

    assert stocked_shop.shop.available("BEANS") == 8
    repeated = InboxEvent.objects.filter(body=json.dumps(events[0]).encode())
    assert [event.status for event in repeated] == ["done", "done"]


def test_same_body_is_handled_again_when_it_comes_while_the_first_is_handled(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F86."""
    body = json.dumps(EVENT).encode()
    signed(connected_shop, body)
    first = wiring.inbox.claim(InboxEvent.objects.get().pk)
    assert first is not None

    signed(connected_shop, body)

    assert InboxEvent.objects.filter(status="received").count() == 1
    wiring.inbox.postpone(first, "Picqer did not answer.")
    assert [*InboxEvent.objects.values_list("status", flat=True).order_by("pk")] == [
        "ignored",
        "received",
    ]


def test_event_is_kept_when_it_holds_a_nul_character(connected_shop: ConnectedShop) -> None:
    body = json.dumps(EVENT | {"event": "a\x00b", "data": {"name": "\x00"}}).encode()

    assert signed(connected_shop, body).status_code == 200
    connected_shop.run_until_idle()

    assert InboxEvent.objects.get().status == "ignored"


def test_body_is_refused_when_it_is_too_large(connected_shop: ConnectedShop) -> None:
    response = post(connected_shop, b" " * (5 * 1024 * 1024 + 1))

    assert response.status_code == 413


def test_request_is_refused_when_it_is_not_a_post(connected_shop: ConnectedShop) -> None:
    path = f"/plugins/channel/{connected_shop.shop.channel_slug}/picqer/webhooks"

    assert Client().get(path).status_code == 405


def test_event_is_kept_when_it_comes_to_the_channels_own_address(
    connected_shop: ConnectedShop,
) -> None:
    body = json.dumps(EVENT).encode()

    response = Client().post(
        f"/plugins/channel/{connected_shop.shop.channel_slug}/picqer/webhooks",
        body,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=sign(body, secret_of(connected_shop)),
    )

    assert response.status_code == 200
    assert InboxEvent.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/plugins/channel/elsewhere/picqer/webhooks",
        "/plugins/channel/{channel}/picqer/other",
    ],
)
def test_path_is_not_found_when_channel_or_topic_is_unknown(
    connected_shop: ConnectedShop, path: str
) -> None:
    body = json.dumps(EVENT).encode()
    signature = sign(body, secret_of(connected_shop))

    response = Client().post(
        path.format(channel=connected_shop.shop.channel_slug),
        body,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=signature,
    )

    assert response.status_code == 404


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
    InboxEvent.objects.update(enqueued_at=None)
    tasks.sweep()
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_order_is_fulfilled_once_when_events_are_doubled(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    connected_shop.offer(BEANS=5)
    order = connected_shop.order(BEANS=2)

    connected_shop.ship(order)
    connected_shop.webhooks.pending.extend(list(connected_shop.webhooks.pending))
    connected_shop.run_until_idle()
    InboxEvent.objects.update(status="received", not_before=None)
    for pk in InboxEvent.objects.values_list("pk", flat=True):
        connected_shop.worker.send("handle_event", pk)
    connected_shop.run_until_idle()

    assert [f.lines for f in shop.order(order).fulfilments] == [{"BEANS": 2}]
    assert shop.stock("BEANS")["Main"] == (3, 0)


def test_event_is_tried_again_when_picqer_does_not_answer(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    connected_shop.offer(BEANS=5)
    order = connected_shop.order(BEANS=2)
    connected_shop.control(
        "POST", "/faults", method="GET", route="/orders/{idorder}", fault="500", times=50
    )
    connected_shop.ship(order)
    connected_shop.run_until_idle()
    assert shop.order(order).fulfilments == []
    waiting = InboxEvent.objects.filter(status="received")
    assert waiting.exclude(last_error="").exists()

    connected_shop.control("DELETE", "/faults")
    waiting.update(not_before=None)
    connected_shop.worker.send("sweep")
    connected_shop.run_until_idle()

    assert shop.order(order).status == "FULFILLED"
