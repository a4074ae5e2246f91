"""Orders of the shop, reduced to what Picqer needs, and a channel's policies for orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from saleor_picqer.domain.shipping import Delivery, ShippingPolicy


class OrderState(StrEnum):
    """The states of an order that make a difference for Picqer."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    CLOSED = "closed"
    # Cancelled or expired.
    CANCELLED = "cancelled"


class Milestone(StrEnum):
    """How far an order has come in the shop; each value includes the one before."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    # Confirmed, and paid in full. Whether an authorised payment counts is a setting.
    PAID = "paid"


class CancelInPicqer(StrEnum):
    """Up to which progress a cancellation in Saleor cancels the order in Picqer too."""

    NEVER = "never"
    # Until the order is processed.
    CONCEPT = "concept"
    # Until something of the order is picked.
    UNPICKED = "unpicked"


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """A channel's policies for orders."""

    # When an order is sent to Picqer, and when Picqer may start to pick it.
    push: Milestone = Milestone.PLACED
    process: Milestone = Milestone.PAID
    authorized_is_paid: bool = True
    cancel: CancelInPicqer = CancelInPicqer.UNPICKED
    shipping: ShippingPolicy = field(default_factory=ShippingPolicy)


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2 or empty."""

    # Error reports show the repr of an object, which therefore tells of no person.

    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    company: str = field(default="", repr=False)
    street1: str = field(default="", repr=False)
    street2: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    region: str = field(default="", repr=False)
    country: str = ""
    phone: str = field(default="", repr=False)

    @property
    def person(self) -> str:
        return " ".join(f"{self.first_name} {self.last_name}".split())


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order.

    `total` is the net price of the whole quantity after all discounts; `tax_rate` is a percentage,
    None for unknown. `variant` is the pk of the variant, empty for a deleted one, and `product_id`
    the variant's product in Picqer, where known. The keys of `metadata` and `private_metadata` are
    without the plugin's prefix. `extra` has fields from the shop's own callable, by Picqer's names.
    """

    pk: str
    sku: str
    name: str
    quantity: int
    total: Decimal
    tax_rate: Decimal | None = None
    fulfilled: int = 0
    ships: bool = True
    gift: bool = False
    variant: str = ""
    product_id: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    private_metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def open_quantity(self) -> int:
        return max(0, self.quantity - self.fulfilled)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the shop.

    `paid` is true when the order is charged in full or costs nothing, `authorized` when the payment
    is promised in full. `customer` is the pk of the registered customer, empty for a guest.
    `method_fields` is the metadata of the shipping method without the plugin's prefix. `metadata`,
    `private_metadata` and `extra` are as in `OrderLine`.
    """

    pk: str
    number: str
    # Primary key of the channel.
    channel: str
    state: OrderState
    # Differs after each change of the order in the shop.
    version: str = ""
    paid: bool = False
    authorized: bool = False
    placed_at: datetime | None = None
    email: str = field(default="", repr=False)
    customer: str = ""
    language: str = ""
    note: str = field(default="", repr=False)
    shipping: Address | None = None
    billing: Address | None = None
    delivery: Delivery = field(default_factory=Delivery)
    method_fields: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[OrderLine, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    private_metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def shippable_lines(self) -> tuple[OrderLine, ...]:
        """The lines with goods left to ship."""
        return tuple(line for line in self.lines if line.ships and line.open_quantity)

    @property
    def is_fulfilled(self) -> bool:
        """Whether nothing is left to ship."""
        return self.state is OrderState.CLOSED or not self.shippable_lines

    @property
    def has_goods(self) -> bool:
        """Whether the order has shipping lines, fulfilled or not."""
        return any(line.ships for line in self.lines)
