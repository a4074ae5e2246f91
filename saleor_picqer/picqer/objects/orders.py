"""Orders, lines and backorders. Prices exclude VAT; `reference` is not unique in Picqer."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from saleor_picqer.picqer.objects.base import (
    Body,
    Country,
    Filled,
    Listed,
    Money,
    PicqerObject,
    Positive,
    twins,
)
from saleor_picqer.picqer.objects.common import OrderFieldValue, OrderFieldWrite, Tags


class OrderStatus(enum.StrEnum):
    EXPECTED = "expected"
    CONCEPT = "concept"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class OrderLine(PicqerObject):
    """A line; with `partof_idorder_product`, a part of a composition added by Picqer."""

    id_field: ClassVar[str] = "idorder_product"

    idorder_product: int
    idproduct: int | None = None
    productcode: str = ""
    name: str = ""
    remarks: str = ""
    price: Money | None = None
    amount: int
    amount_cancelled: int = 0
    idvatgroup: int | None = None
    weight: int | None = None
    partof_idorder_product: int | None = None
    has_parts: bool = False


class OrderPicklist(PicqerObject):
    """The head of a picklist in an order; lines are in the picklist only."""

    id_field: ClassVar[str] = "idpicklist"

    idpicklist: int
    picklistid: str = ""
    status: str = ""
    idwarehouse: int | None = None
    totalproducts: int | None = None
    totalpicked: int | None = None


class Order(PicqerObject):
    """`orderid` is the human number. Timestamps are texts `YYYY-MM-DD HH:MM:SS` without a zone."""

    id_field: ClassVar[str] = "idorder"

    idorder: int
    orderid: str = ""
    status: str = ""
    reference: str = ""
    idcustomer: int | None = None
    idtemplate: int | None = None
    idshippingprovider_profile: int | None = None
    deliveryname: str = ""
    deliverycontactname: str | None = twins("deliverycontactname", "deliverycontact")
    deliveryaddress: str = ""
    deliveryaddress2: str = ""
    deliveryzipcode: str = ""
    deliverycity: str = ""
    deliveryregion: str = ""
    deliverycountry: str = ""
    invoicename: str = ""
    invoicecontactname: str = ""
    invoiceaddress: str = ""
    invoiceaddress2: str = ""
    invoicezipcode: str = ""
    invoicecity: str = ""
    invoiceregion: str = ""
    invoicecountry: str = ""
    telephone: str = ""
    emailaddress: str = ""
    customer_remarks: str = ""
    pickup_point_data: Any = None
    partialdelivery: bool | None = None
    auto_split: bool | None = None
    discount: Money | None = None
    invoiced: bool | None = None
    preferred_delivery_date: str = ""
    calculatevat: bool | None = None
    language: str = ""
    paused_reason: str = ""
    public_status_page: str = ""
    warehouses: Annotated[list[int], Listed, Field(default_factory=list)]
    idfulfilment_customer: int | None = None
    products: Annotated[list[OrderLine], Listed, Field(default_factory=list)]
    tags: Tags
    orderfields: Annotated[list[OrderFieldValue], Listed, Field(default_factory=list)]
    picklists: Annotated[list[OrderPicklist], Listed, Field(default_factory=list)]
    created: str = ""
    updated: str = ""


class OrderLineCreate(Body):
    """A line to add: a product by id or code, and an amount. The default price is the product's."""

    idproduct: int | None = None
    productcode: Filled | None = None
    amount: Positive
    price: Money | None = None
    name: str | None = None
    remarks: str | None = None
    idvatgroup: int | None = None

    @model_validator(mode="after")
    def _one_product(self) -> Self:
        if self.idproduct is None and self.productcode is None:
            raise self.refusal("needs idproduct or productcode")
        return self


class OrderLineUpdate(Body):
    amount: Positive | None = None
    price: Money | None = None
    name: str | None = None
    remarks: str | None = None


class PickupPoint(Body):
    """Carriers need either the `id` or the full address; `options` differ per carrier."""

    carrier: Filled
    id: str | None = None
    name: str | None = None
    street: str | None = None
    house_number: str | None = None
    zipcode: str | None = None
    city: str | None = None
    country: Country | None = None
    location_code: str | None = None
    retail_network_id: str | None = None
    options: dict[str, Any] | None = None


class OrderUpdate(Body):
    """Header fields of an order; only set fields change."""

    idcustomer: int | None = None
    idtemplate: int | None = None
    idshippingprovider_profile: int | None = None
    deliveryname: Filled | None = None
    deliverycontactname: str | None = None
    deliveryaddress: str | None = None
    deliveryaddress2: str | None = None
    deliveryzipcode: str | None = None
    deliverycity: str | None = None
    deliveryregion: str | None = None
    deliverycountry: Country | None = None
    invoicename: Filled | None = None
    invoicecontactname: str | None = None
    invoiceaddress: str | None = None
    invoiceaddress2: str | None = None
    invoicezipcode: str | None = None
    invoicecity: str | None = None
    invoiceregion: str | None = None
    invoicecountry: Country | None = None
    telephone: str | None = None
    emailaddress: str | None = None
    reference: str | None = None
    customer_remarks: str | None = None
    pickup_point_data: PickupPoint | None = None
    partialdelivery: bool | None = None
    auto_split: bool | None = None
    discount: Money | None = None
    invoiced: bool | None = None
    preferred_delivery_date: dt.date | None = None
    calculatevat: bool | None = None
    language: Literal["nl", "en"] | None = None
    warehouses: list[int] | None = None
    idfulfilment_customer: int | None = None
    orderfields: list[OrderFieldWrite] | None = None


class OrderCreate(OrderUpdate):
    """A new order. A guest order, without `idcustomer`, needs names and countries."""

    products: Annotated[list[OrderLineCreate], Field(min_length=1)]

    @model_validator(mode="after")
    def _guest_has_names(self) -> Self:
        needed = ("deliveryname", "deliverycountry", "invoicename", "invoicecountry")
        missing = [name for name in needed if getattr(self, name) is None]
        if self.idcustomer is None and missing:
            raise self.refusal(f"guest order without {', '.join(missing)}")
        return self


class ProductStatusLine(PicqerObject):
    productcode: str = ""
    idorder_product: int | None = None
    allocated: bool | None = None


class ProductStatus(PicqerObject):
    """For each line of an order, whether stock is allocated; other keys are undocumented."""

    products: Annotated[list[ProductStatusLine], Listed, Field(default_factory=list)]


class Reason(Body):
    reason: Filled


class Backorder(PicqerObject):
    """An order line, in whole or in part, without stock; the lowest `priority` goes first."""

    id_field: ClassVar[str] = "idbackorder"

    idbackorder: int
    idorder: int
    idproduct: int
    idcustomer: int | None = None
    idwarehouse: int | None = None
    amount: int
    amount_available: int | None = twins("amount_available", "amountavailable")
    priority: int | None = None
    created_at: str = ""
    date_available: str = ""
