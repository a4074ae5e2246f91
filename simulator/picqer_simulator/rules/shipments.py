"""The resource `shipments`: a carrier's labels for a picklist, with one or more parcels."""

from __future__ import annotations

from typing import Any

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, SHIPMENT_REFUSED, WRONG_STATUS, ApiError
from picqer_simulator.core.models import (
    Parcel,
    Picklist,
    Shipment,
    ShippingProfile,
    ShippingProvider,
    Wire,
)
from picqer_simulator.core.parsing import integer, mapping, optional, read
from picqer_simulator.core.queries import Query, contains, page, since, until
from picqer_simulator.rules import order_wire, picklists

READERS = {
    "idshippingprofile": optional(integer),
    "weight": optional(integer),
    "idpackaging": optional(integer),
    "extrafields": optional(mapping),
}
PARCEL_READERS = {"weight": optional(integer), "idpackaging": optional(integer)}
FILTERS = {
    "search": contains("idshipment", "idpicklist", "provider"),
    "sincedate": since("created"),
    "untildate": until("created"),
}


def list_(account: Account, query: Query) -> list[Wire]:
    shipments = account.state.shipments.values()
    found = page(account.options, shipments, query, FILTERS)
    return [order_wire.shipment(account, shipment) for shipment in found]


def get(account: Account, idshipment: int) -> Wire:
    return order_wire.shipment(account, account.find(account.state.shipments, idshipment))


def list_of_picklist(account: Account, idpicklist: int, query: Query) -> list[Wire]:
    account.find(account.state.picklists, idpicklist)
    shipments = (
        shipment
        for shipment in account.state.shipments.values()
        if shipment.idpicklist == idpicklist
    )
    found = page(account.options, shipments, query)
    return [order_wire.shipment(account, shipment) for shipment in found]


def list_methods(account: Account, idpicklist: int) -> list[Wire]:
    """List the shipping profiles for a picklist."""
    picklist = account.find(account.state.picklists, idpicklist)
    return [
        {
            "idshippingprovider_profile": profile.idshippingprovider_profile,
            "name": profile.name,
            "provider": provider.name,
            "selected": profile.idshippingprovider_profile == picklist.idshippingprovider_profile,
            "extra_fields": [],
        }
        for provider in account.state.shippingproviders.values()
        for profile in provider.profiles
    ]


def create(account: Account, idpicklist: int, body: Wire, query: Query) -> Wire | None:
    """Create a shipment; raise ApiError 26 for a cancelled picklist or an unknown profile."""
    picklist = account.find(account.state.picklists, idpicklist)
    if picklist.status == "cancelled":
        raise ApiError(SHIPMENT_REFUSED)
    shipment = make(account, picklist, body)
    # A shipment can be the last step of a picklist.
    picklists.close_if_done(account, picklist)
    if query.get("return") != "shipment" and account.options.shipment_body == "empty":
        return None
    return order_wire.shipment(account, shipment)


def make(
    account: Account, picklist: Picklist, body: Wire, trackingcode: str | None = None
) -> Shipment:
    """Create a shipment with the given tracking code, or with a generated code."""
    values = read(account.options, body, READERS, also=frozenset({"parcels"}))
    provider, profile = _profile(account, values.get("idshippingprofile"))
    contents = _contents(account, picklist, values, body.get("parcels"))
    now = account.clock.stamp()
    shipment = Shipment(
        idshipment=account.state.new_id("shipment"),
        idpicklist=picklist.idpicklist,
        idorder=picklist.idorder,
        idpackaging=contents[0].get("idpackaging"),
        idshippingprovider=provider.idshippingprovider,
        profile=profile,
        provider=provider.name,
        carrier_key=provider.carrier_key,
        weight=sum(entry["weight"] for entry in contents),
        created=now,
        updated=now,
        parcels=[_parcel(account, entry, trackingcode) for entry in contents],
    )
    account.state.shipments[shipment.idshipment] = shipment
    account.emit("picklists.shipments.created", order_wire.shipment(account, shipment))
    return shipment


def cancel(account: Account, idpicklist: int, idshipment: int) -> None:
    """Cancel a shipment within the time of `shipment_cancel_seconds`."""
    shipment = account.find(account.state.shipments, idshipment)
    if shipment.idpicklist != idpicklist:
        raise ApiError(NOT_FOUND)
    # Carriers accept a cancellation only for a short time.
    deadline = account.clock.stamp(-account.options.shipment_cancel_seconds)
    if shipment.cancelled or shipment.created < deadline:
        raise ApiError(WRONG_STATUS, "This shipment can no longer be cancelled")
    shipment.cancelled, shipment.updated = True, account.clock.stamp()
    account.emit("picklists.shipments.cancelled", order_wire.shipment(account, shipment))


def _profile(account: Account, idprofile: int | None) -> tuple[ShippingProvider, ShippingProfile]:
    """Return the shipping profile with that id, or the first profile."""
    for provider in account.state.shippingproviders.values():
        for profile in provider.profiles:
            if idprofile in (None, profile.idshippingprovider_profile):
                return provider, profile
    raise ApiError(SHIPMENT_REFUSED, "Unknown shipping profile")


def _contents(account: Account, picklist: Picklist, values: Wire, parcels: Any) -> list[Wire]:
    """Return weight and packaging of each parcel."""
    single = {name: values.get(name) for name in PARCEL_READERS}
    entries = [read(account.options, entry, PARCEL_READERS) for entry in parcels or [single]]
    for entry in entries:
        idpackaging = entry.get("idpackaging")
        if idpackaging is not None and idpackaging not in account.state.packagings:
            raise ApiError(SHIPMENT_REFUSED, "Unknown packaging")
        # Without a weight in the body, the parcel weighs as much as the products.
        if entry.get("weight") is None:
            entry["weight"] = sum(line.weight * line.amount for line in picklist.lines_to_pick)
    return entries


def _parcel(account: Account, entry: Wire, trackingcode: str | None) -> Parcel:
    """Build a parcel with a tracking code."""
    idparcel = account.state.new_id("parcel")
    # 3S is the prefix of PostNL's tracking codes.
    code = trackingcode or f"3SSIM{idparcel:08}"
    return Parcel(
        idparcel=idparcel,
        idpackaging=entry.get("idpackaging"),
        weight=entry["weight"],
        tracking_code=code,
        tracking_url=f"{order_wire.PUBLIC_SITE}/track/{code}",
    )
