"""Changes to products that staff or apps make; `quietly` ones call no hook of Saleor's.

The module holds the differences between the lines of Saleor in the catalogue's tables.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from saleor.product.models import (
    Product,
    ProductTranslation,
    ProductVariant,
    ProductVariantTranslation,
)

from tests.integration.support.api import to_global_id
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop


def rich_text(text: str) -> dict[str, Any]:
    """Return a document of a paragraph, as written by the installed line's dashboard."""
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


class CatalogueApi:
    """Changes that staff make through Saleor's API, which calls hooks or saves models."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._errors = "errors: productErrors" if not IS_SALEOR_3 else "errors"

    def rename(self, variant: ProductVariant, name: str) -> None:
        self._change("productUpdate", "ProductInput!", _product_id(variant), name=name)

    def set_sku(self, variant: ProductVariant, sku: str) -> None:
        self._change("productVariantUpdate", "ProductVariantInput!", _variant_id(variant), sku=sku)

    def set_price(self, variant: ProductVariant, price: str) -> None:
        if not IS_SALEOR_3:
            kind = "ProductVariantInput!"
            id_ = _variant_id(variant)
            return self._change("productVariantUpdate", kind, id_, priceOverride=price)
        listing = {"channelId": to_global_id("Channel", self._shop.channel_pk), "price": price}
        kind = "[ProductVariantChannelListingAddInput!]!"
        mutation = "productVariantChannelListingUpdate"
        return self._call(mutation, kind, _variant_id(variant), [listing])

    def publish(self, variant: ProductVariant, *, published: bool) -> None:
        if not IS_SALEOR_3:
            kind, id_ = "ProductInput!", _product_id(variant)
            category = to_global_id("Category", variant.product.category_id)
            changes = {"isPublished": published, "category": category}
            return self._call("productUpdate", kind, id_, changes)
        channel = to_global_id("Channel", self._shop.channel_pk)
        listing = [{"channelId": channel, "isPublished": published}]
        return self._change_listing(variant, updateChannels=listing)

    def unlist(self, variant: ProductVariant) -> None:
        """Remove the product from the channel; on Saleor 3 only."""
        channel = to_global_id("Channel", self._shop.channel_pk)
        self._change_listing(variant, removeChannels=[channel])

    def set_tax_class(self, variant: ProductVariant, pk: int) -> None:
        """Give the variant's product a tax class; on Saleor 3 only."""
        tax_class = to_global_id("TaxClass", pk)
        self._change("productUpdate", "ProductInput!", _product_id(variant), taxClass=tax_class)

    def set_metadata(
        self, variant: ProductVariant, key: str, value: str, *, of_product: bool = False
    ) -> None:
        errors = "errors" if IS_SALEOR_3 else "errors: metadataErrors"
        document = f"""
            mutation ($id: ID!, $input: [MetadataInput!]!) {{
              updateMetadata(id: $id, input: $input) {{ {errors} {{ field message code }} }}
            }}
        """
        values = [{"key": key, "value": value}]
        id_ = _product_id(variant) if of_product else _variant_id(variant)
        self._shop.admin_api.query(document, id=id_, input=values)

    def describe_image(self, variant: ProductVariant, text: str) -> None:
        """Change the alternative text of the only image of the variant's product."""
        kind = "Media" if IS_SALEOR_3 else "Image"
        image = variant.product.media.get() if IS_SALEOR_3 else variant.product.images.get()
        id_ = to_global_id(f"Product{kind}", image.pk)
        self._call(f"product{kind}Update", f"Product{kind}UpdateInput!", id_, {"alt": text})

    def delete(self, variant: ProductVariant) -> None:
        self._delete("productVariantDelete", _variant_id(variant))

    def delete_product(self, variant: ProductVariant) -> None:
        """Delete the variant's product with all variants."""
        self._delete("productDelete", _product_id(variant))

    def _delete(self, mutation: str, id_: str) -> None:
        document = f"""
            mutation ($id: ID!) {{
              {mutation}(id: $id) {{ {self._errors} {{ field message code }} }}
            }}
        """
        self._shop.admin_api.query(document, id=id_)

    def _change_listing(self, variant: ProductVariant, **changes: Any) -> None:
        kind = "ProductChannelListingUpdateInput!"
        self._change("productChannelListingUpdate", kind, _product_id(variant), **changes)

    def _change(self, mutation: str, kind: str, id_: str, **changes: Any) -> None:
        self._call(mutation, kind, id_, changes)

    def _call(self, mutation: str, kind: str, id_: str, changes: Any) -> None:
        document = f"""
            mutation ($id: ID!, $input: {kind}) {{
              {mutation}(id: $id, input: $input) {{ {self._errors} {{ field message code }} }}
            }}
        """
        self._shop.admin_api.query(document, id=id_, input=changes)


def _product_id(variant: ProductVariant) -> str:
    return to_global_id("Product", variant.product_id)


def _variant_id(variant: ProductVariant) -> str:
    return to_global_id("ProductVariant", variant.pk)


def add_image_quietly(
    product: Product, name: str, content: bytes | None, *, variant: ProductVariant | None = None
) -> None:
    """Add an image to a product, and to a variant; None for a missing file."""
    path = f"products/{name}"
    if content is not None:
        path = default_storage.save(path, ContentFile(content))
    if IS_SALEOR_3:
        from saleor.product.models import ProductMedia as Image
        from saleor.product.models import VariantMedia as VariantImage
    else:
        from saleor.product.models import ProductImage as Image
        from saleor.product.models import VariantImage
    (image,) = Image.objects.bulk_create([Image(product=product, image=path, sort_order=0)])
    if variant is not None:
        field = "media" if IS_SALEOR_3 else "image"
        VariantImage.objects.bulk_create([VariantImage(variant=variant, **{field: image})])
