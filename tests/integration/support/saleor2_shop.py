"""The shop on Saleor 2.10: one currency and catalogue for all customers, no taxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import Permission
from saleor.account.models import User
from saleor.app.models import App
from saleor.checkout.models import Checkout
from saleor.product.models import Product, ProductType, ProductVariant
from saleor.shipping import ShippingMethodType
from saleor.shipping.models import ShippingZone
from saleor.warehouse.models import Warehouse

from tests.integration.support.api import Json
from tests.integration.support.graphql_documents import Documents, Names
from tests.integration.support.saleor2_discounts import Saleor2Discounts
from tests.integration.support.shop import Shop


class Saleor2Shop(Shop):
    documents = Documents(
        Names(
            checkout_id="checkoutId",
            methods="availableShippingMethods",
            checkout_errors="checkoutErrors",
            order_errors="orderErrors",
        )
    )
    available_document = """
    query ($id: ID!) { productVariant(id: $id) { quantityAvailable(countryCode: NL) } }
    """
    plugin_document = """
    query ($id: ID!) { plugin(id: $id) { name active configuration { name value } } }
    """
    plugin_update_document = """
    mutation ($id: ID!, $input: PluginUpdateInput!) {
      pluginUpdate(id: $id, input: $input) { errors: pluginsErrors { field message code } }
    }
    """
    channel_slug = "default"
    channel_pk = "default"
    token_prefix: ClassVar[str] = "JWT"

    def set_up_channel(self) -> None:
        self.site_settings.include_taxes_in_prices = False
        self.site_settings.save()
        self.discounts = Saleor2Discounts()

    def create_zone(self, name: str, countries: list[str]) -> ShippingZone:
        zone = ShippingZone.objects.create(name=name, countries=countries)
        self.create_method(zone, "Parcel", "5.00")
        self.create_method(zone, "Courier", "15.00")
        return zone

    def create_method(self, zone: ShippingZone, name: str, price: str) -> None:
        zone.shipping_methods.create(
            name=name, type=ShippingMethodType.PRICE_BASED, price_amount=price
        )

    def create_product_type(self, name: str, *, ships: bool = True) -> ProductType:
        return ProductType.objects.create(name=name, slug=name.lower(), is_shipping_required=ships)

    def create_product(
        self, name: str, slug: str, price: str, *, published: bool, ships: bool
    ) -> Product:
        return Product.objects.create(
            name=name,
            slug=slug,
            product_type=self.product_type if ships else self.digital_type,
            category=self.category,
            price_amount=price,
            is_published=published,
        )

    def create_variant(
        self, product: Product, sku: str, price: str, *, track_inventory: bool
    ) -> ProductVariant:
        return ProductVariant.objects.create(
            product=product, sku=sku, price_override_amount=price, track_inventory=track_inventory
        )

    def add_variants(self, product: Product, count: int) -> list[ProductVariant]:
        return ProductVariant.objects.bulk_create(
            ProductVariant(product=product, sku=f"MANY-{n}", price_override_amount=5)
            for n in range(1, count + 1)
        )

    def link_to_channel(self, warehouse: Warehouse) -> None:
        """Do nothing: Saleor 2.10 has no channels."""

    def grant(self, user: User, permissions: Iterable[str]) -> None:
        user.user_permissions.set(self.find_permissions(permissions))

    def find_permissions(self, codenames: Iterable[str]) -> Iterable[Permission]:
        return Permission.objects.filter(codename__in=codenames)

    def create_app_token(self, app: App) -> str:
        return str(app.tokens.create(name="Test").auth_token)

    def leave_note(self, checkout: str, note: str) -> None:
        # Its API has no mutation for the note.
        Checkout.objects.filter(pk=checkout).update(note=note)

    def channel_argument(self) -> Json:
        return {}

    def channel_id_argument(self) -> Json:
        return {}

    def plugin_configuration(self, plugin: Json) -> Json:
        return plugin
