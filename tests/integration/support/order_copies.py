"""Many orders as copies of one placed order, because placing each takes Saleor too long."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Model
from saleor.order.models import Order, OrderLine
from saleor.payment.models import Payment

from tests.integration.support.host import IS_SALEOR_3

# What a copy does not take over, besides everything unique.
_OWN = {"created", "created_at"}

_UNPAID: dict[str, Any] = (
    {"charge_status": "none", "authorize_status": "none", "total_charged_amount": 0}
    if IS_SALEOR_3
    else {}
)


def copy_order(pk: str, count: int, *, sku: str | None = None, paid: bool = False) -> list[str]:
    """Copy an order `count` times, placed now, and return the pks.

    Copies are unpaid; with `paid`, the payments are copied too. With `sku`, all lines get that SKU.
    """
    original = Order.objects.get(pk=pk)
    status = {} if paid else _UNPAID
    orders = Order.objects.bulk_create(_like(original, **status, **_tokens()) for _ in range(count))
    changes = {} if sku is None else {"product_sku": sku}
    OrderLine.objects.bulk_create(
        _like(line, order_id=order.pk, **changes)
        for line in original.lines.all()
        for order in orders
    )
    if paid:
        Payment.objects.bulk_create(
            _like(payment, order_id=order.pk)
            for payment in original.payments.all()
            for order in orders
        )
    return [str(order.pk) for order in orders]


def give_own_address(pk: str) -> None:
    """Give a copy a shipping address that it does not share with the original."""
    order = Order.objects.get(pk=pk)
    address = _like(order.shipping_address)
    address.save()
    Order.objects.filter(pk=pk).update(shipping_address=address)


def _like(row: Model, **changes: Any) -> Any:
    fields = (field for field in row._meta.concrete_fields if not field.unique)
    values = {field.attname: getattr(row, field.attname) for field in fields}
    kept = {name: value for name, value in values.items() if name not in _OWN}
    return type(row)(**kept | changes)


def _tokens() -> dict[str, str]:
    return {} if IS_SALEOR_3 else {"token": str(uuid4())}
