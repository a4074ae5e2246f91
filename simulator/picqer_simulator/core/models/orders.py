"""The records of orders, their lines and backorders."""

from __future__ import annotations

from dataclasses import dataclass, field

from picqer_simulator.core.models.base import Wire


@dataclass
class OrderLine:
    idorder_product: int
    idproduct: int
    idvatgroup: int
    productcode: str
    name: str
    remarks: str
    price: float
    amount: int
    amount_cancelled: int = 0
    weight: int = 0
    partof_idorder_product: int | None = None
    has_parts: bool = False
    per_parent: int = 1
    allocated: dict[int, int] = field(default_factory=dict)

    @property
    def amount_allocated(self) -> int:
        return sum(self.allocated.values())


@dataclass
class Order:
    idorder: int
    orderid: str
    idcustomer: int | None = None
    idtemplate: int | None = None
    idshippingprovider_profile: int | None = None
    deliveryname: str | None = None
    deliverycontactname: str | None = None
    deliveryaddress: str | None = None
    deliveryaddress2: str | None = None
    deliveryzipcode: str | None = None
    deliverycity: str | None = None
    deliveryregion: str | None = None
    deliverycountry: str | None = None
    invoicename: str | None = None
    invoicecontactname: str | None = None
    invoiceaddress: str | None = None
    invoiceaddress2: str | None = None
    invoicezipcode: str | None = None
    invoicecity: str | None = None
    invoiceregion: str | None = None
    invoicecountry: str | None = None
    telephone: str | None = None
    emailaddress: str | None = None
    reference: str | None = None
    customer_remarks: str | None = None
    pickup_point_data: Wire | None = None
    partialdelivery: bool = True
    auto_split: bool = True
    discount: float = 0
    invoiced: bool = False
    preferred_delivery_date: str | None = None
    calculatevat: bool = True
    language: str = "nl"
    status: str = "concept"
    paused_reason: str | None = None
    via_portal: bool = False
    public_status_page: str = ""
    warehouses: list[int] = field(default_factory=list)
    idfulfilment_customer: int | None = None
    created: str = ""
    updated: str = ""
    products: list[OrderLine] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    orderfields: dict[int, str] = field(default_factory=dict)
    status_before_pause: str = "processing"
    picklists_due: str | None = None
    visible_from: str = ""

    @property
    def needs_one_delivery(self) -> bool:
        """Return whether picking must wait until all products can be picked."""
        return not (self.auto_split and self.partialdelivery)


@dataclass
class Backorder:
    idbackorder: int
    idorder: int
    idorder_product: int
    idproduct: int
    idcustomer: int | None
    idwarehouse: int
    amount: int
    priority: int
    created_at: str
    amount_available: int = 0
    part_of_idbackorder: int | None = None
    parts_per_parent: int | None = None
    has_parts: bool = False
