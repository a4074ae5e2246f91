"""The records of customers and their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field


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
