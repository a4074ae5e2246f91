"""Discounts on Saleor 2.10."""

from __future__ import annotations

from decimal import Decimal

from saleor.discount import DiscountValueType
from saleor.discount.models import Sale, Voucher
from saleor.giftcard.models import GiftCard
from saleor.product.models import Product

from tests.integration.support.discounts import WHOLE_ORDER, Discounts


class Saleor2Discounts(Discounts):
    def voucher(
        self,
        code: str,
        *,
        percent: int | None = None,
        amount: str = "",
        on: str = WHOLE_ORDER,
        sku: str = "",
        cheapest_only: bool = False,
    ) -> None:
        voucher = Voucher.objects.create(
            code=code,
            type=on,
            discount_value_type=(
                DiscountValueType.PERCENTAGE if percent else DiscountValueType.FIXED
            ),
            discount_value=Decimal(percent or amount),
            apply_once_per_order=cheapest_only,
        )
        voucher.products.set(Product.objects.filter(variants__sku=sku))

    def delete_voucher(self, code: str) -> None:
        Voucher.objects.filter(code=code).delete()

    def sale(self, sku: str, *, percent: int) -> None:
        sale = Sale.objects.create(
            name="Sale", type=DiscountValueType.PERCENTAGE, value=Decimal(percent)
        )
        sale.products.set(Product.objects.filter(variants__sku=sku))

    def gift_card(self, code: str, amount: str) -> None:
        GiftCard.objects.create(
            code=code,
            initial_balance_amount=Decimal(amount),
            current_balance_amount=Decimal(amount),
        )
