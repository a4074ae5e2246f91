"""Vouchers of Saleor 2.10 that are deleted while orders still have their discount."""

from __future__ import annotations

from typing import Final

from django.db.models import F, Func, JSONField, Value
from django.db.models.functions import Coalesce
from saleor.discount import VoucherType
from saleor.discount.models import Voucher
from saleor.order import OrderStatus
from saleor.order.models import Order as SaleorOrder

# Private metadata of an order whose discount was on the shipping. Not under the prefix of mapped
# fields.
_DISCOUNT_KEY: Final = "saleor_picqer.discount_on"
_SHIPPING: Final = "shipping"
_OVER: Final = (OrderStatus.FULFILLED, OrderStatus.CANCELED)


def discount_is_on_shipping(order: SaleorOrder) -> bool:
    """Return whether the order's discount lowers the price of the shipping, not of the goods."""
    if order.voucher is not None:
        return bool(order.voucher.type == VoucherType.SHIPPING)
    return (order.private_metadata or {}).get(_DISCOUNT_KEY) == _SHIPPING


def keep_kind_of_discount(voucher: Voucher) -> None:
    """Note on the open orders of a voucher for shipping what their discount was for."""
    # An order keeps the sum of the discount, but a deleted voucher's type is lost.
    if voucher.type != VoucherType.SHIPPING:
        return
    metadata = Coalesce(F("private_metadata"), Value({}, output_field=JSONField()))
    noted = Value({_DISCOUNT_KEY: _SHIPPING}, output_field=JSONField())
    SaleorOrder.objects.filter(voucher=voucher).exclude(status__in=_OVER).update(
        private_metadata=Func(
            metadata,
            noted,
            template="(%(expressions)s)",
            arg_joiner=" || ",
            output_field=JSONField(),
        )
    )
