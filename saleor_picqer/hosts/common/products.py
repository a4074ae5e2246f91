"""Products of the shop and the variants of each, for staff."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Count
from saleor.product.models import Product, ProductVariant

from saleor_picqer.domain.skus import BySku
from saleor_picqer.hosts.common.queries import with_skus


class ShopProduct(NamedTuple):
    """A product, with the number of variants; `ships` is false for digital products."""

    pk: str
    ships: bool
    variants: int


class ShopVariant(NamedTuple):
    """A variant as staff see it; the SKU may be empty."""

    pk: str
    sku: str
    name: str


class Products:
    """Products with variants. Every method takes one statement."""

    def get(self, pk: str, using: str = "default") -> ShopProduct | None:
        """Return a product with the number of variants; None for an unknown primary key."""
        rows = Product.objects.using(using).filter(pk=pk).annotate(picqer_count=Count("variants"))
        row = rows.values_list("product_type__is_shipping_required", "picqer_count").first()
        return row and ShopProduct(str(pk), *row)

    def variants_of(
        self, product_pk: str, after: str, limit: int, using: str = "default"
    ) -> list[ShopVariant]:
        """Return variants of the product after a primary key, by primary key."""
        rows = ProductVariant.objects.using(using).filter(product=product_pk)
        rows = rows.filter(pk__gt=int(after or 0)).order_by("pk")[:limit]
        return [
            ShopVariant(str(pk), sku or "", name or "")
            for pk, sku, name in rows.values_list("pk", "sku", "name")
        ]

    def with_skus(self, skus: Collection[str]) -> dict[str, str]:
        """Return the product's pk for each SKU, given in any spelling; others are left out."""
        rows = with_skus(ProductVariant.objects.exclude(sku=None), skus).order_by("-pk")
        found = BySku(dict(rows.values_list("sku", "product_id")))
        return {sku: str(pk) for sku in skus if (pk := found.get(sku))}

    def count_with_sku(self, product_pk: str) -> int:
        """Return the number of the product's variants with a SKU."""
        rows = ProductVariant.objects.filter(product=product_pk).exclude(sku=None)
        return int(rows.exclude(sku="").count())

    def variants_by_product(self, product_pks: Collection[str]) -> dict[str, list[ShopVariant]]:
        """Return all variants of products; products that do not exist are left out."""
        rows = Product.objects.filter(pk__in=product_pks).order_by("pk", "variants__pk")
        found: dict[str, list[ShopVariant]] = {}
        names = ("pk", "variants__pk", "variants__sku", "variants__name")
        for pk, variant_pk, sku, name in rows.values_list(*names):
            variants = found.setdefault(str(pk), [])
            if variant_pk is not None:
                variants.append(ShopVariant(str(variant_pk), sku or "", name or ""))
        return found
