"""Discounts on Saleor 3."""

from __future__ import annotations

from decimal import Decimal

from saleor.channel.models import Channel
from saleor.discount import DiscountValueType, PromotionType, RewardValueType
from saleor.discount.models import Promotion, Voucher
from saleor.giftcard.models import GiftCard
from saleor.product.models import Product, ProductVariant
from saleor.product.utils.variant_prices import update_discounted_prices_for_promotion

from tests.integration.support.discounts import WHOLE_ORDER, Discounts


class Saleor3Discounts(Discounts):
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

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
            type=on,
            discount_value_type=(
                DiscountValueType.PERCENTAGE if percent else DiscountValueType.FIXED
            ),
            apply_once_per_order=cheapest_only,
        )
        voucher.codes.create(code=code)
        voucher.channel_listings.create(
            channel=self._channel,
            currency=self._channel.currency_code,
            discount_value=Decimal(percent or amount),
        )
        voucher.variants.set(ProductVariant.objects.filter(sku=sku))

    def delete_voucher(self, code: str) -> None:
        Voucher.objects.filter(codes__code=code).delete()

    def sale(self, sku: str, *, percent: int) -> None:
        variants = ProductVariant.objects.filter(sku=sku)
        promotion = Promotion.objects.create(name="Sale", type=PromotionType.CATALOGUE)
        rule = promotion.rules.create(
            catalogue_predicate={"variantPredicate": {"ids": []}},
            reward_value_type=RewardValueType.PERCENTAGE,
            reward_value=Decimal(percent),
        )
        rule.channels.add(self._channel)
        rule.variants.set(variants)
        update_discounted_prices_for_promotion(Product.objects.filter(variants__in=variants))

    def gift_card(self, code: str, amount: str) -> None:
        GiftCard.objects.create(
            code=code,
            currency=self._channel.currency_code,
            initial_balance_amount=Decimal(amount),
            current_balance_amount=Decimal(amount),
        )
