"""The records of picklists and shipments."""

from __future__ import annotations

from dataclasses import dataclass, field

from picqer_simulator.core.models.reference import ShippingProfile


@dataclass
class PicklistLine:
    idpicklist_product: int
    idproduct: int
    idorder_product: int
    idvatgroup: int
    productcode: str
    name: str
    remarks: str | None
    amount: int
    price: float
    weight: int
    amount_picked: int = 0
    partof_idpicklist_product: int | None = None
    has_parts: bool = False
    per_parent: int = 1


@dataclass
class Picklist:
    idpicklist: int
    picklistid: str
    idcustomer: int | None
    idorder: int
    idwarehouse: int
    idtemplate: int | None
    idshippingprovider_profile: int | None
    created: str
    updated: str
    status: str = "new"
    assigned_to_iduser: int | None = None
    invoiced: bool = False
    urgent: bool = False
    snoozed_until: str | None = None
    closed_by_iduser: int | None = None
    closed_at: str | None = None
    products: list[PicklistLine] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status in ("new", "paused", "snoozed")

    @property
    def lines_to_pick(self) -> list[PicklistLine]:
        """Return the lines of physical products: parts instead of their compositions."""
        return [line for line in self.products if not line.has_parts]


@dataclass
class Parcel:
    idparcel: int
    idpackaging: int | None
    weight: int
    tracking_code: str | None
    tracking_url: str | None


@dataclass
class Shipment:
    idshipment: int
    idpicklist: int
    idorder: int
    idpackaging: int | None
    idshippingprovider: int
    profile: ShippingProfile
    provider: str
    carrier_key: str
    weight: int
    created: str
    updated: str
    cancelled: bool = False
    parcels: list[Parcel] = field(default_factory=list)
