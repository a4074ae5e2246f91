"""Owns what the account remembers: one dataclass per resource, fields named as on the wire.

Fields that never leave the account are listed in `PRIVATE`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Wire = dict[str, Any]


@dataclass
class User:
    iduser: int
    username: str
    firstname: str
    lastname: str
    emailaddress: str
    active: bool = True
    admin: bool = True
    created_at: str = ""
    updated_at: str = ""


@dataclass
class VatGroup:
    idvatgroup: int
    name: str
    percentage: float
    standard: bool = False


@dataclass
class Warehouse:
    idwarehouse: int
    name: str
    accept_orders: bool = True
    counts_for_general_stock: bool = True
    priority: int = 1
    active: bool = True


@dataclass
class Template:
    idtemplate: int
    name: str
    default: bool = False


@dataclass
class ShippingProfile:
    idshippingprovider_profile: int
    name: str


@dataclass
class ShippingProvider:
    idshippingprovider: int
    name: str
    carrier_key: str
    profiles: list[ShippingProfile] = field(default_factory=list)


@dataclass
class Packaging:
    idpackaging: int
    name: str
    barcode: str = ""
    length: int = 0
    width: int = 0
    height: int = 0
    use_in_auto_advice: bool = True
    active: bool = True


@dataclass
class CustomField:
    """An order, customer or product field; the wire name of `id` depends on which."""

    id: int
    title: str
    type: str = "text"
    values: list[str] = field(default_factory=list)
    required: bool = False
    visible_picklist: bool = True
    visible_portal: bool = False


@dataclass
class Tag:
    idtag: int
    title: str
    color: str = "#3B82F6"
    inherit: bool = False


@dataclass
class StockRow:
    """What one warehouse has of one product; the derived numbers cannot disagree."""

    stock: int = 0
    reservedbackorders: int = 0
    reservedpicklists: int = 0
    reservedallocations: int = 0

    @property
    def reserved(self) -> int:
        return self.reservedbackorders + self.reservedpicklists + self.reservedallocations

    @property
    def freestock(self) -> int:
        return self.stock - self.reserved


@dataclass
class Image:
    idproduct_image: int
    url: str
    contenttype: str
    size: int


@dataclass
class Part:
    idproduct_part: int
    idproduct: int
    amount: int


@dataclass
class WarehouseSettings:
    """Replenishment levels of a product in one warehouse; not its stock."""

    stock_level_order: int | None = None
    stock_level_desired: int | None = None
    stock_level_maximum: int | None = None
    stock_location: str | None = None


@dataclass
class Product:
    idproduct: int
    idvatgroup: int
    name: str
    price: float
    productcode: str
    fixedstockprice: float = 0
    idsupplier: int | None = None
    productcode_supplier: str = ""
    deliverytime: int | None = None
    description: str = ""
    barcode: str = ""
    type: str = "normal"
    weight: int = 0
    length: int | None = None
    width: int | None = None
    height: int | None = None
    minimum_purchase_quantity: int = 0
    purchase_in_quantities_of: int = 0
    hs_code: str | None = None
    country_of_origin: str | None = None
    active: bool = True
    idfulfilment_customer: int | None = None
    productfields: dict[int, str] = field(default_factory=dict)
    created: str = ""
    updated: str = ""
    tags: list[int] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    stock: dict[int, StockRow] = field(default_factory=dict)
    settings: dict[int, WarehouseSettings] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    part_of: list[int] = field(default_factory=list)

    @property
    def keeps_stock(self) -> bool:
        return self.type in ("normal", "composition_with_stock")

    @property
    def is_virtual(self) -> bool:
        return self.type == "virtual_composition"


@dataclass
class StockChange:
    idproduct_stock_history: int
    idproduct: int
    idwarehouse: int
    iduser: int
    idlocation: int | None
    old_stock: int
    stock_change: int
    new_stock: int
    reason: str
    change_type: str
    changed_at: str


@dataclass
class Address:
    idcustomer_address: int
    name: str
    contactname: str | None = None
    address: str | None = None
    address2: str | None = None
    zipcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    defaultinvoice: bool = False
    defaultdelivery: bool = False


@dataclass
class Customer:
    idcustomer: int
    customerid: str
    name: str
    contactname: str | None = None
    telephone: str | None = None
    emailaddress: str | None = None
    discount: float = 0
    vatnumber: str | None = None
    calculatevat: bool = True
    remarks: str | None = None
    default_order_remarks: str = ""
    language: str = "nl"
    auto_split: bool | None = None
    idtemplate: int | None = None
    idfulfilment_customer: int | None = None
    addresses: list[Address] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


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
        """Whether nothing may be picked until everything can be."""
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
        """The goods themselves: a composition is picked through its parts."""
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


@dataclass
class Comment:
    idcomment: int
    owner: str
    idowner: int
    body: str
    show_at_related: bool
    is_visible_fulfilment: bool
    iduser: int
    created_at: str


@dataclass
class Hook:
    idhook: int
    name: str
    event: str
    address: str
    secret: str | None = None
    active: bool = True
    failures: list[str] = field(default_factory=list)


PRIVATE: dict[type, frozenset[str]] = {
    Product: frozenset({"stock", "settings", "parts", "part_of"}),
    OrderLine: frozenset({"per_parent", "allocated"}),
    Order: frozenset({"status_before_pause", "picklists_due", "visible_from"}),
    Backorder: frozenset({"idorder_product"}),
    PicklistLine: frozenset({"per_parent"}),
    Shipment: frozenset({"profile"}),
    Comment: frozenset({"owner", "idowner"}),
    Hook: frozenset({"failures"}),
}


def public(record: Any) -> Wire:
    """The record's own public fields, nested records left as they are."""
    hidden = PRIVATE.get(type(record), frozenset())
    return {name: value for name, value in vars(record).items() if name not in hidden}
