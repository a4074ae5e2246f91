"""Picklists of orders in Picqer, and their shipments."""

from __future__ import annotations

from datetime import UTC, datetime

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.parcels import ListedShipment, Parcel, Shipment
from saleor_picqer.domain.remote_orders import RemotePicklist
from saleor_picqer.domain.skus import sum_by_sku
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.lines import product_ids, with_codes
from saleor_picqer.picqer.objects import picklists as picqer_picklists
from saleor_picqer.picqer.objects.picklists import PicklistStatus


class Picklists:
    """`sync.ports.picqer.RemotePicklists`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def get(self, picklist_id: int) -> RemotePicklist:
        found = self._client.picklists.get(picklist_id)
        # The parts of compositions are not lines of the shop's order.
        lines = with_codes(
            line for line in found.products if line.partof_idpicklist_product is None
        )
        return RemotePicklist(
            id=found.idpicklist,
            warehouse_id=found.idwarehouse,
            picked=sum_by_sku((code, line.amount_picked) for code, line in lines),
            shipments=self.shipments(picklist_id),
            is_closed=found.status == PicklistStatus.CLOSED,
            products=product_ids(lines),
        )

    def shipments(self, picklist_id: int) -> tuple[Shipment, ...]:
        found = self._client.picklists.shipments(picklist_id)
        return tuple(
            Shipment(shipment.idshipment, _parcels(shipment))
            for shipment in sorted(found, key=lambda one: one.idshipment)
            if not shipment.cancelled
        )

    def shipments_since(self, moment: datetime, offset: int) -> Page[ListedShipment]:
        sincedate = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        page = self._client.shipments.page(offset, sincedate=sincedate)
        listed = [
            ListedShipment(
                shipment.idpicklist,
                Shipment(shipment.idshipment, _parcels(shipment)),
                shipment.cancelled,
            )
            for shipment in page.items
            if shipment.idpicklist is not None
        ]
        return Page(listed, page.next_offset)


def _parcels(shipment: picqer_picklists.Shipment) -> tuple[Parcel, ...]:
    carrier = (
        shipment.public_providername
        or shipment.providername
        or shipment.provider
        or shipment.carrier_key
    )
    return tuple(Parcel(carrier, one.code, _web_page(one.url)) for one in shipment.tracking)


def _web_page(address: str) -> str:
    # Storefronts show the link, so nothing but a web page passes.
    return address if address.lower().startswith(("https://", "http://")) else ""
