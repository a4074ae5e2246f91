"""A small shop with its customers and staff, the same on every line of Saleor.

`saleor2_shop.py` and `saleor3_shop.py` hold the differences: rows that the API of one line cannot
create, and GraphQL documents.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib.sites.models import Site
from django.utils.text import slugify
from saleor.account.models import Address, User
from saleor.app.models import App
from saleor.product.models import Category, Product, ProductType, ProductVariant
from saleor.shipping.models import ShippingZone
from saleor.site.models import SiteSettings
from saleor.warehouse.models import Stock, Warehouse

from tests.integration.support.api import Api, Json, to_global_id
from tests.integration.support.checkouts import Checkout
from tests.integration.support.dashboard_views import PluginView
from tests.integration.support.discounts import Discounts
from tests.integration.support.graphql_documents import PLUGINS, TOKEN
from tests.integration.support.staff import ADDRESS, GUEST, StaffActions

PASSWORD = "correct horse battery staple"
PICQER = "picqer"


class Shop(StaffActions):
    """A Dutch shop selling in euros, net prices, with the shipping methods Parcel and Courier."""

    available_document: ClassVar[str]
    plugin_document: ClassVar[str]
    plugin_update_document: ClassVar[str]
    channel_slug: str
    # Primary key of the channel, as the plugin stores it.
    channel_pk: str
    # Of Saleor 3 only.
    tax_class: Any
    discounts: Discounts
    currency: ClassVar[str] = "EUR"
    country: ClassVar[str] = "NL"

    def __init__(self) -> None:
        self.site_settings = self._site_settings()
        self.set_up_channel()
        self.zone = self.create_zone("Netherlands", [self.country])
        self.product_type = self.create_product_type("Physical")
        self.digital_type = self.create_product_type("Digital", ships=False)
        self.category = Category.objects.create(name="Coffee", slug="coffee")
        self.customer_api = Api()
        self.admin_api = self.staff_api()
        # Of customers without an account: filled, to be delivered by Parcel, not paid.
        self.carts: list[Checkout] = []

    # People

    def customer(self, email: str = GUEST) -> User:
        user = _user(email)
        user.default_shipping_address = user.default_billing_address = self.address()
        user.save()
        user.addresses.add(user.default_billing_address)
        return user

    def staff_api(self, *permissions: str, email: str = "staff@example.com") -> Api:
        """Return the API for a staff member with these permissions, "manage_orders".

        A member without named permissions has all of them.
        """
        user = _user(email, is_staff=True, is_superuser=not permissions)
        self.grant(user, permissions)
        return self.sign_in(email)

    def app_api(self, *permissions: str) -> Api:
        """Return the API for an app with these permissions."""
        app = App.objects.create(name="Integration", is_active=True)
        app.permissions.set(self.find_permissions(permissions))
        return Api(f"Bearer {self.create_app_token(app)}")

    def sign_in(self, email: str) -> Api:
        answer = Api().query(TOKEN, email=email, password=PASSWORD)
        return Api(f"{self.token_prefix} {answer['tokenCreate']['token']}")

    # Goods

    def product(
        self,
        sku: str,
        *,
        name: str = "Coffee beans",
        price: str = "10.00",
        stock: int | None = None,
        published: bool = True,
        track_inventory: bool = True,
        ships: bool = True,
    ) -> ProductVariant:
        """Create a product with one variant.

        `price` is net; `stock` lies in the shop's own warehouse.
        """
        product = self.create_product(
            f"{name} {sku}", slugify(sku), price, published=published, ships=ships
        )
        variant = self.create_variant(product, sku, price, track_inventory=track_inventory)
        if stock is not None:
            self.set_stock(sku, stock)
        return variant

    def products(self, count: int, *, stock: int | None = None) -> list[ProductVariant]:
        """Create products with the SKUs SKU-1, SKU-2 and so on."""
        return [self.product(f"SKU-{n}", stock=stock) for n in range(1, count + 1)]

    def warehouse(self, name: str = "Shop floor") -> Warehouse:
        """Return the shop's own warehouse of this name, which delivers in the country."""
        if found := Warehouse.objects.filter(name=name).first():
            return found
        warehouse = Warehouse.objects.create(name=name, slug=slugify(name), address=self.address())
        warehouse.shipping_zones.add(self.zone)
        self.link_to_channel(warehouse)
        return warehouse

    def set_stock(self, sku: str, quantity: int, warehouse: str = "Shop floor") -> None:
        Stock.objects.update_or_create(
            warehouse=self.warehouse(warehouse),
            product_variant=ProductVariant.objects.get(sku=sku),
            defaults={"quantity": quantity},
        )

    def stock(self, sku: str) -> dict[str, tuple[int, int]]:
        """Return (quantity, allocated) by the warehouse's name, from the database."""
        stocks = Stock.objects.filter(product_variant__sku=sku).select_related("warehouse")
        return {
            stock.warehouse.name: (
                stock.quantity,
                sum(stock.allocations.values_list("quantity_allocated", flat=True)),
            )
            for stock in stocks
        }

    def available(self, sku: str) -> int:
        """Return the quantity for sale in the country."""
        answer = self.customer_api.query(self.available_document, **self.available_variables(sku))
        return int(answer["productVariant"]["quantityAvailable"])

    def available_variables(self, sku: str) -> Json:
        """Return the variables of `available_document`."""
        variant = ProductVariant.objects.get(sku=sku)
        return {"id": to_global_id("ProductVariant", variant.pk), **self.channel_argument()}

    # Orders

    def checkout(
        self,
        lines: Mapping[str, int],
        *,
        shipping_method: str = "Parcel",
        email: str = GUEST,
        note: str = "",
        codes: Iterable[str] = (),
    ) -> str:
        """Check out and pay as a customer without an account, and return the order's pk.

        `lines` is quantity by SKU.
        """
        checkout = self.begin(lines, email=email).deliver(shipping_method).note(note)
        return checkout.use(*codes).pay().complete()

    def begin(
        self, lines: Mapping[str, int], *, email: str = GUEST, api: Api | None = None
    ) -> Checkout:
        """Begin a checkout to the address `ADDRESS`, or continue a cart of `carts`."""
        if email == GUEST and api is None:
            for cart in self.carts:
                if cart.lines == lines:
                    self.carts.remove(cart)
                    return cart
        return Checkout(self, lines, email=email, address=ADDRESS, api=api)

    # The plugin

    def configure_plugin(self, *, active: bool = True, **settings: str | bool) -> None:
        """Save the plugin's settings as the dashboard does; other settings stay."""
        configuration = [
            {"name": name, "value": str(value).lower() if isinstance(value, bool) else value}
            for name, value in settings.items()
        ]
        self._mutate(
            self.admin_api,
            self.plugin_update_document,
            id=PICQER,
            input={"active": active, "configuration": configuration},
            **self.channel_id_argument(),
        )

    def plugin(self) -> PluginView:
        """Return the plugin's settings as the dashboard shows them."""
        plugin = self.admin_api.query(self.plugin_document, id=PICQER)["plugin"]
        return PluginView.of(plugin["name"], self.plugin_configuration(plugin))

    def plugins(self) -> list[str]:
        """Return the ids of the plugins in the dashboard's list."""
        edges = self.admin_api.query(PLUGINS)["plugins"]["edges"]
        return [edge["node"]["id"] for edge in edges]

    # What differs

    token_prefix: ClassVar[str]

    @abstractmethod
    def set_up_channel(self) -> None:
        """Create the channel and its taxes."""

    @abstractmethod
    def create_zone(self, name: str, countries: list[str]) -> ShippingZone:
        """Create a zone with the methods Parcel, for Picqer on Saleor 3, and Courier."""

    @abstractmethod
    def create_method(self, zone: ShippingZone, name: str, price: str) -> None:
        """Create a shipping method without a mark for Picqer."""

    @abstractmethod
    def create_product_type(self, name: str, *, ships: bool = True) -> ProductType: ...

    @abstractmethod
    def create_product(
        self, name: str, slug: str, price: str, *, published: bool, ships: bool
    ) -> Product: ...

    @abstractmethod
    def create_variant(
        self, product: Product, sku: str, price: str, *, track_inventory: bool
    ) -> ProductVariant: ...

    @abstractmethod
    def add_variants(self, product: Product, count: int) -> list[ProductVariant]:
        """Add variants MANY-1, MANY-2 and so on at 5.00 in few statements, calling no hook."""

    @abstractmethod
    def link_to_channel(self, warehouse: Warehouse) -> None: ...

    @abstractmethod
    def grant(self, user: User, permissions: Iterable[str]) -> None: ...

    @abstractmethod
    def find_permissions(self, codenames: Iterable[str]) -> Iterable[Any]: ...

    @abstractmethod
    def create_app_token(self, app: App) -> str: ...

    @abstractmethod
    def leave_note(self, checkout: str, note: str) -> None:
        """Write the customer's note on the checkout with this primary key."""

    @abstractmethod
    def channel_argument(self) -> Json:
        """Return `{"channel": slug}` on lines with channels."""

    @abstractmethod
    def plugin_configuration(self, plugin: Json) -> Json:
        """Return the plugin's `active` and `configuration` for the channel."""

    # On Saleor 3 only

    def set_channel(self, **fields: Any) -> None:
        """Change how the channel handles orders, `allow_unpaid_orders=True`."""
        raise NotImplementedError

    def create_channel(self, slug: str) -> Any:
        """Create an active channel with a payment gateway for its currency."""
        raise NotImplementedError

    def open(self, slug: str) -> Shop:
        """Return the same shop in a second channel that sells the existing products."""
        raise NotImplementedError

    def enter_prices_with_tax(self) -> None:
        """Enter gross prices in all channels."""
        raise NotImplementedError

    def collection_point(self, name: str, **fields: Any) -> Warehouse:
        """Create a warehouse where customers collect goods from any warehouse."""
        raise NotImplementedError

    # Inner workings

    def address(self) -> Address:
        return Address.objects.create(
            first_name=ADDRESS["firstName"],
            last_name=ADDRESS["lastName"],
            company_name=ADDRESS["companyName"],
            street_address_1=ADDRESS["streetAddress1"],
            city=ADDRESS["city"],
            postal_code=ADDRESS["postalCode"],
            country=ADDRESS["country"],
            phone=ADDRESS["phone"],
        )

    def _site_settings(self) -> SiteSettings:
        return SiteSettings.objects.get_or_create(site=Site.objects.get_current())[0]


def _user(email: str, **fields: Any) -> User:
    user = User(email=email, is_active=True, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user
