"""The records of reference data: users, warehouses, carriers, custom fields and tags."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    """A custom field of orders, customers or products."""

    # Named idorderfield, idcustomerfield or idproductfield in the API.
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
