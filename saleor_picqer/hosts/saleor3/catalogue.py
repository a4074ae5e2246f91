"""Product variants of Saleor 3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Case, Prefetch, Q, Value, When
from django.db.models.functions import Greatest
from saleor.channel.models import Channel
from saleor.product import ProductMediaTypes
from saleor.product.models import (
    ProductChannelListing,
    ProductVariant,
    ProductVariantChannelListing,
)
from saleor.tax import TaxCalculationStrategy
from saleor.tax.models import TaxClass, TaxClassCountryRate

from saleor_picqer.hosts.common.catalogue import SHIPS, Catalogue


class Saleor3Catalogue(Catalogue):
    def _rows(self, channel: str) -> Any:
        ranked = list(dict.fromkeys([channel, *self._shared, *self._elsewhere]))
        rank = Case(*(When(channel_id=pk, then=Value(n)) for n, pk in enumerate(ranked)))
        priced = ProductVariantChannelListing.objects.exclude(price_amount=None)
        listings = priced.filter(channel_id__in=ranked).order_by(rank)
        products = ProductChannelListing.objects.filter(channel_id__in=ranked)
        return (
            ProductVariant.objects.filter(pk__in=self._listed(channel), **SHIPS)
            .exclude(sku=None)
            .exclude(sku="")
            .select_related("product__tax_class", "product__product_type__tax_class")
            .prefetch_related(
                Prefetch(
                    "channel_listings",
                    listings.select_related("channel__tax_configuration"),
                    to_attr="picqer_listings",
                ),
                Prefetch("product__channel_listings", products, to_attr="picqer_listings"),
                "media",
                "product__media",
                "product__tax_class__country_rates",
                "product__product_type__tax_class__country_rates",
            )
        )

    def _listed(self, channel: str) -> Any:
        """Return a query for the pks of the catalogue's variants."""
        priced = ProductVariantChannelListing.objects.exclude(price_amount=None)
        return priced.filter(channel_id__in=[channel, *self._shared]).values("variant_id")

    def modified_since(
        self, channel: str, since: datetime, after: str, limit: int
    ) -> Mapping[str, datetime]:
        rows = ProductVariant.objects.filter(**SHIPS, pk__in=self._listed(channel))
        rows = rows.annotate(picqer_moment=Greatest("updated_at", "product__updated_at"))
        rows = rows.filter(Q(updated_at__gte=since) | Q(product__updated_at__gte=since))
        rows = rows.exclude(picqer_moment=since, pk__lte=int(after or 0))
        moments = rows.order_by("picqer_moment", "pk").values_list("pk", "picqer_moment")
        return {str(pk): moment for pk, moment in moments[:limit]}

    def _price(self, variant: ProductVariant) -> Decimal | None:
        return _listing(variant).price_amount

    def _price_includes_tax(self, variant: ProductVariant) -> bool:
        return _listing(variant).channel.tax_configuration.prices_entered_with_tax

    def _tax_rate_reader(self) -> Callable[[ProductVariant], Decimal | None]:
        default_rate = cache(_default_rate)

        def tax_rate(variant: ProductVariant) -> Decimal | None:
            return _tax_rate(variant, _listing(variant).channel, default_rate)

        return tax_rate

    def _is_published(self, variant: ProductVariant) -> bool:
        sold_in = {listing.channel_id for listing in variant.picqer_listings}
        listings = variant.product.picqer_listings
        return any(each.is_visible for each in listings if each.channel_id in sold_in)

    def _description(self, product: Any) -> Any:
        return product.description

    def _images(self, owner: Any) -> Iterable[Any]:
        # Videos have no image, and uploads by URL get theirs later.
        return (row for row in owner.media.all() if row.type == ProductMediaTypes.IMAGE)


def _listing(variant: ProductVariant) -> ProductVariantChannelListing:
    """Return the variant's listing in the catalogue's channel, else in the first that shares it."""
    return variant.picqer_listings[0]


def _tax_rate(
    variant: ProductVariant, channel: Channel, default_rate: Callable[[str], Decimal | None]
) -> Decimal | None:
    """Return the flat rate, in percent, of the product's tax class in the channel's country."""
    configuration = channel.tax_configuration
    flat = configuration.tax_calculation_strategy == TaxCalculationStrategy.FLAT_RATES
    if not (configuration.charge_taxes and flat):
        return None
    country = channel.default_country.code
    tax_class = variant.product.tax_class or variant.product.product_type.tax_class
    rate = _class_rate(tax_class, country)
    return default_rate(country) if rate is None else rate


def _class_rate(tax_class: TaxClass | None, country: str) -> Decimal | None:
    rates = tax_class.country_rates.all() if tax_class else ()
    return next((Decimal(rate.rate) for rate in rates if rate.country == country), None)


def _default_rate(country: str) -> Decimal | None:
    rates = TaxClassCountryRate.objects.filter(tax_class=None, country=country)
    rate = rates.values_list("rate", flat=True).first()
    return None if rate is None else Decimal(rate)
