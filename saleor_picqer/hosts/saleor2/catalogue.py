"""Product variants of Saleor 2.10."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django_countries.fields import Country
from saleor.plugins.manager import get_plugins_manager
from saleor.product.models import ProductVariant

from saleor_picqer.domain.products import Variant
from saleor_picqer.hosts.common.catalogue import SHIPS, Catalogue


class Saleor2Catalogue(Catalogue):
    def _rows(self, channel: str) -> Any:
        variants = ProductVariant.objects.filter(**SHIPS).exclude(sku="")
        return variants.select_related("product__product_type")

    def _as_data(self, variant: ProductVariant) -> Variant:
        weight = variant.get_weight()
        site: Any = Site.objects.get_current()
        return Variant(
            pk=str(variant.pk),
            sku=variant.sku,
            name=variant.display_product(),
            price=variant.base_price.amount,
            price_includes_tax=site.settings.include_taxes_in_prices,
            tax_rate=_tax_rate(variant),
            weight=None if weight is None else round(weight.g),
        )


def _tax_rate(variant: ProductVariant) -> Decimal | None:
    rate = get_plugins_manager().get_tax_rate_percentage_value(
        variant.product, Country(settings.DEFAULT_COUNTRY)
    )
    # Without a tax plugin Saleor answers 0, which means unknown.
    return rate or None
