"""Changes to products that staff or apps make; `quietly` ones call no hook of Saleor's.

The module holds the differences between the lines of Saleor in the catalogue's tables.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from saleor.product.models import (
    Product,
    ProductTranslation,
    ProductVariant,
    ProductVariantTranslation,
)

from tests.integration.support.host import IS_SALEOR_3


def rich_text(text: str) -> dict[str, Any]:
    """Return a document of one paragraph, as the dashboard of the installed line writes it."""
    if IS_SALEOR_3:
        return {"blocks": [{"id": "a", "type": "paragraph", "data": {"text": text}}]}
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "data": {}}
    return {"blocks": [block], "entityMap": {}}


def describe_quietly(variant: ProductVariant, text: str) -> None:
    """Change the description of the variant's product."""
    field = "description" if IS_SALEOR_3 else "description_json"
    Product.objects.filter(pk=variant.product_id).update(**{field: rich_text(text)})


def translate_quietly(
    variant: ProductVariant, language: str, *, name: str, own_name: str, text: str
) -> None:
    """Translate the product's name and description, and the variant's own name."""
    field = "description" if IS_SALEOR_3 else "description_json"
    ProductTranslation.objects.create(
        product=variant.product, language_code=language, name=name, **{field: rich_text(text)}
    )
    ProductVariantTranslation.objects.create(
        product_variant=variant, language_code=language, name=own_name
    )


def price_quietly(variant: ProductVariant, price: str) -> None:
    """Change the variant's net price in every channel."""
    if IS_SALEOR_3:
        variant.channel_listings.update(price_amount=Decimal(price))
    else:
        rows = ProductVariant.objects.filter(pk=variant.pk)
        rows.update(price_override_amount=Decimal(price))


def publish_quietly(variant: ProductVariant, *, published: bool) -> None:
    """Show the variant's product to customers, or hide it."""
    if IS_SALEOR_3:
        variant.product.channel_listings.update(is_published=published)
    else:
        Product.objects.filter(pk=variant.product_id).update(is_published=published)
