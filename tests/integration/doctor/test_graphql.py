"""The query `picqerDoctor`."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.doctor.checks import CHECKS
from tests.integration.doctor.conftest import Patient
from tests.integration.support.api import Api, ApiError, Json

DOCTOR = """
query ($channel: String) {
  picqerDoctor(channel: $channel) {
    level
    findings { check title channel level text advice count }
  }
}
"""
TWICE = """
query ($channel: String) {
  first: picqerDoctor(channel: $channel) { level }
  second: picqerDoctor(channel: $channel) { level }
}
"""


def ask(patient: Patient, api: Api) -> Json:
    report: Json = api.query(DOCTOR, channel=patient.connected.shop.channel_slug)["picqerDoctor"]
    return report


def test_query_shows_what_the_doctor_finds(patient: Patient) -> None:
    shop = patient.connected
    shop.picqer_api("POST", f"/products/{shop.product('BEANS')['idproduct']}/inactivate")

    report = ask(patient, shop.shop.staff_api("manage_plugins", email="plugins@example.com"))

    assert report["level"] == "WARNING"
    assert {one["check"] for one in report["findings"]} == {key.name for key in CHECKS}
    (finding,) = [one for one in report["findings"] if one["level"] != "OK"]
    assert finding == {
        "check": "PRODUCTS",
        "title": "Products in Picqer",
        "channel": shop.shop.channel_slug,
        "level": "WARNING",
        "text": 'Inactive in Picqer: 1 SKU of the channel, "BEANS".',
        "advice": "Picqer may refuse orders with them: activate them in Picqer, or take them out"
        " of the channel.",
        "count": 1,
    }
    assert report["findings"][0]["channel"] is None


def test_app_may_ask(patient: Patient) -> None:
    app = patient.connected.shop.app_api("manage_plugins")

    assert ask(patient, app)["level"] == "OK"


def test_staff_of_orders_may_not_ask(patient: Patient) -> None:
    api = patient.connected.shop.staff_api("manage_orders", email="orders@example.com")
    patient.connected.reset_requests()

    with pytest.raises(ApiError):
        ask(patient, api)

    assert patient.connected.requests() == {}
    assert patient.address.received == []


def test_channel_without_the_plugin_has_no_report(patient: Patient) -> None:
    api = patient.connected.shop.admin_api

    assert api.query(DOCTOR, channel="nowhere")["picqerDoctor"] is None


def test_one_request_examines_once(patient: Patient) -> None:
    """Aliases must not have a web process wait for a slow Picqer many times."""
    channel = patient.connected.shop.channel_slug

    answer = patient.connected.shop.admin_api.raw(TWICE, channel=channel)

    assert answer["data"] == {"first": {"level": "OK"}, "second": None}
    assert answer["errors"][0]["message"] == "Ask for one examination in each request."
    assert len(patient.address.received) == 1
