"""Owns shipments: labels of a carrier for a picklist, one or several parcels each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

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


def list_(simulator: Simulator, query: Query) -> list[Wire]:
    shipments = simulator.state.shipments.values()
    found = page(simulator.knobs, shipments, query, FILTERS)
    return [order_wire.shipment(simulator, shipment) for shipment in found]


def get(simulator: Simulator, idshipment: int) -> Wire:
    return order_wire.shipment(simulator, simulator.find(simulator.state.shipments, idshipment))


def list_of_picklist(simulator: Simulator, idpicklist: int, query: Query) -> list[Wire]:
    simulator.find(simulator.state.picklists, idpicklist)
    shipments = (
        shipment
        for shipment in simulator.state.shipments.values()
        if shipment.idpicklist == idpicklist
    )
    found = page(simulator.knobs, shipments, query)
    return [order_wire.shipment(simulator, shipment) for shipment in found]


def list_methods(simulator: Simulator, idpicklist: int) -> list[Wire]:
    picklist = simulator.find(simulator.state.picklists, idpicklist)
    return [
        {
            "idshippingprovider_profile": profile.idshippingprovider_profile,
            "name": profile.name,
            "provider": provider.name,
            "selected": profile.idshippingprovider_profile == picklist.idshippingprovider_profile,
            "extra_fields": [],
        }
        for provider in simulator.state.shippingproviders.values()
        for profile in provider.profiles
    ]


def create(simulator: Simulator, idpicklist: int, body: Wire, query: Query) -> Wire | None:
    """ApiError 26 for an unknown profile or packaging, or a cancelled picklist."""
    picklist = simulator.find(simulator.state.picklists, idpicklist)
    if picklist.status == "cancelled":
        raise ApiError(SHIPMENT_REFUSED)
    shipment = make(simulator, picklist, body)
    picklists.close_if_done(simulator, picklist)
    if query.get("return") != "shipment" and simulator.knobs.shipment_body == "empty":
        return None
    return order_wire.shipment(simulator, shipment)


def make(
    simulator: Simulator, picklist: Picklist, body: Wire, trackingcode: str | None = None
) -> Shipment:
    """With a tracking code of its own unless one is given."""
    values = read(simulator.knobs, body, READERS, also=frozenset({"parcels"}))
    provider, profile = _profile(simulator, values.get("idshippingprofile"))
    contents = _contents(simulator, picklist, values, body.get("parcels"))
    now = simulator.clock.stamp()
    shipment = Shipment(
        idshipment=simulator.state.new_id("shipment"),
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
        parcels=[_parcel(simulator, entry, trackingcode) for entry in contents],
    )
    simulator.state.shipments[shipment.idshipment] = shipment
    simulator.emit("picklists.shipments.created", order_wire.shipment(simulator, shipment))
    return shipment


def cancel(simulator: Simulator, idpicklist: int, idshipment: int) -> None:
    """Within five minutes."""
    shipment = simulator.find(simulator.state.shipments, idshipment)
    if shipment.idpicklist != idpicklist:
        raise ApiError(NOT_FOUND)
    deadline = simulator.clock.stamp(-simulator.knobs.shipment_cancel_seconds)
    if shipment.cancelled or shipment.created < deadline:
        raise ApiError(WRONG_STATUS, "This shipment can no longer be cancelled")
    shipment.cancelled, shipment.updated = True, simulator.clock.stamp()
    simulator.emit("picklists.shipments.cancelled", order_wire.shipment(simulator, shipment))


def _profile(
    simulator: Simulator, idprofile: int | None
) -> tuple[ShippingProvider, ShippingProfile]:
    """The first one if none is asked for."""
    for provider in simulator.state.shippingproviders.values():
        for profile in provider.profiles:
            if idprofile in (None, profile.idshippingprovider_profile):
                return provider, profile
    raise ApiError(SHIPMENT_REFUSED, "Unknown shipping profile")


def _contents(simulator: Simulator, picklist: Picklist, values: Wire, parcels: Any) -> list[Wire]:
    """Weight and packaging of each parcel; one parcel unless several are asked for."""
    single = {name: values.get(name) for name in PARCEL_READERS}
    entries = [read(simulator.knobs, entry, PARCEL_READERS) for entry in parcels or [single]]
    for entry in entries:
        idpackaging = entry.get("idpackaging")
        if idpackaging is not None and idpackaging not in simulator.state.packagings:
            raise ApiError(SHIPMENT_REFUSED, "Unknown packaging")
        if entry.get("weight") is None:
            entry["weight"] = sum(line.weight * line.amount for line in picklist.lines_to_pick)
    return entries


def _parcel(simulator: Simulator, entry: Wire, trackingcode: str | None) -> Parcel:
    idparcel = simulator.state.new_id("parcel")
    code = trackingcode or f"3SSIM{idparcel:08}"
    return Parcel(
        idparcel=idparcel,
        idpackaging=entry.get("idpackaging"),
        weight=entry["weight"],
        tracking_code=code,
        tracking_url=f"{order_wire.PUBLIC_SITE}/track/{code}",
    )
