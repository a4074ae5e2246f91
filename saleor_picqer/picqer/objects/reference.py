"""Small, stable lists: users, warehouses, VAT groups and the like."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from saleor_picqer.picqer.objects.base import Listed, PicqerObject, twins


class Stat(PicqerObject):
    description: str = ""
    value: Decimal | None = None


class Stats(PicqerObject):
    """Statistics of the account; other statistics are kept as extras."""

    open_orders: Stat | None = Field(default=None, alias="open-orders")
    open_picklists: Stat | None = Field(default=None, alias="open-picklists")
    backorders: Stat | None = None


class User(PicqerObject):
    id_field: ClassVar[str] = "iduser"

    iduser: int
    username: str = ""
    first_name: str | None = twins("first_name", "firstname")
    last_name: str | None = twins("last_name", "lastname")
    emailaddress: str = ""
    active: bool | None = None
    admin: bool | None = None


class Warehouse(PicqerObject):
    """A lower `priority` gets more orders. The list holds inactive warehouses too."""

    id_field: ClassVar[str] = "idwarehouse"

    idwarehouse: int
    name: str = ""
    accept_orders: bool = True
    counts_for_general_stock: bool = True
    priority: int | None = None
    active: bool = True


class VatGroup(PicqerObject):
    id_field: ClassVar[str] = "idvatgroup"

    idvatgroup: int
    name: str = ""
    percentage: Decimal
    standard: bool | None = None


class OrderField(PicqerObject):
    """A custom field of orders; the values of a `multicheckbox` are joined with `;`."""

    id_field: ClassVar[str] = "idorderfield"

    idorderfield: int
    title: str = ""
    type: str = ""
    values: Annotated[list[str], Listed, Field(default_factory=list)]
    required: bool = False
    visible_picklist: bool | None = None
    visible_portal: bool | None = None


class ShippingProfile(PicqerObject):
    id_field: ClassVar[str] = "idshippingprovider_profile"

    idshippingprovider_profile: int
    name: str = ""


class ShippingProvider(PicqerObject):
    id_field: ClassVar[str] = "idshippingprovider"

    idshippingprovider: int
    name: str = ""
    profiles: Annotated[list[ShippingProfile], Listed, Field(default_factory=list)]


class Template(PicqerObject):
    id_field: ClassVar[str] = "idtemplate"

    idtemplate: int
    name: str = ""
    default: bool = False
