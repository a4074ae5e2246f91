"""Which orders go to Picqer, and what they look like there (Picqer API: orders, order products)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from saleor_picqer.errors import DataError


class OrderState(StrEnum):
    """What matters to us of Saleor's order statuses."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


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
    """One line; the price is net, per unit, after discounts; the rate in percent or unknown."""

    pk: str
    sku: str
    name: str
    quantity: int
    price: Decimal
    tax_rate: Decimal | None = None
    fulfilled: int = 0
    ships: bool = True

    @property
    def open_quantity(self) -> int:
        return max(0, self.quantity - self.fulfilled)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the shop, as much of it as Picqer needs."""

    pk: str
    number: str
    channel: str
    state: OrderState
    email: str = ""
    language: str = ""
    note: str = ""
    shipping: Address | None = None
    billing: Address | None = None
    lines: tuple[OrderLine, ...] = field(default=())

    @property
    def shippable_lines(self) -> tuple[OrderLine, ...]:
        return tuple(line for line in self.lines if line.ships and line.open_quantity)


@dataclass(frozen=True, slots=True)
class Due:
    """Whether an order is to be pushed now; `reason` says in words why not."""

    now: bool
    never: bool = False
    reason: str = ""


_STATES: Final[Mapping[OrderState, Due]] = {
    OrderState.OPEN: Due(now=True),
    OrderState.DRAFT: Due(now=False, reason="the order is still a draft"),
    OrderState.UNCONFIRMED: Due(now=False, reason="the order is not confirmed yet"),
    OrderState.CLOSED: Due(now=False, never=True, reason="the order is already fulfilled"),
    OrderState.CANCELLED: Due(now=False, never=True, reason="the order is cancelled"),
}


def due(order: Order) -> Due:
    """The one predicate that decides when an order in the outbox is pushed.

    That Picqer handles its shipping method was decided when it was placed: only then is it there.
    """
    if not order.shippable_lines:
        return Due(now=False, never=True, reason="it has nothing to ship")
    return _STATES[order.state]


VatGroupFor = Callable[[Decimal], int]
"""Percentage -> idvatgroup; raises `AccountSetupError` when Picqer has no such group."""


def order_request(order: Order, vat_group_for: VatGroupFor) -> dict[str, Any]:
    """The body of `POST /orders` for a guest order.

    Names are never blank (Picqer refuses those): company, else person, else the other
    address, else the e-mail address, else the order's number.
    """
    shipping = order.shipping or order.billing or Address()
    billing = order.billing or shipping
    fallback = billing.person or shipping.person or order.email or f"Order {order.number}"
    return {
        "reference": order.number,
        "emailaddress": order.email or None,
        "telephone": shipping.phone or billing.phone or None,
        "language": "nl" if order.language.lower().startswith("nl") else "en",
        "customer_remarks": order.note or None,
        **_party("delivery", shipping, fallback),
        **_party("invoice", billing, fallback),
        "products": _products(order.shippable_lines, vat_group_for),
    }


def _party(prefix: str, address: Address, fallback: str) -> dict[str, str | None]:
    company, person = address.company.strip(), address.person
    fields = {
        "name": company or person or fallback,
        "contactname": person if company else None,
        "address": address.street1,
        "address2": address.street2,
        "zipcode": address.postal_code,
        "city": address.city,
        "region": address.region,
        "country": address.country.upper(),
    }
    return {f"{prefix}{name}": (value or "").strip() or None for name, value in fields.items()}


def _products(lines: Iterable[OrderLine], vat_group_for: VatGroupFor) -> list[dict[str, Any]]:
    """Equal lines are merged: whether Picqer merges them itself is not documented.

    Raises DataError for a line without a SKU.
    """
    amounts: dict[tuple[str, Decimal, int | None], int] = {}
    for line in lines:
        if not line.sku.strip():
            raise DataError(f'the line "{line.name}" has no SKU')
        group = None if line.tax_rate is None else vat_group_for(line.tax_rate)
        key = (line.sku.strip(), line.price, group)
        amounts[key] = amounts.get(key, 0) + line.open_quantity
    return [
        {"productcode": sku, "amount": amount, "price": price}
        | ({} if group is None else {"idvatgroup": group})
        for (sku, price, group), amount in amounts.items()
    ]
