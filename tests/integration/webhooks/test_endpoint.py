"""The endpoint that receives Picqer's webhooks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_picqer import publishing, webhooks
from saleor_picqer.hosts import host
from saleor_picqer.models import HookRegistration, InboxEvent, PeriodicTask
from saleor_picqer.picqer.signature import sign
from saleor_picqer.store.inbox_endpoint import REPEATED_FOR
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, EVENT, endpoint_of, signed
from tests.integration.support.endpoint_cases import BodyCases, SignatureCases, SignedEndpoint
from tests.integration.support.host import IS_SALEOR_3


class TestWebhooks(SignatureCases, BodyCases):
    """The security cases of every endpoint. Failure modes F5, F6 and F7."""

    @pytest.fixture
    def endpoint(self, connected_shop: ConnectedShop) -> SignedEndpoint:
        return endpoint_of(connected_shop)


class TestWebhooksAtTheChannelsOwnAddress(SignatureCases):
    @pytest.fixture
    def endpoint(self, connected_shop: ConnectedShop) -> SignedEndpoint:
        path = f"/plugins/channel/{connected_shop.shop.channel_slug}/picqer/webhooks"
        return replace(endpoint_of(connected_shop), path=path)


def test_event_is_kept_and_answered_200_when_it_is_authentic(connected_shop: ConnectedShop) -> None:
    assert signed(connected_shop, BODY).status_code == 200

    assert InboxEvent.objects.get().status == "received"
    assert connected_shop.worker.pending == ["work_off_inbox"]


def test_event_is_kept_with_two_statements(connected_shop: ConnectedShop) -> None:
    """Failure mode F117."""
    endpoint, secret = endpoint_of(connected_shop), endpoint_of(connected_shop).secret()
    signed(connected_shop, b"the account's first delivery")

    with CaptureQueriesContext(connection) as captured:
        endpoint.send(BODY, secret=secret)

    ours = [q["sql"].split()[0] for q in captured if "saleor_picqer_" in q["sql"]]
    assert ours == ["SELECT", "WITH"]


def test_one_message_is_sent_when_many_events_come(connected_shop: ConnectedShop) -> None:
    """Failure mode F117."""
    for number in range(50):
        signed(connected_shop, json.dumps(EVENT | {"name": str(number)}).encode())

    assert connected_shop.worker.pending == ["work_off_inbox"]
    assert InboxEvent.objects.count() == 50


def test_no_message_is_sent_while_a_worker_is_at_work(connected_shop: ConnectedShop) -> None:
    signed(connected_shop, b"first")
    connected_shop.worker.queue.clear()
    in_a_minute = timezone.now() + timedelta(minutes=1)
    PeriodicTask.objects.update(enqueued_at=None, leased_until=in_a_minute)

    signed(connected_shop, BODY)

    assert connected_shop.worker.pending == []


def test_next_event_sends_a_message_when_the_broker_took_none(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("the broker is down")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish", refuse)
        assert signed(connected_shop, b"first").status_code == 200
    signed(connected_shop, BODY)

    assert connected_shop.worker.pending == ["work_off_inbox"]


def test_event_is_answered_500_when_it_cannot_be_stored(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F3: only then does Picqer have to send the delivery again."""

    def fail(*_: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(webhooks, "store_delivery", fail)

    assert signed(connected_shop, BODY).status_code == 500


def test_event_is_kept_once_when_it_comes_again(connected_shop: ConnectedShop) -> None:
    """Failure mode F10."""
    answers = [signed(connected_shop, BODY).status_code for _ in range(16)]

    assert answers == [200] * 16
    assert InboxEvent.objects.count() == 1
    assert connected_shop.worker.pending == ["work_off_inbox"]


def test_different_bodies_are_both_kept_when_the_second_is_the_same(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F9."""
    for sku in ("A", "B"):
        event = EVENT | {"event": "products.free_stock_changed", "data": {"productcode": sku}}
        signed(connected_shop, json.dumps(event).encode())

    assert InboxEvent.objects.count() == 2


def test_event_has_no_effect_when_it_was_known_before_picqers_own_repetitions(
    connected_shop: ConnectedShop,
) -> None:
    """Failure modes F11 and F86: a copy of an old request, also after its body was dropped."""
    signed(connected_shop, BODY)
    connected_shop.run_until_idle()
    yesterday = timezone.now() - REPEATED_FOR - timedelta(minutes=1)
    InboxEvent.objects.update(received_at=yesterday, body=b"")

    assert signed(connected_shop, BODY).status_code == 200

    assert InboxEvent.objects.count() == 1
    assert connected_shop.worker.pending == []


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
        pytest.param(
            json.dumps(EVENT | {"data": {"idorder": 1 << 63}}).encode(), id="id over 64 bits"
        ),
        pytest.param(
            json.dumps(EVENT | {"data": {"idorder": "9" * 30}}).encode(), id="long id as text"
        ),
        pytest.param(json.dumps(EVENT | {"event": "e" * 5000}).encode(), id="long name"),
        pytest.param(json.dumps(EVENT | {"event": "a\x00b"}).encode(), id="NUL"),
        pytest.param(b"[" * 100_000, id="deeply nested"),
        pytest.param(b'{"a":' * 100_000, id="deeply nested object"),
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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "idhook": JSON,
        "name": JSON,
        "event": JSON
        | st.sampled_from(
            ["orders.status_changed", "picklists.closed", "products.free_stock_changed"]
        ),
        "event_triggered_at": JSON,
        "data": JSON
        | st.dictionaries(st.sampled_from(["idorder", "idproduct", "reference"]), JSON),
    },
)
BODIES = (
    st.binary(max_size=300)
    | EVENTS.map(lambda event: json.dumps(event).encode())
    | EVENTS.map(lambda event: json.dumps(event, ensure_ascii=False).encode("utf-16", "replace"))
    | st.tuples(EVENTS, st.integers(0, 200)).map(lambda cut: json.dumps(cut[0]).encode()[: cut[1]])
)


def check_any_authentic_body(connected_shop: ConnectedShop, examples: int) -> None:
    """Deliver random bodies: none gets an error or stops the worker, none unsigned is kept."""
    endpoint = endpoint_of(connected_shop)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(body=BODIES)
    def deliver(body: bytes) -> None:
        before = endpoint.effects()
        assert endpoint.send_with(body, "x").status_code == 401
        assert endpoint.effects() == before
        assert endpoint.send(body).status_code == 200

    deliver()
    connected_shop.run_until_idle()

    assert InboxEvent.objects.exists()
    # What names an order or product waits until the webhooks are registered, or was ignored.
    assert not InboxEvent.objects.filter(topic="unread", not_before=None).exists()
    assert not InboxEvent.objects.filter(last_error__startswith="Unexpected").exists()


def test_no_authentic_body_gets_an_error(connected_shop: ConnectedShop) -> None:
    """Failure modes F7 and F110."""
    check_any_authentic_body(connected_shop, 60)


@pytest.mark.delivery
@pytest.mark.timeout(1800)
def test_none_of_2000_authentic_bodies_gets_an_error(connected_shop: ConnectedShop) -> None:
    """Failure modes F7 and F110."""
    check_any_authentic_body(connected_shop, 2000)


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
    """Failure mode F58: no other channel takes the delivery."""
    response = Client().post(
        path.format(channel=connected_shop.shop.channel_slug),
        BODY,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=sign(BODY, endpoint_of(connected_shop).secret()),
    )

    assert response.status_code == 404
    assert not InboxEvent.objects.exists()


def test_event_is_refused_when_it_names_a_channel_that_does_not_exist(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F58: no other channel takes its place."""
    address = urlsplit(host().channels.webhook_url(connected_shop.shop.channel_pk)).path
    assert address.endswith(f"/{connected_shop.shop.channel_pk}")

    response = Client().post(
        address.removesuffix(connected_shop.shop.channel_pk) + "4711",
        BODY,
        content_type="application/json",
        HTTP_X_PICQER_SIGNATURE=sign(BODY, endpoint_of(connected_shop).secret()),
    )

    assert response.status_code == 401
    assert not InboxEvent.objects.exists()


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_event_is_refused_when_it_is_signed_for_another_channel(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F58: the secret belongs to one channel."""
    outlet = replace(connected_shop, shop=connected_shop.shop.open("outlet"))
    outlet.connect(reference_prefix="OUT-")
    connected_shop.run_until_idle()
    secrets = {row.channel: row.current for row in HookRegistration.objects.all()}

    answers = {
        (to, secret): Client()
        .post(
            urlsplit(host().channels.webhook_url(to)).path,
            BODY,
            content_type="application/json",
            HTTP_X_PICQER_SIGNATURE=sign(BODY, secrets[secret]),
        )
        .status_code
        for to in secrets
        for secret in secrets
    }

    assert len(answers) == 4
    assert answers == {(to, one): 200 if to == one else 401 for to, one in answers}
