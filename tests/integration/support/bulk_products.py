"""Many variants at once, for tests of costs and for the benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from saleor.product import models
from saleor.product.models import ProductVariant

from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

BATCH = 1000
# Few enough for an answer in time on a busy machine.
SEEDED = 200


def add_variants(shop: ConnectedShop, count: int) -> list[str]:
    """Add variants of one product to the shop, and return the SKUs in the sequence of the pks."""
    first = shop.shop.product("V-000000")
    skus = [f"V-{number:06}" for number in range(1, count)]
    for some in batched(skus, BATCH):
        copies = ProductVariant.objects.bulk_create(
            [_copy(first, sku=sku, name=sku) for sku in some]
        )
        if IS_SALEOR_3:
            _list(first, copies)
    return ["V-000000", *skus]


def seed_picqer(shop: ConnectedShop, skus: Sequence[str], warehouses: Sequence[str]) -> None:
    """Give Picqer products with these codes, each with stock in every warehouse."""
    shop.control("POST", "/seed", warehouses=[{"name": name} for name in warehouses])
    stock = dict.fromkeys(warehouses, 5)
    for some in batched(skus, SEEDED):
        rows = [{"productcode": sku, "name": sku, "price": 10, "stock": stock} for sku in some]
        shop.control("POST", "/seed", products=rows)
    shop.webhooks.pending.clear()


def _list(first: ProductVariant, copies: Sequence[ProductVariant]) -> None:
    """List the variants in the channels of the first, at the same price."""
    listings = models.ProductVariantChannelListing.objects
    original = listings.filter(variant=first)
    listings.bulk_create([_copy(row, variant_id=copy.pk) for copy in copies for row in original])


def _copy(row: Any, **changes: Any) -> Any:
    fields = dict(_fields(row))
    return type(row)(**{**fields, **changes})


def _fields(row: Any) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        if not field.primary_key:
            yield field.attname, getattr(row, field.attname)
