"""Hooks: validation, deliveries and deactivation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from picqer_simulator import Account
from picqer_simulator.core.encoding import dumps, signature
from picqer_simulator.core.events import Delivery
from picqer_simulator.core.models import Wire
from picqer_simulator.rules import hooks, orders
from simulator_support.builders import add_product, build_account, order_body, refusal_of

ADDRESS = "https://shop.example/plugins/picqer/webhooks"
BODY = {"name": "Orders", "event": "orders.created", "address": ADDRESS}


def _posted(account: Account) -> list[Delivery]:
    """Return a list that collects all webhooks from now on."""
    posted: list[Delivery] = []
    account.on_delivery = posted.append
    return posted


@pytest.mark.parametrize(
    "body",
    [
        {"event": "orders.created", "address": ADDRESS},
        {"name": "Orders", "address": ADDRESS},
        {"name": "Orders", "event": "orders.created"},
        {**BODY, "address": "shop.example"},
        {**BODY, "event": "orders.eaten"},
    ],
)
def test_are_refused_when_incomplete(body: Wire) -> None:
    assert refusal_of(build_account(), hooks.create, body) == 5


def test_are_refused_when_an_active_hook_has_the_same_address_and_event() -> None:
    account = build_account()
    first = account.run(hooks.create, BODY)["idhook"]
    assert refusal_of(account, hooks.create, BODY) == 5

    account.run(hooks.deactivate, first)
    second = account.run(hooks.create, BODY)["idhook"]

    found = account.run(hooks.list_, {})
    assert [(hook["idhook"], hook["active"]) for hook in found] == [(first, False), (second, True)]


@pytest.mark.parametrize("option", ["refuse", "accept"])
def test_reactivating_a_duplicate_is_refused_when_the_option_says_so(option: str) -> None:
    account = build_account(reactivate_duplicate=option)
    first = account.run(hooks.create, BODY)["idhook"]
    account.run(hooks.deactivate, first)
    account.run(hooks.create, BODY)

    if option == "refuse":
        assert refusal_of(account, hooks.reactivate, first) == 5
    else:
        assert account.run(hooks.reactivate, first)["active"] is True


@pytest.mark.parametrize(("secret", "shown"), [("s3cret", True), (None, False), ("", False)])
def test_hide_their_secret_when_shown(secret: str | None, *, shown: bool) -> None:
    assert build_account().run(hooks.create, {**BODY, "secret": secret})["secret"] is shown


def test_get_a_signature_of_the_raw_bytes_when_they_have_a_secret() -> None:
    account = build_account()
    add_product(account)
    account.run(hooks.create, {**BODY, "secret": "s3cret"})
    posted = _posted(account)

    order = account.run(orders.create, order_body(deliveryname="Zoë / Visser"))

    (delivery,) = posted
    digest = hmac.new(b"s3cret", delivery.body, hashlib.sha256).digest()
    assert delivery.signature == base64.b64encode(digest).decode()
    assert json.loads(delivery.body) == {
        "idhook": 1,
        "name": "Orders",
        "event": "orders.created",
        "event_triggered_at": order["created"],
        "data": order,
    }


def test_get_no_signature_when_they_have_no_secret() -> None:
    account = build_account()
    add_product(account)
    account.run(hooks.create, BODY)
    posted = _posted(account)

    account.run(orders.create, order_body())

    assert [delivery.signature for delivery in posted] == [None]


def test_lose_events_when_they_are_off() -> None:
    account = build_account()
    add_product(account)
    idhook = account.run(hooks.create, BODY)["idhook"]
    posted = _posted(account)

    account.run(hooks.deactivate, idhook)
    account.run(orders.create, order_body())
    account.run(hooks.reactivate, idhook)
    account.run(orders.create, order_body())

    assert [json.loads(delivery.body)["data"]["idorder"] for delivery in posted] == [2]


def test_are_switched_off_when_five_deliveries_fail_in_a_day() -> None:
    account = build_account()
    idhook = account.run(hooks.create, BODY)["idhook"]

    for _ in range(4):
        account.run(hooks.count_failure, idhook)
    assert account.run(hooks.get, idhook)["active"] is True

    account.run(hooks.count_failure, idhook)
    assert account.run(hooks.get, idhook)["active"] is False


def test_stay_on_when_the_failures_are_spread_over_days() -> None:
    account = build_account()
    idhook = account.run(hooks.create, BODY)["idhook"]

    for _ in range(8):
        account.run(hooks.count_failure, idhook)
        account.clock.advance(7 * 3600)

    assert account.run(hooks.get, idhook)["active"] is True


def test_forget_their_failures_when_reactivated() -> None:
    account = build_account()
    idhook = account.run(hooks.create, BODY)["idhook"]
    for _ in range(5):
        account.run(hooks.count_failure, idhook)

    account.run(hooks.reactivate, idhook)
    account.run(hooks.count_failure, idhook)

    assert account.run(hooks.get, idhook)["active"] is True


def test_bytes_differ_when_the_json_is_encoded_again() -> None:
    raw = dumps({"url": "https://x.example/é"})

    assert json.loads(raw) == {"url": "https://x.example/é"}
    assert signature(json.dumps(json.loads(raw)).encode(), "s") != signature(raw, "s")
