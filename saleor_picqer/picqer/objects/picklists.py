"""Picklists (what the warehouse picks for an order) and shipments."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, NamedTuple

from pydantic import Field

from saleor_picqer.picqer.objects.base import (
    Body,
    Listed,
    Money,
    PicqerObject,
    Positive,
    twins,
)
from saleor_picqer.picqer.objects.common import Tags


class PicklistStatus(enum.StrEnum):
    NEW = "new"
    PAUSED = "paused"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PicklistLine(PicqerObject):
    """`idorder_product` names the order's line; parts have `partof_idpicklist_product`."""

    id_field: ClassVar[str] = "idpicklist_product"

    idpicklist_product: int
    idproduct: int | None = None
    idorder_product: int | None = None
    idvatgroup: int | None = None
    productcode: str = ""
    name: str = ""
    remarks: str = ""
    amount: int
    amount_picked: int = twins("amount_picked", "amountpicked", default=0)
    price: Money | None = None
    weight: int | None = None
    stock_location: str | None = twins("stock_location", "stocklocation")
    partof_idpicklist_product: int | None = None
    has_parts: bool = False


class Picklist(PicqerObject):
    id_field: ClassVar[str] = "idpicklist"

    idpicklist: int
    picklistid: str = ""
    status: str = ""
    idorder: int | None = None
    idcustomer: int | None = None
    idreturn: int | None = None
    idwarehouse: int | None = None
    idtemplate: int | None = None
    idpicklist_batch: int | None = None
    idshippingprovider_profile: int | None = None
    reference: str = ""
    deliveryname: str = ""
    deliverycontact: str | None = twins("deliverycontact", "deliverycontactname")
    deliverycountry: str = ""
    assigned_to_iduser: int | None = None
    invoiced: bool | None = None
    urgent: bool | None = None
    preferred_delivery_date: str = ""
    totalproducts: int | None = None
    totalpicked: int | None = None
    weight: int | None = None
    snoozed_until: str = ""
    closed_by_iduser: int | None = None
    closed_at: str = ""
    tags: Tags
    products: Annotated[list[PicklistLine], Listed, Field(default_factory=list)]
    created: str = ""
    updated: str = ""


class Pick(Body):
    idpicklist_product: int
    amount: Positive


class Parcel(PicqerObject):
    id_field: ClassVar[str] = "idparcel"

    idparcel: int | None = None
    weight: int | None = None
    tracking_code: str = ""
    tracking_url: str = ""


class Tracking(NamedTuple):
    """A parcel's tracking code and page; `url` can be empty."""

    code: str
    url: str


class Shipment(PicqerObject):
    """A shipment with a carrier. The lines are on the picklist `idpicklist`."""

    id_field: ClassVar[str] = "idshipment"

    idshipment: int
    idpicklist: int | None = None
    idorder: int | None = None
    idreturn: int | None = None
    idshippingprovider: int | None = None
    provider: str = ""
    providername: str = ""
    public_providername: str = ""
    profile_name: str = ""
    carrier_key: str = ""
    trackingcode: str = ""
    trackingurl: str | None = twins("trackingurl", "tracktraceurl")
    labelurl_pdf: str | None = twins("labelurl_pdf", "labelurl")
    labelurl_zpl: str = ""
    weight: int | None = None
    created_by_iduser: int | None = None
    cancelled: bool = False
    parcels: Annotated[list[Parcel], Listed, Field(default_factory=list)]
    created: str = ""
    updated: str = ""

    @property
    def tracking(self) -> tuple[Tracking, ...]:
        """Tracking of each parcel, else of the shipment; codes and pages may be empty."""
        of_parcels = [Tracking(p.tracking_code, p.tracking_url) for p in self.parcels]
        own = Tracking(self.trackingcode, self.trackingurl or "")
        # Older accounts have no parcels, and some carriers give neither code nor page.
        if own.code and not any(t.code for t in of_parcels):
            return (own,)
        return tuple(dict.fromkeys(of_parcels)) or (own,)


class ParcelCreate(Body):
    idpackaging: int | None = None
    weight: int | None = None


class ShipmentCreate(Body):
    """A shipment to request from the carrier. No other body says `idshippingprofile`."""

    idshippingprofile: int
    weight: int | None = None
    idpackaging: int | None = None
    extrafields: dict[str, str] | None = None
    parcels: list[ParcelCreate] | None = None


class ShippingMethod(PicqerObject):
    id_field: ClassVar[str] = "idshippingprovider_profile"

    idshippingprovider_profile: int
    name: str = ""
    provider: str = ""
    selected: bool = False
