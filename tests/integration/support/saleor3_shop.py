"""The shop on Saleor 3: one of several possible channels, taxes at a flat rate."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from saleor.account.models import Group, User
from saleor.app.models import App
from saleor.channel.models import Channel
from saleor.permission.models import Permission
from saleor.plugins.models import PluginConfiguration
from saleor.product import ProductTypeKind
from saleor.product.models import (
    Product,
    ProductChannelListing,
    ProductType,
    ProductVariant,
    ProductVariantChannelListing,
)
from saleor.shipping import ShippingMethodType
from saleor.shipping.models import ShippingMethodChannelListing, ShippingZone
from saleor.tax.models import TaxClass, TaxClassCountryRate, TaxConfiguration
from saleor.warehouse import WarehouseClickAndCollectOption
from saleor.warehouse.models import Warehouse

from tests.integration.support.api import Api, Json, to_global_id
from tests.integration.support.graphql_documents import CUSTOMER_NOTE, Documents, Names
from tests.integration.support.saleor3_discounts import Saleor3Discounts
from tests.integration.support.shop import Shop

HANDLED_BY_PICQER = {"picqer.handled": "true"}


class Saleor3Shop(Shop):
    documents = Documents(Names())
    available_document = """
    query ($id: ID!, $channel: String) {
      productVariant(id: $id, channel: $channel) { quantityAvailable(address: {country: NL}) }
    }
    """
    plugin_document = """
    query ($id: ID!) {
      plugin(id: $id) {
        name
        channelConfigurations { active channel { slug } configuration { name value } }
      }
    }
    """
    plugin_update_document = """
    mutation ($id: ID!, $channelId: ID, $input: PluginUpdateInput!) {
      pluginUpdate(id: $id, channelId: $channelId, input: $input) {
        errors { field message code }
      }
    }
    """
    channel_slug = "webshop"
    token_prefix: ClassVar[str] = "Bearer"

    def set_up_channel(self) -> None:
        self.site_settings.limit_quantity_per_checkout = 1000
        self.site_settings.save()
        self.tax_class = TaxClass.objects.create(name="Standard")
        for tax_class in (None, self.tax_class):
            TaxClassCountryRate.objects.create(tax_class=tax_class, country="NL", rate=21)
        self.channel = self.create_channel(self.channel_slug)
        self.discounts = Saleor3Discounts(self.channel)

    @property
    def channel_pk(self) -> str:  # type: ignore[override]
        return str(self.channel.pk)

    def set_channel(self, **fields: Any) -> None:
        Channel.objects.filter(pk=self.channel.pk).update(**fields)

    def enter_prices_with_tax(self) -> None:
        TaxConfiguration.objects.update(prices_entered_with_tax=True)

    def open(self, slug: str) -> Saleor3Shop:
        other = copy(self)
        other.channel, other.channel_slug = self.create_channel(slug), slug
        other.discounts, other.carts = Saleor3Discounts(other.channel), []
        other.zone = other.create_zone(slug.title(), [self.country])
        for listing in self.channel.product_listings.all():
            _list_in(listing, other.channel)
        for listing in self.channel.variant_listings.all():
            _list_in(listing, other.channel)
        return other

    def create_channel(self, slug: str) -> Channel:
        channel = Channel.objects.create(
            name=slug.title(),
            slug=slug,
            currency_code=self.currency,
            default_country=self.country,
            is_active=True,
            automatically_confirm_all_new_orders=True,
        )
        TaxConfiguration.objects.create(channel=channel, prices_entered_with_tax=False)
        PluginConfiguration.objects.create(
            identifier="mirumee.payments.dummy",
            channel=channel,
            active=True,
            configuration=[{"name": "Supported currencies", "value": self.currency}],
        )
        return channel

    def create_zone(self, name: str, countries: list[str]) -> ShippingZone:
        zone = ShippingZone.objects.create(name=name, countries=countries)
        zone.channels.add(self.channel)
        self.create_method(zone, "Parcel", "5.00")
        self.create_method(zone, "Courier", "15.00")
        zone.shipping_methods.filter(name="Parcel").update(private_metadata=HANDLED_BY_PICQER)
        return zone

    def create_method(self, zone: ShippingZone, name: str, price: str) -> None:
        method = zone.shipping_methods.create(
            name=name, type=ShippingMethodType.PRICE_BASED, tax_class=self.tax_class
        )
        ShippingMethodChannelListing.objects.create(
            shipping_method=method,
            channel=self.channel,
            currency=self.currency,
            price_amount=Decimal(price),
            minimum_order_price_amount=0,
        )

    def create_product_type(self, name: str, *, ships: bool = True) -> ProductType:
        return ProductType.objects.create(
            name=name,
            slug=name.lower(),
            kind=ProductTypeKind.NORMAL,
            tax_class=self.tax_class,
            is_shipping_required=ships,
        )

    def create_product(
        self, name: str, slug: str, price: str, *, published: bool, ships: bool
    ) -> Product:
        product = Product.objects.create(
            name=name,
            slug=slug,
            product_type=self.product_type if ships else self.digital_type,
            category=self.category,
        )
        yesterday = timezone.now() - timedelta(days=1)
        ProductChannelListing.objects.create(
            product=product,
            channel=self.channel,
            currency=self.currency,
            is_published=published,
            published_at=yesterday,
            visible_in_listings=True,
            available_for_purchase_at=yesterday,
            discounted_price_amount=Decimal(price),
        )
        return product

    def create_variant(
        self, product: Product, sku: str, price: str, *, track_inventory: bool
    ) -> ProductVariant:
        variant = ProductVariant.objects.create(
            product=product, sku=sku, track_inventory=track_inventory
        )
        ProductVariantChannelListing.objects.create(
            variant=variant,
            channel=self.channel,
            currency=self.currency,
            price_amount=Decimal(price),
            discounted_price_amount=Decimal(price),
        )
        return variant

    def add_variants(self, product: Product, count: int) -> list[ProductVariant]:
        made = ProductVariant.objects.bulk_create(
            ProductVariant(product=product, sku=f"MANY-{n}") for n in range(1, count + 1)
        )
        ProductVariantChannelListing.objects.bulk_create(
            ProductVariantChannelListing(
                variant=variant, channel=self.channel, currency=self.currency, price_amount=5
            )
            for variant in made
        )
        return made

    def collection_point(self, name: str, **fields: Any) -> Warehouse:
        warehouse = self.warehouse(name)
        warehouse.click_and_collect_option = WarehouseClickAndCollectOption.ALL_WAREHOUSES
        for field, value in fields.items():
            setattr(warehouse, field, value)
        warehouse.is_private = False
        warehouse.save()
        return warehouse

    def link_to_channel(self, warehouse: Warehouse) -> None:
        warehouse.channels.add(self.channel)

    def grant(self, user: User, permissions: Iterable[str]) -> None:
        group = Group.objects.create(name=user.email, restricted_access_to_channels=False)
        group.permissions.set(self.find_permissions(permissions))
        group.user_set.add(user)

    def find_permissions(self, codenames: Iterable[str]) -> Iterable[Permission]:
        return Permission.objects.filter(codename__in=codenames)

    def create_app_token(self, app: App) -> str:
        _, token = app.tokens.create(name="Test")
        return str(token)

    def leave_note(self, checkout: str, note: str) -> None:
        Api().query(CUSTOMER_NOTE, id=to_global_id("Checkout", checkout), note=note)

    def channel_argument(self) -> Json:
        return {"channel": self.channel_slug}

    def channel_id_argument(self) -> Json:
        return {"channelId": to_global_id("Channel", self.channel.pk)}

    def plugin_configuration(self, plugin: Json) -> Json:
        (found,) = (
            configuration
            for configuration in plugin["channelConfigurations"]
            if configuration["channel"]["slug"] == self.channel_slug
        )
        return found


def _list_in(listing: Any, channel: Channel) -> None:
    """Copy the listing to another channel."""
    listing.pk, listing.channel = None, channel
    listing._state.adding = True
    listing.save()
