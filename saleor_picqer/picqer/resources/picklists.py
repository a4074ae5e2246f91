"""Picklists, which Picqer creates when orders or backorders are processed, and shipments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, Unpack

from saleor_picqer.domain.batches import Page
from saleor_picqer.picqer.objects.orders import Reason
from saleor_picqer.picqer.objects.picklists import (
    Pick,
    Picklist,
    Shipment,
    ShipmentCreate,
    ShippingMethod,
)
from saleor_picqer.picqer.resources.base import Resource


class PicklistFilters(TypedDict, total=False):
    """Filters of the list. Dates are `YYYY-MM-DD HH:MM:SS`."""

    picklistid: str
    status: str
    idwarehouse: int
    assigned_to_iduser: int
    idpicklist_batch: int
    sinceid: int
    beforeid: int
    sincedate: str
    untildate: str
    closed_after: str
    closed_before: str
    tag: str


class PicklistsResource(Resource):
    _path = "/picklists"

    def list(self, **filters: Unpack[PicklistFilters]) -> Iterator[Picklist]:
        return self._list(Picklist, "/picklists", filters)

    def get(self, idpicklist: int) -> Picklist:
        return self._get(Picklist, f"/picklists/{idpicklist}")

    def pick(self, idpicklist: int, pick: Pick) -> Picklist | None:
        return self._act(Picklist, "POST", f"/picklists/{idpicklist}/pick", pick)

    def pick_all(self, idpicklist: int) -> Picklist | None:
        return self._action(idpicklist, "pickall")

    def close(self, idpicklist: int) -> Picklist | None:
        return self._action(idpicklist, "close")

    def cancel(self, idpicklist: int) -> Picklist | None:
        """Cancel a picklist; the products become backorders."""
        return self._action(idpicklist, "cancel")

    def pause(self, idpicklist: int, reason: str) -> Picklist | None:
        body = Reason(reason=reason)
        return self._act(Picklist, "POST", f"/picklists/{idpicklist}/pause", body)

    def resume(self, idpicklist: int) -> Picklist | None:
        return self._action(idpicklist, "resume")

    def _action(self, idpicklist: int, action: str) -> Picklist | None:
        return self._act(Picklist, "POST", f"/picklists/{idpicklist}/{action}")

    def shipments(self, idpicklist: int) -> Iterator[Shipment]:
        """Yield the picklist's shipments, also cancelled shipments."""
        return self._list(Shipment, f"/picklists/{idpicklist}/shipments")

    def shipping_methods(self, idpicklist: int) -> Iterator[ShippingMethod]:
        return self._list(ShippingMethod, f"/picklists/{idpicklist}/shippingmethods")

    def create_shipment(self, idpicklist: int, shipment: ShipmentCreate) -> Shipment | None:
        """Request a shipment with label from the carrier."""
        path = f"/picklists/{idpicklist}/shipments"
        return self._act(Shipment, "POST", path, shipment, filters={"return": "shipment"})

    def cancel_shipment(self, idpicklist: int, idshipment: int) -> None:
        """Cancel a shipment within five minutes of the creation."""
        self._send("DELETE", f"/picklists/{idpicklist}/shipments/{idshipment}")


class ShipmentFilters(TypedDict, total=False):
    search: str
    sincedate: str
    untildate: str


class ShipmentsResource(Resource):
    def list(self, **filters: Unpack[ShipmentFilters]) -> Iterator[Shipment]:
        return self._list(Shipment, "/shipments", filters)

    def page(self, offset: int, **filters: Unpack[ShipmentFilters]) -> Page[Shipment]:
        return self._page(Shipment, "/shipments", offset, filters)

    def get(self, idshipment: int) -> Shipment:
        return self._get(Shipment, f"/shipments/{idshipment}")
