"""Orders of the shop as Picqer's side needs to know them, and the policies about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class OrderState(StrEnum):
    """What matters to us of Saleor's order statuses."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    """Cancelled or expired."""


class PushWhen(StrEnum):
    """When an order goes to Picqer."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PAID = "paid"


class ProcessWhen(StrEnum):
    """When Picqer may start to pick it; until then it is a concept with its stock allocated."""

    AT_ONCE = "at once"
    WHEN_PAID = "when paid"


class CancelInPicqer(StrEnum):
    """How far an order that is cancelled in the shop is cancelled in Picqer."""

    NEVER = "never"
    CONCEPT = "concept"
    """Only as long as it is not processed."""
    UNPICKED = "unpicked"
    """Also when it is processed, as long as nothing of it is picked."""


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """A channel's rules about when and how far."""

    push: PushWhen = PushWhen.PLACED
    process: ProcessWhen = ProcessWhen.AT_ONCE
    authorized_is_paid: bool = False
    cancel: CancelInPicqer = CancelInPicqer.UNPICKED


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2 or empty."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street1: str = ""
    street2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""

    @property
    def person(self) -> str:
        return " ".join(f"{self.first_name} {self.last_name}".split())


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line.

    `total` is the net price of its whole quantity after all discounts; `tax_rate` a percentage, or
    None where it is unknown; `metadata` and `private_metadata` have our prefix taken off;
    `extra` comes from the shop's own callable, by Picqer's names.
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
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open_quantity(self) -> int:
        return max(0, self.quantity - self.fulfilled)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the shop, as much of it as Picqer needs.

    `paid`: charged in full, or nothing to pay; `authorized`: the payment is promised in full.
    `customer` is the pk of the registered customer, empty for a guest. `method` is the name of the
    shipping method or of the collection point, `method_fields` its metadata with our prefix taken
    off. `metadata`, `private_metadata` and `extra` as in `OrderLine`.
    """

    pk: str
    number: str
    channel: str
    state: OrderState
    paid: bool = False
    authorized: bool = False
    placed_at: datetime | None = None
    email: str = ""
    customer: str = ""
    language: str = ""
    note: str = ""
    shipping: Address | None = None
    billing: Address | None = None
    method: str = ""
    method_fields: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[OrderLine, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shippable_lines(self) -> tuple[OrderLine, ...]:
        """Lines of which something is still to be shipped."""
        return tuple(line for line in self.lines if line.ships and line.open_quantity)

    @property
    def has_goods(self) -> bool:
        """Whether there ever was anything to ship."""
        return any(line.ships for line in self.lines)
