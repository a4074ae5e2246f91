"""Shipments of picklists."""

from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator import Account
from picqer_simulator.core.models import Wire
from picqer_simulator.rules import picklists, shipments
from simulator_support.builders import add_product, build_account, process_order, refusal_of


def _with_picklist(**options: Any) -> Account:
    account = build_account(**options)
    add_product(account, stock=5, weight=310)
    process_order(account, {"MUG": 2})
    return account


def _ship(account: Account, body: Wire) -> Wire:
    shipment = account.run(shipments.create, 1, body, {})
    assert shipment is not None
    return shipment


def test_carries_tracking_in_parcel_and_shipment_when_created() -> None:
    account = _with_picklist()

    shipment = _ship(account, {"idshippingprofile": 2})

    parcel = shipment["parcels"][0]
    assert shipment["trackingcode"] == parcel["tracking_code"] != ""
    assert shipment["trackingurl"] == shipment["tracktraceurl"] == parcel["tracking_url"]
    assert (shipment["idpicklist"], shipment["weight"]) == (1, 620)
    assert shipment["idcompany_shippingprovider_profile"] == 2


def test_has_only_parcels_when_the_option_hides_flat_fields() -> None:
    account = _with_picklist(flat_tracking_fields=False)

    assert "trackingcode" not in _ship(account, {})


def test_has_several_parcels_when_the_body_lists_them() -> None:
    account = _with_picklist()
    body = {"idshippingprofile": 1, "parcels": [{"weight": 500}, {"weight": 120}]}

    shipment = _ship(account, body)

    codes = {parcel["tracking_code"] for parcel in shipment["parcels"]}
    assert (len(codes), shipment["weight"]) == (2, 620)


@pytest.mark.parametrize(
    "body", [{"idshippingprofile": 404}, {"idpackaging": 404}, {"parcels": [{"idpackaging": 404}]}]
)
def test_is_refused_when_profile_or_packaging_is_unknown(body: dict[str, Any]) -> None:
    account = _with_picklist()

    assert refusal_of(account, shipments.create, 1, body, {}) == 26


def test_is_refused_when_the_picklist_is_cancelled() -> None:
    account = _with_picklist()
    account.run(picklists.cancel, 1)

    assert refusal_of(account, shipments.create, 1, {}, {}) == 26


def test_is_returned_on_request_when_the_option_is_empty() -> None:
    account = _with_picklist(shipment_body="empty")

    assert account.run(shipments.create, 1, {}, {}) is None
    shipment = account.run(shipments.create, 1, {}, {"return": "shipment"})
    assert shipment is not None
    assert shipment["idshipment"] == 2


def test_can_be_cancelled_once_when_five_minutes_have_not_passed() -> None:
    account = _with_picklist()
    account.run(shipments.create, 1, {}, {})
    account.run(shipments.create, 1, {}, {})

    account.run(shipments.cancel, 1, 1)

    assert account.run(shipments.get, 1)["cancelled"] is True
    assert account.events[-1].name == "picklists.shipments.cancelled"
    assert refusal_of(account, shipments.cancel, 1, 1) == 21
    account.clock.advance(301)
    assert refusal_of(account, shipments.cancel, 1, 2) == 21


def test_lists_the_carrier_s_profiles_when_a_picklist_needs_one() -> None:
    account = _with_picklist()
    account.run(picklists.update, 1, {"idshippingprovider_profile": 2})

    methods = account.run(shipments.list_methods, 1)

    assert [method["selected"] for method in methods] == [False, True]
