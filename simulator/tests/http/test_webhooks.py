"""Webhooks to a real receiver: order, signature, retries, deactivation and faults."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from simulator_support.http_client import Receiver, Session, order_body

SECRET = "s3cret"


def _hook(session: Session, receiver: Receiver, *events: str) -> None:
    for event in events or ("orders.created",):
        body = {"name": "x", "event": event, "address": receiver.url, "secret": SECRET}
        session.json("POST", "/hooks", body)


def _deliveries(session: Session) -> list[dict[str, Any]]:
    assert session.server.drain(10)
    deliveries: list[dict[str, Any]] = session.control("GET", "/deliveries")
    return deliveries


def _events(receiver: Receiver) -> list[str]:
    return [json.loads(raw)["event"] for _, raw in receiver.received]


def test_arrive_in_the_order_of_the_events_when_several_events_happen(
    session: Session, receiver: Receiver
) -> None:
    events = ("orders.created", "orders.closed", "orders.status_changed", "picklists.created")
    _hook(session, receiver, *reversed(events))
    session.json("POST", "/orders", order_body())
    session.json("POST", "/orders/1/process")

    assert {delivery["status"] for delivery in _deliveries(session)} == {"delivered"}
    assert _events(receiver) == list(events)


def test_carry_the_signature_of_the_raw_body_when_the_hook_has_a_secret(
    session: Session, receiver: Receiver
) -> None:
    _hook(session, receiver)
    session.json("POST", "/orders", order_body(deliveryname="Zoë"))
    session.server.drain(10)

    headers, raw = receiver.received[0]
    digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()
    assert headers["X-Picqer-Signature"] == base64.b64encode(digest).decode()
    assert headers["Content-Type"] == "application/json"
    assert json.loads(raw)["data"]["deliveryname"] == "Zoë"


@pytest.mark.parametrize("status", [200, 201, 202])
def test_are_not_repeated_when_the_receiver_accepts_them(
    session: Session, receiver: Receiver, status: int
) -> None:
    receiver.always = status
    _hook(session, receiver)
    session.json("POST", "/orders", order_body())

    (delivery,) = _deliveries(session)
    assert (delivery["status"], delivery["attempts"]) == ("delivered", 1)


@pytest.mark.parametrize("status", [204, 302, 400, 404, 500])
def test_are_repeated_when_the_receiver_refuses_them(
    session: Session, receiver: Receiver, status: int
) -> None:
    receiver.statuses.extend([status, status])
    _hook(session, receiver)
    session.json("POST", "/orders", order_body())

    (delivery,) = _deliveries(session)
    assert (delivery["status"], delivery["attempts"]) == ("delivered", 3)
    assert len({raw for _, raw in receiver.received}) == 1


@pytest.mark.parametrize(("option", "attempts"), [("failure", 2), ("follow", 1)])
def test_follow_a_redirect_when_the_option_allows_it(
    session: Session, receiver: Receiver, option: str, attempts: int
) -> None:
    session.control("POST", "/options", {"webhook_redirects": option})
    receiver.statuses.append(307)
    _hook(session, receiver)
    session.json("POST", "/orders", order_body())

    (delivery,) = _deliveries(session)
    assert (delivery["status"], delivery["attempts"]) == ("delivered", attempts)


def test_are_given_up_when_15_retries_have_failed(session: Session, receiver: Receiver) -> None:
    session.control("POST", "/options", {"webhook_time_scale": 0})
    receiver.always = 500
    _hook(session, receiver)
    session.json("POST", "/orders", order_body())

    (delivery,) = _deliveries(session)
    assert (delivery["status"], delivery["attempts"]) == ("failed", 16)
    assert len(receiver.received) == 16


def test_switch_the_hook_off_when_five_have_failed(session: Session, receiver: Receiver) -> None:
    session.control("POST", "/options", {"webhook_time_scale": 0, "webhook_retry_delays": [1]})
    receiver.always = 500
    _hook(session, receiver)
    for _ in range(6):
        session.json("POST", "/orders", order_body())
        session.server.drain(10)

    assert session.json("GET", "/hooks/1")["active"] is False
    assert len(receiver.received) == 10


def test_are_sent_again_when_the_hook_is_reactivated(session: Session, receiver: Receiver) -> None:
    _hook(session, receiver)
    session.json("DELETE", "/hooks/1")
    session.json("POST", "/orders", order_body(reference="missed"))
    session.json("POST", "/hooks/1/reactivate")
    session.json("POST", "/orders", order_body(reference="seen"))
    session.server.drain(10)

    references = [json.loads(raw)["data"]["reference"] for _, raw in receiver.received]
    assert references == ["seen"]


def test_fail_when_the_receiver_is_slow_or_absent(session: Session) -> None:
    session.control("POST", "/options", {"webhook_time_scale": 0, "webhook_retry_delays": []})
    body = {"name": "x", "event": "orders.created", "address": "http://127.0.0.1:9/"}
    session.json("POST", "/hooks", body)
    session.json("POST", "/orders", order_body())

    (delivery,) = _deliveries(session)
    assert (delivery["status"], delivery["last_error"]) == ("failed", "ConnectionError")


def test_do_not_block_the_api_when_the_receiver_calls_back(
    session: Session, receiver: Receiver
) -> None:
    session.control("POST", "/faults", {"event": "*", "fault": "delay", "seconds": 0.3})
    _hook(session, receiver)
    started = time.monotonic()
    session.json("POST", "/orders", order_body())

    assert time.monotonic() - started < 0.3
    assert receiver.received == []
    assert session.server.drain(10)
    assert len(receiver.received) == 1


def test_are_not_repeated_when_the_account_was_reset(session: Session, receiver: Receiver) -> None:
    def start_afresh() -> None:
        session.server.runtime.reset()
        _hook(Session(session.server), receiver)

    receiver.meanwhile = start_afresh
    receiver.statuses.append(500)
    _hook(session, receiver)
    session.json("POST", "/orders", order_body())
    session.server.drain(10)
    time.sleep(0.1)

    assert len(receiver.received) == 1


class TestFaults:
    def test_sends_the_same_bytes_twice_when_the_fault_is_duplicate(
        self, session: Session, receiver: Receiver
    ) -> None:
        session.control("POST", "/faults", {"event": "orders.created", "fault": "duplicate"})
        _hook(session, receiver)
        session.json("POST", "/orders", order_body())

        assert len(_deliveries(session)) == 2
        assert receiver.received[0][1] == receiver.received[1][1]

    def test_sends_nothing_when_the_fault_is_lose(
        self, session: Session, receiver: Receiver
    ) -> None:
        session.control("POST", "/faults", {"event": "orders.created", "fault": "lose"})
        _hook(session, receiver)
        session.json("POST", "/orders", order_body())

        assert [delivery["status"] for delivery in _deliveries(session)] == ["lost"]
        assert receiver.received == []

    def test_sends_the_next_webhook_first_when_the_fault_is_reorder(
        self, session: Session, receiver: Receiver
    ) -> None:
        fault = {"event": "orders.closed", "fault": "reorder", "seconds": 0.3}
        session.control("POST", "/faults", fault)
        _hook(session, receiver, "orders.closed", "orders.status_changed")
        session.json("POST", "/orders", order_body())
        session.json("POST", "/orders/1/process")
        session.server.drain(10)

        assert _events(receiver) == ["orders.status_changed", "orders.closed"]
