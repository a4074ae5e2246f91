"""Product variants of Saleor 2.10."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django_countries.fields import Country
from saleor.plugins.manager import get_plugins_manager
from saleor.product.models import ProductVariant

from saleor_picqer.hosts.common.catalogue import SHIPS, Catalogue


class Saleor2Catalogue(Catalogue):
    def _rows(self, channel: str) -> Any:
        variants = ProductVariant.objects.filter(**SHIPS).exclude(sku="")
        return variants.select_related("product__product_type")

    def _price(self, variant: ProductVariant) -> Decimal | None:
        return variant.base_price.amount

    def _price_includes_tax(self, variant: ProductVariant) -> bool:
        site: Any = Site.objects.get_current()
        return site.settings.include_taxes_in_prices

    def _tax_rate(self, variant: ProductVariant) -> Decimal | None:
        rate = get_plugins_manager().get_tax_rate_percentage_value(
            variant.product, Country(settings.DEFAULT_COUNTRY)
        )
        # Without a tax plugin Saleor answers 0, which means unknown.
        return rate or None

    def _is_published(self, variant: ProductVariant) -> bool:
        return variant.product.is_visible

    def _description(self, product: Any) -> Any:
        # Old products and imports have a text only.
        return product.description_json or product.description
