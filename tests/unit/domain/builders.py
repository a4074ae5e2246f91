"""Domain objects with sensible defaults; a test names only what it is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from saleor_picqer.domain.orders import Address, Order, OrderLine, OrderState
from saleor_picqer.domain.products import Variant


def address(**changes: Any) -> Address:
    values = {
        "first_name": "Anna",
        "last_name": "Visser",
        "street1": "Kade 1",
        "postal_code": "1011 AB",
        "city": "Amsterdam",
        "country": "NL",
    }
    return Address(**values | changes)


def line(sku: str = "MUG", quantity: int = 1, **changes: Any) -> OrderLine:
    values = {
        "pk": f"line-{sku}",
        "sku": sku,
        "name": sku.title(),
        "quantity": quantity,
        "price": Decimal("8.26"),
    }
    return OrderLine(**values | changes)


def order(*lines: OrderLine, **changes: Any) -> Order:
    values = {
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


def variant(sku: str = "MUG", **changes: Any) -> Variant:
    values = {
        "pk": "1",
        "sku": sku,
        "name": "Mug",
        "price": Decimal("9.99"),
        "price_includes_tax": False,
        "tax_rate": Decimal(21),
    }
    return Variant(**values | changes)
