"""What the doctor reads of Saleor 3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.sites.models import Site
from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from saleor.channel import AllocationStrategy
from saleor.channel.models import Channel
from saleor.product.models import ProductVariant, ProductVariantChannelListing
from saleor.shipping.models import ShippingMethod, ShippingZone
from saleor.tax import TaxCalculationStrategy
from saleor.tax.models import TaxClassCountryRate

from saleor_picqer.domain.shipping import MARK_KEY
from saleor_picqer.hosts.common.catalogue import SHIPS
from saleor_picqer.hosts.common.survey import Survey


class Saleor3Survey(Survey):
    _created = "created_at"

    def tax_rates(self, channel: str) -> Mapping[Decimal | None, int]:
        """Count variants by tax class, and read the classes' rates: 3 statements."""
        owner = Channel.objects.select_related("tax_configuration").get(pk=channel)
        configuration, country = owner.tax_configuration, owner.default_country.code
        tax_class = Coalesce("product__tax_class", "product__product_type__tax_class")
        rows = self._goods(channel).annotate(picqer_class=tax_class).order_by()
        counted = rows.values("picqer_class").annotate(variants=Count("pk"))
        variants = dict(counted.values_list("picqer_class", "variants"))
        flat = configuration.tax_calculation_strategy == TaxCalculationStrategy.FLAT_RATES
        if not (configuration.charge_taxes and flat):
            return {None: sum(variants.values())} if variants else {}
        rates = TaxClassCountryRate.objects.filter(country=country)
        by_class = dict(rates.values_list("tax_class", "rate"))
        found: Counter[Decimal | None] = Counter()
        for pk, count in variants.items():
            rate = by_class.get(pk, by_class.get(None))
            found[None if rate is None else Decimal(rate)] += count
        return found

    def zones_decide(self) -> bool:
        site: Any = Site.objects.get_current()
        # From 3.23 the channel alone may decide.
        return bool(getattr(site.settings, "use_legacy_shipping_zone_stock_availability", True))

    def allocates_in_order(self, channel: str) -> bool | None:
        strategy = Channel.objects.values_list("allocation_strategy", flat=True).get(pk=channel)
        return bool(strategy == AllocationStrategy.PRIORITIZE_SORTING_ORDER)

    def marked_nowhere(self) -> Sequence[str]:
        marked = ShippingMethod.objects.filter(private_metadata__has_key=MARK_KEY)
        rows = marked.filter(channel_listings=None).order_by("name")
        return list(rows.values_list("name", flat=True)[:100])

    def _goods(self, channel: str) -> QuerySet[ProductVariant]:
        listings = ProductVariantChannelListing.objects.filter(channel_id=channel)
        listed = listings.exclude(price_amount=None).values("variant_id")
        return ProductVariant.objects.filter(pk__in=listed, **SHIPS)

    def _of_channel(self, channel: str) -> Mapping[str, Any]:
        return {"channel": channel}

    def _zones(self, channel: str) -> QuerySet[ShippingZone]:
        return ShippingZone.objects.filter(channels=channel)
