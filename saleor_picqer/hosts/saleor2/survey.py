"""What the doctor reads of Saleor 2.10."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django_countries.fields import Country
from saleor.plugins.manager import get_plugins_manager
from saleor.product.models import Product, ProductVariant
from saleor.shipping.models import ShippingZone

from saleor_picqer.hosts.common.catalogue import SHIPS
from saleor_picqer.hosts.common.survey import Survey

# How many product types are looked at: each costs the tax plugin a look-up.
_TYPES: Final = 100


class Saleor2Survey(Survey):
    _created = "created"

    def tax_rates(self, channel: str) -> Mapping[Decimal | None, int]:
        """Ask the tax plugin for one product of each product type: 2 statements and its own."""
        by_type = self._goods(channel).order_by().values("product__product_type")
        counted = by_type.annotate(variants=Count("pk"), example=Min("product"))
        variants = dict(counted.order_by("-variants").values_list("example", "variants")[:_TYPES])
        products = Product.objects.select_related("product_type").filter(pk__in=variants)
        manager, country = get_plugins_manager(), Country(settings.DEFAULT_COUNTRY)
        found: Counter[Decimal | None] = Counter()
        for product in products:
            # Without a tax plugin Saleor answers 0, which means unknown.
            rate = manager.get_tax_rate_percentage_value(product, country) or None
            found[None if rate is None else Decimal(rate)] += variants[product.pk]
        return found

    def zones_decide(self) -> bool:
        return True

    def allocates_in_order(self, channel: str) -> bool | None:
        return None

    def marked_nowhere(self) -> Sequence[str]:
        return ()

    def _goods(self, channel: str) -> QuerySet[ProductVariant]:
        return ProductVariant.objects.filter(**SHIPS)

    def _of_channel(self, channel: str) -> Mapping[str, Any]:
        return {}

    def _zones(self, channel: str) -> QuerySet[ShippingZone]:
        return ShippingZone.objects.all()
