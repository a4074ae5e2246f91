"""Product variants of Saleor 2.10."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
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
        rows = variants.select_related("product__product_type")
        return rows.prefetch_related("images", "product__images")

    def modified_since(
        self, channel: str, since: datetime, after: str, limit: int
    ) -> Mapping[str, datetime]:
        # Variants have no time stamp in Saleor 2.10: signals and the comparison find their changes.
        rows = ProductVariant.objects.filter(product__updated_at__gte=since, **SHIPS)
        rows = rows.exclude(product__updated_at=since, pk__lte=int(after or 0))
        moments = rows.order_by("product__updated_at", "pk")
        moments = moments.values_list("pk", "product__updated_at")
        return {str(pk): moment for pk, moment in moments[:limit]}

    def _price(self, variant: ProductVariant) -> Decimal | None:
        return variant.base_price.amount

    def _price_includes_tax(self, variant: ProductVariant) -> bool:
        site: Any = Site.objects.get_current()
        return site.settings.include_taxes_in_prices

    def _tax_rate_reader(self) -> Callable[[ProductVariant], Decimal | None]:
        manager, country = get_plugins_manager(), Country(settings.DEFAULT_COUNTRY)

        def tax_rate(variant: ProductVariant) -> Decimal | None:
            # Without a tax plugin Saleor answers 0, which means unknown.
            return manager.get_tax_rate_percentage_value(variant.product, country) or None

        return tax_rate

    def _is_published(self, variant: ProductVariant) -> bool:
        return variant.product.is_visible

    def _description(self, product: Any) -> Any:
        # Old products and imports have a text only.
        return product.description_json or product.description

    def _images(self, owner: Any) -> Iterable[Any]:
        return owner.images.all()
