"""Customers and addresses. An order without a customer is a guest order."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saleor_picqer.picqer.objects.base import (
    Body,
    Country,
    Filled,
    Listed,
    Money,
    PicqerObject,
    twins,
)
from saleor_picqer.picqer.objects.common import Tags


class CustomerAddress(PicqerObject):
    id_field: ClassVar[str] = "idcustomer_address"

    idcustomer_address: int
    name: str = ""
    contactname: str = ""
    address: str = ""
    address2: str = ""
    zipcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    defaultinvoice: bool = False
    defaultdelivery: bool = False


class Customer(PicqerObject):
    """`customerid` is the human number; an e-mail address can belong to several customers."""

    id_field: ClassVar[str] = "idcustomer"

    idcustomer: int
    customerid: str = ""
    name: str = ""
    contactname: str = ""
    telephone: str = ""
    emailaddress: str = ""
    discount: Money | None = None
    vatnumber: str = ""
    calculatevat: bool = True
    remarks: str = ""
    default_order_remarks: str | None = twins("default_order_remarks", "defaultorderremarks")
    language: str = ""
    auto_split: bool | None = None
    idtemplate: int | None = None
    idfulfilment_customer: int | None = None
    addresses: Annotated[list[CustomerAddress], Listed, Field(default_factory=list)]
    tags: Tags


class CustomerAddressWrite(Body):
    name: Filled
    contactname: str | None = None
    address: str | None = None
    address2: str | None = None
    zipcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: Country | None = None
    defaultinvoice: bool | None = None
    defaultdelivery: bool | None = None


class _CustomerFields(Body):
    customerid: int | None = None
    contactname: str | None = None
    telephone: str | None = None
    emailaddress: str | None = None
    discount: Money | None = None
    vatnumber: str | None = None
    calculatevat: bool | None = None
    remarks: str | None = None
    default_order_remarks: str | None = None
    language: Literal["nl", "en"] | None = None
    auto_split: bool | None = None
    idtemplate: int | None = None
    idfulfilment_customer: int | None = None
    addresses: list[CustomerAddressWrite] | None = None


class CustomerCreate(_CustomerFields):
    name: Filled


class CustomerUpdate(_CustomerFields):
    """Only set fields change."""

    name: Filled | None = None
