"""The doctor's checks of a channel and its Picqer account, each with the fault made."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone
from saleor.shipping.models import ShippingMethod

from saleor_picqer import tasks
from saleor_picqer.doctor import examination
from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.hosts import host
from saleor_picqer.models import ChannelState, HookRegistration, InboxEvent, OutboxOrder
from saleor_picqer.picqer import transport
from tests.integration.doctor.conftest import Patient
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.public_address import move_to


def levels(patient: Patient) -> dict[str, str]:
    """Return the level of the last finding of each check that is not well."""
    return {
        str(one.check): str(one.finding.level)
        for one in patient.examine()
        if one.finding.level != "ok"
    }


# --- copy and settings


def test_copied_database_is_found_and_sends_nothing_to_picqer(
    patient: Patient, settings: Any
) -> None:
    """Failure mode F91."""
    ChannelState.objects.update(public_address="https://shop.example")
    patient.connected.reset_requests()

    finding = patient.finding("copy")

    assert finding.level == "error"
    assert "switched on at https://shop.example" in finding.text
    assert "--copy" in finding.advice
    assert "--moved" in finding.advice
    assert patient.connected.requests() == {}
    key = patient.finding("key")
    assert key.text == "Not examined, because a copied database sends nothing to Picqer."


def test_plugin_that_is_off_is_examined_all_the_same(patient: Patient) -> None:
    patient.connected.shop.configure_plugin(active=False)

    (finding,) = patient.findings("settings")

    assert finding.level == "warning"
    assert "switched off" in finding.text
    assert patient.findings("key")[0].level == "ok"


def test_tag_that_has_gone_since_the_settings_were_saved_is_found(patient: Patient) -> None:
    shop = patient.connected
    shop.picqer_api("POST", "/tags", title="Webshop", color="#ff0000", inherit=False)
    shop.connect(order_tags="Webshop")
    for tag in shop.picqer_api("GET", "/tags"):
        path = f"/tags/{tag['idtag']}"
        shop.picqer_api("PUT", path, title="Shop", color="#ff0000", inherit=False)
    shop.run_until_idle()

    finding = patient.finding("settings")

    assert finding.level == "error"
    assert 'no tag "Webshop"' in finding.text


def test_renamed_shipping_method_is_found(patient: Patient) -> None:
    patient.connected.connect(shipping_methods="Parcel, Courier")
    ShippingMethod.objects.filter(name="Parcel").update(name="Packet")
    patient.connected.run_until_idle()

    assert 'no shipping method "parcel"' in patient.finding("settings").text


def test_invalid_settings_are_found_once(patient: Patient) -> None:
    (row,) = host().channels.configurations()
    for item in row.configuration:
        if item["name"] == "endpoint":
            item["value"] = "nonsense"
    row.save()

    assert patient.finding("settings").level == "error"
    assert "because the settings are not valid" in patient.finding("vat_groups").text


# --- the account


def test_refused_key_is_found_and_the_rest_is_examined(patient: Patient) -> None:
    patient.connected.server.runtime.api_key = "another"

    found = levels(patient)

    assert found["key"] == "error"
    assert "does not accept the API key" in patient.finding("key").text
    assert "Picqer could not be asked" in patient.finding("webhooks").text
    assert "skus" not in found
    assert "round_trip" not in found


@pytest.mark.parametrize(
    ("route", "name", "check"),
    [
        ("/vatgroups", "VAT groups", "vat_groups"),
        ("/warehouses", "warehouses", "warehouses"),
        ("/hooks", "webhooks", "webhooks"),
    ],
)
def test_missing_right_is_named(patient: Patient, route: str, name: str, check: str) -> None:
    refuse(patient.connected, route)

    finding = patient.findings("key")[0]

    assert finding.level == "error"
    assert f"may not read {name}." in finding.text
    assert patient.finding(check).text == f"Not examined, because the API key may not read {name}."


def test_key_of_a_fulfilment_customer_is_recognised(patient: Patient) -> None:
    for route in ("/users/me", "/warehouses", "/vatgroups", "/hooks"):
        refuse(patient.connected, route)

    assert "key of a fulfilment customer" in patient.findings("key")[0].text


def refuse(shop: ConnectedShop, route: str) -> None:
    """Have Picqer refuse the right to read a list."""
    shop.control("POST", "/faults", method="GET", route=route, fault="html", status=403, times=100)


def test_used_up_rate_limit_is_found(patient: Patient) -> None:
    (_, limit) = patient.findings("key")
    assert limit.level == "ok"
    assert "of 500 requests per minute are left" in limit.text

    server = patient.connected.server
    left = limit.count
    while left > 50:
        answer = requests.get(f"{server.url}/api/v1/stats", auth=(server.api_key, ""), timeout=5)
        left = int(answer.headers["X-RateLimit-Remaining"])

    (_, limit) = patient.findings("key")
    assert limit.level == "warning"
    assert "another program" in limit.advice


def test_slow_picqer_is_given_up_in_time(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person waits for the answer, and a web process of Saleor with that person."""
    monkeypatch.setattr(examination, "_PATIENCE", 0.5)
    patient.connected.control("POST", "/faults", method="GET", fault="slow", seconds=0.3, times=100)
    patient.connected.reset_requests()
    begun = time.monotonic()

    finding = patient.finding("key")

    assert "Picqer answers too slowly" in finding.text
    assert time.monotonic() - begun < 5
    assert sum(patient.connected.requests().values()) <= 3


def test_picqer_that_hangs_is_given_up_in_time(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "_TIMEOUT", (0.3, 0.3))
    monkeypatch.setattr(examination, "_MAX_WAIT", 0)
    patient.connected.control("POST", "/faults", method="GET", fault="hang", seconds=20, times=100)
    begun = time.monotonic()

    finding = patient.finding("key")
    patient.connected.control("DELETE", "/faults")

    assert finding.level == "error"
    assert time.monotonic() - begun < 5


def test_clock_of_picqer_that_differs_is_found(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulator answers with this machine's clock, so this machine's is moved."""

    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return super().now(tz) - timedelta(minutes=5)

    monkeypatch.setattr(transport, "datetime", Late)

    finding = patient.finding("picqer_clock")

    assert finding.level == "warning"
    assert "300 seconds ahead" in finding.text or "299 seconds ahead" in finding.text


# --- webhooks


def test_webhook_that_picqer_has_switched_off_is_found(patient: Patient) -> None:
    """Failure mode F1."""
    shop = patient.connected
    hook = next(one for one in shop.picqer_api("GET", "/hooks") if one["active"])
    shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")

    finding = patient.finding("webhooks")

    assert finding.level == "error"
    assert f"switched off the webhooks for {hook['event']}" in finding.text


def test_missing_webhooks_are_found(patient: Patient) -> None:
    HookRegistration.objects.update(hook_ids=[])
    shop = patient.connected
    for hook in shop.picqer_api("GET", "/hooks"):
        if hook["active"]:
            shop.picqer_api("DELETE", f"/hooks/{hook['idhook']}")

    finding = patient.finding("webhooks")

    assert finding.count == len(EVENTS)
    assert all(event in finding.text for event in EVENTS)


def test_webhook_at_a_former_address_is_found(patient: Patient) -> None:
    """Failure mode F92."""
    shop = patient.connected
    path = host().channels.webhook_url(shop.shop.channel_pk).removeprefix(patient.address.url)
    hook = {"name": "x", "event": "orders.completed", "secret": "s"}
    shop.picqer_api("POST", "/hooks", address=f"https://old.example{path}", **hook)
    shop.picqer_api("POST", "/hooks", address="https://other.example/hook", **hook)

    (strange, well) = patient.findings("webhooks")

    assert strange.level == "warning"
    assert strange.count == 1
    assert '"https://old.example"' in strange.text
    assert well.level == "ok"


def test_webhooks_stay_at_the_address_from_before_a_move(patient: Patient, settings: Any) -> None:
    """Failure mode F92: the known webhooks, at an old address."""
    ChannelState.objects.update(public_address="http://new.example")
    move_to("http://new.example", settings)

    found = patient.findings("webhooks")

    assert [one.level for one in found] == ["error", "warning"]
    assert "with an old address or secret" in found[1].text


# --- orders


def test_late_orders_and_deliveries_are_found(patient: Patient) -> None:
    patient.connected.place(BEANS=1)
    long_ago = timezone.now() - timedelta(hours=1)
    OutboxOrder.objects.update(created_at=long_ago, stage="pending", attempts=0)
    InboxEvent.objects.update(received_at=long_ago, status="received")

    finding = patient.finding("backlog")

    assert finding.level == "error"
    assert finding.text.startswith("Due for more than 15 minutes: 1 order and ")
    assert finding.count == 1 + InboxEvent.objects.count()


def test_raised_alarms_are_shown(patient: Patient) -> None:
    patient.connected.order(BEANS=1)
    OutboxOrder.objects.update(stage="failed")
    tasks.sweep()

    finding = patient.finding("alarms")

    assert finding.level == "error"
    assert finding.text == "Alarm ORDERS_FAILED: Orders that have failed for good: 1."
    assert "orders --attention" in finding.advice
    assert finding.count == 1


# --- the doctor itself


def test_check_that_fails_itself_does_not_stop_the_others(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(host().survey), "skus", lambda *_: 1 // 0)

    found = levels(patient)

    assert found == {"skus": "error"}
    assert "ZeroDivisionError" in patient.finding("skus").text


def test_nothing_is_saved_and_no_secret_is_shown(patient: Patient) -> None:
    secrets = [
        patient.connected.server.api_key,
        *HookRegistration.objects.values_list("current", flat=True),
    ]
    before = HookRegistration.objects.values().get()

    text = str(patient.examine())

    assert not [secret for secret in secrets if secret in text]
    assert "jan@example.com" not in text
    assert HookRegistration.objects.values().get() == before
