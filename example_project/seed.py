"""Fill the example shop, as staff would do in the dashboard.

Existing objects stay as they are, except for the shop's own address, which follows `PUBLIC_URL`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.sites.models import Site
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from measurement.measures import Weight
from saleor.account.models import Address, User
from saleor.core.permissions import OrderPermissions, ProductPermissions
from saleor.product.models import Category, Product, ProductImage, ProductType, ProductVariant
from saleor.shipping import ShippingMethodType
from saleor.shipping.models import ShippingMethod, ShippingZone
from saleor.site.models import SiteSettings
from saleor.warehouse.models import Stock, Warehouse

from example_project import catalogue, people, pictures

COUNTRIES = ["NL", "BE", "LU", "DE", "FR", "AT", "DK", "ES", "IE", "IT", "PL", "PT", "SE"]
SHOP_FLOOR_STOCK = 3


@transaction.atomic
def seed() -> None:
    """Create staff, customers, shipping methods and products that do not exist yet."""
    _site()
    _staff()
    for customer in people.CUSTOMERS:
        _customer(customer)
    shop_floor = _shop_floor(_shipping())
    for item in catalogue.PRODUCTS:
        _product(item, shop_floor)


def _site() -> None:
    site = Site.objects.get_current()
    site.domain, site.name = urlsplit(settings.PUBLIC_URL).netloc, catalogue.SHOP_NAME
    site.save()
    preferences = SiteSettings.objects.get(site=site)
    preferences.header_text = "Coffee and tea, roasted and blended in Utrecht"
    preferences.default_mail_sender_name = catalogue.SHOP_NAME
    preferences.default_mail_sender_address = "winkel@koffieblad.example"
    if preferences.company_address is None:
        preferences.company_address = Address.objects.create(**people.SHOP_ADDRESS)
    preferences.save()


def _staff() -> None:
    if not User.objects.filter(email=people.OWNER.email).exists():
        _user(people.OWNER, is_staff=True, is_superuser=True)
    if not User.objects.filter(email=people.WAREHOUSE_HAND.email).exists():
        hand = _user(people.WAREHOUSE_HAND, is_staff=True)
        rights = (OrderPermissions.MANAGE_ORDERS, ProductPermissions.MANAGE_PRODUCTS)
        hand.user_permissions.set(
            Permission.objects.filter(codename__in=[right.codename for right in rights])
        )


def _customer(person: people.Person) -> None:
    if User.objects.filter(email=person.email).exists():
        return
    address = Address.objects.create(
        first_name=person.first_name, last_name=person.last_name, **person.address
    )
    user = _user(person, default_shipping_address=address, default_billing_address=address)
    user.addresses.add(address)


def _user(person: people.Person, **fields: object) -> User:
    return User.objects.create_user(
        person.email,
        person.password,
        first_name=person.first_name,
        last_name=person.last_name,
        **fields,
    )


def _shipping() -> ShippingZone:
    zone, _ = ShippingZone.objects.get_or_create(
        name="Netherlands and EU", defaults={"countries": COUNTRIES}
    )
    for method in catalogue.SHIPPING_METHODS:
        ShippingMethod.objects.get_or_create(
            name=method.name,
            shipping_zone=zone,
            defaults={"type": ShippingMethodType.PRICE_BASED, "price_amount": method.price},
        )
    return zone


def _shop_floor(zone: ShippingZone) -> Warehouse:
    """Return the warehouse that held the shop's stock before the shop used Picqer."""
    warehouse = Warehouse.objects.filter(slug="shop-floor").first()
    if warehouse is None:
        address = Address.objects.create(**people.SHOP_ADDRESS)
        warehouse = Warehouse.objects.create(slug="shop-floor", name="Shop floor", address=address)
        warehouse.shipping_zones.add(zone)
    return warehouse


def _product(item: catalogue.Product, shop_floor: Warehouse) -> None:
    product, _ = Product.objects.get_or_create(
        slug=slugify(item.name),
        defaults={
            "name": item.name,
            "product_type": _product_type(item.kind),
            "category": _category(item.kind),
            "description": item.description,
            "description_json": _draft_js(item.description),
            "price_amount": item.price,
            "is_published": True,
        },
    )
    for variant in item.variants:
        _variant(product, variant, shop_floor)
    if not product.images.exists():
        _image(product, item)


def _product_type(kind: str) -> ProductType:
    return ProductType.objects.get_or_create(slug=slugify(kind), defaults={"name": kind})[0]


def _category(kind: str) -> Category:
    return Category.objects.get_or_create(slug=slugify(kind), defaults={"name": kind})[0]


def _draft_js(text: str) -> dict[str, object]:
    """Return the text as one paragraph in the format of Saleor 2's editor."""
    block = {"key": "intro", "text": text, "type": "unstyled", "depth": 0, "data": {}}
    return {
        "blocks": [block | {"inlineStyleRanges": [], "entityRanges": []}],
        "entityMap": {},
    }


def _variant(product: Product, item: catalogue.Variant, shop_floor: Warehouse) -> None:
    variant = ProductVariant.objects.filter(sku=item.sku).first()
    if variant is None:
        variant = ProductVariant(
            sku=item.sku,
            product=product,
            name=item.name,
            price_override_amount=item.price,
            weight=Weight(g=item.grams),
        )
        # Not `objects.create`, which fails on a circular import in Saleor.
        variant.save()
    Stock.objects.get_or_create(
        warehouse=shop_floor, product_variant=variant, defaults={"quantity": SHOP_FLOOR_STOCK}
    )


def _image(product: Product, item: catalogue.Product) -> None:
    image_format = catalogue.IMAGE_FORMATS[item.kind]
    picture = pictures.label(
        item.name, f"{item.kind} · {catalogue.SHOP_NAME}", item.colour, image_format
    )
    file = ContentFile(picture, name=f"{product.slug}.{image_format.lower()}")
    ProductImage.objects.create(product=product, image=file, alt=item.name)
