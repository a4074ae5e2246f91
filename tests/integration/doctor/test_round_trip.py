"""The webhook round trip: what stands before Saleor, and what the doctor says about it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from saleor.plugins.models import PluginConfiguration

from saleor_picqer import address_probe
from saleor_picqer.config import GLOBAL_PLUGIN_ID
from saleor_picqer.models import InboxEvent, PeriodicTask
from saleor_picqer.picqer import probe
from tests.integration.doctor.conftest import Patient
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.public_address import (
    Answer,
    Received,
    html,
    move_to,
    redirect,
    saleor,
)


def trip(patient: Patient) -> str:
    """Return what the doctor says about the round trip, which is an error."""
    finding = patient.finding("round_trip")
    assert finding.level == "error"
    assert finding.advice
    return finding.text


ANSWERS = {
    "redirect": (
        redirect("https://shop.example/x?key=secret"),
        "redirects to https://shop.example",
    ),
    "temporary redirect": (redirect("/login/", 302), "redirects to /login/"),
    "forbidden": (html(403), "A proxy or firewall before Saleor refuses the request (403)"),
    "login": (Answer(401, b'{"message": "Unauthorized"}'), "refuses the request (401)"),
    "not found": (html(404), "Nothing answers at the webhook's address (404)"),
    "web page": (html(200), "Another program answers at Saleor's public address, with a web page"),
    "another program": (Answer(200, b'{"ok": true}'), "Another program than the plugin answers"),
    "no object": (Answer(200, b"[]"), "Another program than the plugin answers"),
    "bad gateway": (html(502), "fails (502)"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_names_what_answers_in_place_of_the_plugin(patient: Patient, answer: str) -> None:
    given, expected = ANSWERS[answer]
    patient.address.always(given)

    text = trip(patient)

    assert expected in text
    assert "secret" not in text


def without_signature(request: Received) -> Answer:
    headers = {k: v for k, v in request.headers.items() if k != "X-Picqer-Signature"}
    return saleor(replace(request, headers=headers))


def as_get(request: Received) -> Answer:
    return saleor(replace(request, method="GET", body=b""))


def in_a_copy(request: Received) -> Answer:
    PeriodicTask.objects.filter(name__startswith="probe ").delete()
    return saleor(request)


PROXIES: dict[str, tuple[Callable[[Received], Answer], str]] = {
    "removes the signature": (without_signature, "does not know the signature"),
    "makes it a GET": (as_get, "with another method than POST"),
    "leads to a copy": (in_a_copy, "leads to the plugin of another database"),
}


@pytest.mark.parametrize("proxy", PROXIES)
def test_notices_what_a_proxy_changes(patient: Patient, proxy: str) -> None:
    """Failure mode F91: the address of a copy may lead to the original."""
    patient.address.answers, expected = PROXIES[proxy]

    assert expected in trip(patient)


def test_notices_another_secret_key_behind_the_address(patient: Patient, settings: Any) -> None:
    def with_another_key(request: Received) -> Answer:
        key, settings.SECRET_KEY = settings.SECRET_KEY, "another"
        answer = saleor(request)
        settings.SECRET_KEY = key
        return answer

    patient.address.answers = with_another_key

    assert "does not know the signature" in trip(patient)


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no plugin of this kind")
def test_notices_that_the_global_plugin_is_off(patient: Patient) -> None:
    PluginConfiguration.objects.update_or_create(
        identifier=GLOBAL_PLUGIN_ID, channel=None, defaults={"active": False, "configuration": []}
    )

    assert "Nothing answers at the webhook's address (404)" in trip(patient)


def test_says_so_when_nothing_answers_in_time(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    InboxEvent.objects.all().delete()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(probe, "_TIMEOUT", (0.2, 0.2))
        finding = at_address(patient, f"http://127.0.0.1:{silent.getsockname()[1]}")

    assert finding.level == "error"
    assert "did not answer within a few seconds" in finding.text
    assert "single web process" in finding.advice


def test_says_so_when_nothing_listens(patient: Patient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert (
        f"nothing accepts connections at port {port}"
        in at_address(patient, f"http://127.0.0.1:{port}").text
    )


def test_says_so_when_the_address_does_not_speak_tls(patient: Patient) -> None:
    address = patient.address.url.replace("http:", "https:")

    assert "does not speak TLS" in at_address(patient, address).text


def test_is_milder_when_picqer_itself_has_arrived_lately(patient: Patient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    deliver(patient.connected)

    finding = at_address(patient, f"http://127.0.0.1:{port}")
    assert finding.level == "warning"
    assert "Picqer itself has reached Saleor" in finding.text

    InboxEvent.objects.update(received_at=timezone.now() - timedelta(days=2))
    assert at_address(patient, f"http://127.0.0.1:{port}").level == "error"


def deliver(shop: ConnectedShop) -> None:
    """Have Picqer deliver a webhook."""
    shop.stock("BEANS", 7)
    shop.run_until_idle()
    assert InboxEvent.objects.exists()


def at_address(patient: Patient, address: str) -> Any:
    """Return the round trip's finding at another public address."""
    move_to(address, patient.settings)
    return patient.finding("round_trip")


# --- the endpoint


def test_probe_is_like_a_webhook_and_stores_nothing(patient: Patient) -> None:
    InboxEvent.objects.all().delete()

    assert patient.finding("round_trip").level == "ok"

    (request,) = patient.address.received
    assert request.method == "POST"
    assert request.path.endswith(f"/webhooks/{patient.connected.shop.channel_pk}")
    assert "?" not in request.path
    assert request.headers["X-Picqer-Signature"]
    assert patient.connected.server.api_key not in str(request)
    assert not InboxEvent.objects.exists()
    assert not PeriodicTask.objects.filter(name__startswith="probe ").exists()


def test_probe_is_answered_while_it_is_under_way_only(patient: Patient) -> None:
    patient.finding("round_trip")
    (request,) = patient.address.received

    again = saleor(request)

    assert again.status == 409
    assert again.body == b'{"probe": ""}'


@pytest.mark.parametrize("body", [b"", b"{}", b'{"probe": "1"}', b"\xff", b"x" * 5000])
def test_forged_probe_is_refused(patient: Patient, body: bytes) -> None:
    with address_probe.begin() as begun:
        path = f"/plugins/global/picqer-global/webhooks/{patient.connected.shop.channel_pk}"
        response = Client().post(
            path,
            body,
            content_type="application/json",
            HTTP_X_PICQER_PROBE="1",
            HTTP_X_PICQER_SIGNATURE=begun.signature,
        )

    assert response.status_code == 401
    assert not InboxEvent.objects.filter(body=body).exists()


def test_signature_of_a_probe_signs_no_webhook(patient: Patient) -> None:
    """A delivery with the probe's own signature is refused."""
    with address_probe.begin() as begun:
        path = f"/plugins/global/picqer-global/webhooks/{patient.connected.shop.channel_pk}"
        response = Client().post(
            path,
            begun.body,
            content_type="application/json",
            HTTP_X_PICQER_SIGNATURE=begun.signature,
        )

    assert response.status_code == 401
