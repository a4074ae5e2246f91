"""The records of an account: one dataclass per resource, with the field names of the API."""

from __future__ import annotations

from typing import Any

from picqer_simulator.core.models.base import Wire
from picqer_simulator.core.models.comments import Comment
from picqer_simulator.core.models.customers import Address, Customer
from picqer_simulator.core.models.hooks import Hook
from picqer_simulator.core.models.orders import Backorder, Order, OrderLine
from picqer_simulator.core.models.picklists import Parcel, Picklist, PicklistLine, Shipment
from picqer_simulator.core.models.products import (
    Image,
    Part,
    Product,
    StockChange,
    StockRow,
    WarehouseSettings,
)
from picqer_simulator.core.models.reference import (
    CustomField,
    Packaging,
    ShippingProfile,
    ShippingProvider,
    Tag,
    Template,
    User,
    VatGroup,
    Warehouse,
)

__all__ = [
    "PRIVATE",
    "Address",
    "Backorder",
    "Comment",
    "CustomField",
    "Customer",
    "Hook",
    "Image",
    "Order",
    "OrderLine",
    "Packaging",
    "Parcel",
    "Part",
    "Picklist",
    "PicklistLine",
    "Product",
    "Shipment",
    "ShippingProfile",
    "ShippingProvider",
    "StockChange",
    "StockRow",
    "Tag",
    "Template",
    "User",
    "VatGroup",
    "Warehouse",
    "WarehouseSettings",
    "Wire",
    "public",
]

# Fields that never leave the account.
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
    """Return the fields of a record that the API shows; nested records stay records."""
    hidden = PRIVATE.get(type(record), frozenset())
    return {name: value for name, value in vars(record).items() if name not in hidden}
