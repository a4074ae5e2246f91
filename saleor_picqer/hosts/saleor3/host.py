"""Saleor 3.21 to 3.23. Where their functions differ, the signature tells, not the version."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, Final

import saleor
from django.contrib.sites.models import Site
from django.db.models import Prefetch
from saleor.channel.models import Channel
from saleor.core.db.connection import allow_writer
from saleor.core.utils import build_absolute_uri
from saleor.giftcard.utils import deactivate_order_gift_cards
from saleor.graphql.account.utils import get_user_accessible_channels
from saleor.graphql.app.dataloaders import get_app_promise
from saleor.graphql.core.context import get_database_connection_name
from saleor.graphql.core.scalars import DateTime
from saleor.order.actions import cancel_order, create_fulfillments
from saleor.order.models import Order as SaleorOrder
from saleor.permission.enums import OrderPermissions, PluginsPermissions
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration
from saleor.product.models import ProductVariant, ProductVariantChannelListing
from saleor.tax import TaxCalculationStrategy
from saleor.tax.models import TaxClass, TaxClassCountryRate
from saleor.warehouse.models import Warehouse

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.domain.products import Variant
from saleor_picqer.hosts.common.host import Host
from saleor_picqer.hosts.saleor3.orders import Saleor3Orders


class Saleor3(Saleor3Orders, Host):
    has_shipping_metadata = True
    global_plugins = ("saleor_picqer.hosts.saleor3.global_plugin.GlobalPicqerPlugin",)

    @property
    def version(self) -> str:
        return str(saleor.__version__)

    def allow_db(self) -> AbstractContextManager[Any]:
        return allow_writer()

    def reader(self, info: Any) -> str:
        return str(get_database_connection_name(info.context))

    def manage_plugins(self) -> Any:
        return PluginsPermissions.MANAGE_PLUGINS

    def manage_orders(self) -> Any:
        return OrderPermissions.MANAGE_ORDERS

    def check_channel_access(self, mutation: Any, info: Any, order_pks: Collection[str]) -> None:
        orders = SaleorOrder.objects.filter(pk__in=list(order_pks))
        channels = orders.order_by().values_list("channel_id", flat=True).distinct()
        mutation.check_channel_permissions(info, list(channels))

    def visible_channels(self, info: Any) -> Collection[str] | None:
        """Apps see them all, staff those of their groups."""
        if get_app_promise(info.context).get():
            return None
        channels = get_user_accessible_channels(info, info.context.user)
        return [channel.slug for channel in channels]

    def graphql_datetime(self) -> Any:
        return DateTime

    def register_error_codes(self, codes: Iterable[str]) -> None:
        """Any code passes here."""

    def configurations(self, using: str = "default") -> Any:
        rows = PluginConfiguration.objects.using(using).select_related("channel")
        return rows.filter(identifier=PLUGIN_ID, channel__isnull=False)

    def slug_of(self, configuration: PluginConfiguration) -> str:
        return str(configuration.channel.slug)

    def _absolute(self, path: str) -> str:
        return build_absolute_uri(path)

    # --- orders

    def _fulfil(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        *,
        tracking: str,
        notify: bool,
    ) -> str:
        """Picqer has the last word on what was shipped: its stock follows, so ours may exceed."""
        created = create_fulfillments(
            None,
            None,
            order,
            lines,
            get_plugins_manager(allow_replica=False),
            _site_settings(),
            notify_customer=notify,
            auto_approved=True,
            allow_stock_to_be_exceeded=True,
            tracking_number=tracking[:255],
        )
        return str(created[0].pk)

    def _cancel(self, order: SaleorOrder) -> None:
        manager = get_plugins_manager(allow_replica=False)
        settings = {"site_settings": _site_settings()} if _CANCEL_TAKES_SETTINGS else {}
        cancel_order(order, None, None, manager, **settings)
        deactivate_order_gift_cards(order.id, None, None)

    # --- products

    def _variants(self, channel: str) -> Any:
        listings = ProductVariantChannelListing.objects.filter(channel__slug=channel)
        listed = listings.exclude(price_amount=None).values("variant_id")
        return (
            ProductVariant.objects.filter(pk__in=listed)
            .exclude(sku=None)
            .exclude(sku="")
            .select_related("product__tax_class", "product__product_type__tax_class")
            .prefetch_related(
                Prefetch(
                    "channel_listings",
                    listings.select_related("channel__tax_configuration"),
                    to_attr="picqer_listings",
                ),
                "product__tax_class__country_rates",
                "product__product_type__tax_class__country_rates",
            )
        )

    def _variant(self, variant: ProductVariant) -> Variant:
        listing = variant.picqer_listings[0]
        weight = variant.get_weight()
        return Variant(
            pk=str(variant.pk),
            sku=variant.sku,
            name=_name(variant),
            price=listing.price_amount,
            price_includes_tax=listing.channel.tax_configuration.prices_entered_with_tax,
            tax_rate=_product_tax_rate(variant, listing.channel),
            weight=None if weight is None else round(weight.g),
        )

    # --- warehouses

    def _country(self, channel: str) -> str:
        return str(Channel.objects.get(slug=channel).default_country.code)

    def _link_warehouse(self, warehouse: Warehouse, channel: str) -> None:
        """Both links: which of them counts depends on a site setting (3.23)."""
        owner = Channel.objects.get(slug=channel)
        warehouse.channels.add(owner)
        warehouse.shipping_zones.add(*owner.shipping_zones.all())

    def retire_warehouses(self, channel: str, pks: Collection[str]) -> None:
        Channel.objects.get(slug=channel).warehouses.remove(*Warehouse.objects.filter(pk__in=pks))

    def other_warehouses(self, channel: str, mirrored: Collection[str]) -> list[str]:
        others = Warehouse.objects.filter(channels__slug=channel).exclude(pk__in=list(mirrored))
        return [str(pk) for pk in others.values_list("pk", flat=True)]


_CANCEL_TAKES_SETTINGS: Final = "site_settings" in inspect.signature(cancel_order).parameters


def _site_settings() -> Any:
    site: Any = Site.objects.get_current()
    return site.settings


def _name(variant: ProductVariant) -> str:
    """The product's name; the variant's is often just its SKU or the product's name again."""
    product = str(variant.product.name)
    extra = (variant.name or "").strip()
    return product if extra in {"", variant.sku, product} else f"{product} ({extra})"


def _product_tax_rate(variant: ProductVariant, channel: Channel) -> Decimal | None:
    """The flat rate of the product's tax class in the channel's country, in percent."""
    configuration = channel.tax_configuration
    flat = configuration.tax_calculation_strategy == TaxCalculationStrategy.FLAT_RATES
    if not (configuration.charge_taxes and flat):
        return None
    country = channel.default_country.code
    tax_class = variant.product.tax_class or variant.product.product_type.tax_class
    rate = _class_rate(tax_class, country)
    return _fallback_rate(country) if rate is None else rate


def _class_rate(tax_class: TaxClass | None, country: str) -> Decimal | None:
    rates = tax_class.country_rates.all() if tax_class else ()
    return next((Decimal(rate.rate) for rate in rates if rate.country == country), None)


def _fallback_rate(country: str) -> Decimal | None:
    rates = TaxClassCountryRate.objects.filter(tax_class=None, country=country)
    rate = rates.values_list("rate", flat=True).first()
    return None if rate is None else Decimal(rate)
