"""Builders of domain objects with defaults; a test names the relevant fields only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from saleor_picqer.domain.mapping.inputs import OrderMapping
from saleor_picqer.domain.mapping.request import OrderRequest, order_request
from saleor_picqer.domain.orders import Address, Order, OrderLine, OrderState
from saleor_picqer.domain.products import Variant
from saleor_picqer.errors import AccountSetupError


def address(**changes: Any) -> Address:
    values: dict[str, Any] = {
        "first_name": "Anna",
        "last_name": "Visser",
        "street1": "Kade 1",
        "postal_code": "1011 AB",
        "city": "Amsterdam",
        "country": "NL",
    }
    return Address(**values | changes)


def line(sku: str = "MUG", quantity: int = 1, **changes: Any) -> OrderLine:
    """Return a line at 8.26 a piece; `total` is the price of the whole quantity."""
    values: dict[str, Any] = {
        "pk": f"line-{sku}",
        "sku": sku,
        "name": sku.title(),
        "quantity": quantity,
        "total": quantity * Decimal("8.26"),
    }
    if "total" in changes:
        changes["total"] = Decimal(changes["total"])
    return OrderLine(**values | changes)


def order(*lines: OrderLine, **changes: Any) -> Order:
    values: dict[str, Any] = {
        "pk": "1",
        "number": "10042",
        "channel": "default",
        "state": OrderState.OPEN,
        "email": "anna@example.org",
        "language": "nl",
        "shipping": address(),
        "billing": address(),
        "lines": lines or (line(),),
    }
    return Order(**values | changes)


class Lists:
    """Picqer's small lists; `asked` records every look-up."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def vat_group(self, percentage: Decimal) -> int:
        """Return group 309 for 9 %, and so on."""
        self.asked.append(percentage)
        return int(percentage) + 300

    def shipping_profile(self, name: str) -> int:
        return self._id(name, {"12": 12, "Express": 88})

    def template(self, name: str) -> int:
        return self._id(name, {"3": 3, "Presents": 5})

    def _id(self, name: str, ids: dict[str, int]) -> int:
        self.asked.append(name)
        if name not in ids:
            raise AccountSetupError(f'nothing is called "{name}"')
        return ids[name]


def request_of(order: Order, **mapping: Any) -> OrderRequest:
    """Return the order's request under a mapping with only the given settings."""
    return order_request(order, OrderMapping(**mapping), Lists())


def variant(sku: str = "MUG", **changes: Any) -> Variant:
    values: dict[str, Any] = {
        "pk": "1",
        "sku": sku,
        "name": "Mug",
        "price": Decimal("9.99"),
        "price_includes_tax": False,
        "tax_rate": Decimal(21),
    }
    return Variant(**values | changes)
