"""Product variants of the shop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Self

from django.db.models import Prefetch, QuerySet
from saleor.product.models import ProductTranslation, ProductVariant, ProductVariantTranslation

from saleor_picqer import extensions
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.skus import BySku
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts.common.order_reader import own_metadata
from saleor_picqer.hosts.common.queries import with_skus

# Filter for variants of goods: digital products never get to Picqer.
SHIPS: Final = MappingProxyType({"product__product_type__is_shipping_required": True})
# Name of the attribute with the translations into the catalogue's language.
_TRANSLATIONS: Final = "picqer_translations"


class Catalogue(ABC):
    """Product variants of the shop: implements `sync.ports.shop.ShopCatalogue`.

    Texts are those of Saleor's own fields, or translations into `language` where there are any.
    """

    def __init__(self, language: str = "") -> None:
        self._language = language

    def in_language(self, language: str) -> Self:
        """Return the same catalogue with texts in a language; an empty one for Saleor's fields."""
        return type(self)(language)

    def variants(self, channel: str, after: str = "") -> Iterator[Variant]:
        """Yield the channel's variants with a SKU by primary key, those after the given one."""
        # Chunks by primary key keep memory flat, and adding products meanwhile shifts none.
        last = int(after or 0)
        while chunk := list(self._loaded(channel).filter(pk__gt=last).order_by("pk")[:BATCH_SIZE]):
            yield from self._as_data(chunk)
            last = chunk[-1].pk

    def count(self, channel: str) -> int:
        return int(self._rows(channel).count())

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        rows = with_skus(self._loaded(channel), skus)
        found = BySku({variant.sku: variant for variant in self._as_data(rows)})
        return {sku: variant for sku in skus if (variant := found.get(sku))}

    def _loaded(self, channel: str) -> QuerySet[ProductVariant]:
        rows: QuerySet[ProductVariant] = self._rows(channel)
        if not self._language:
            return rows
        products = ProductTranslation.objects.filter(language_code=self._language)
        variants = ProductVariantTranslation.objects.filter(language_code=self._language)
        return rows.prefetch_related(
            Prefetch("translations", variants, to_attr=_TRANSLATIONS),
            Prefetch("product__translations", products, to_attr=_TRANSLATIONS),
        )

    def _as_data(
        self, rows: Collection[ProductVariant] | QuerySet[ProductVariant]
    ) -> list[Variant]:
        prefix = extensions.metadata_prefix()
        return [self._variant(row, prefix) for row in rows]

    def _variant(self, variant: ProductVariant, prefix: str) -> Variant:
        weight = variant.get_weight()
        extra, problem = _extra(variant)
        return Variant(
            pk=str(variant.pk),
            sku=variant.sku,
            name=_name(variant),
            price=self._price(variant),
            price_includes_tax=self._price_includes_tax(variant),
            tax_rate=self._tax_rate(variant),
            weight=None if weight is None else round(weight.g),
            description=self._translated_description(variant.product),
            published=self._is_published(variant),
            metadata=_metadata(variant, prefix),
            extra=extra,
            problem=problem,
        )

    def _translated_description(self, product: Any) -> Any:
        translated = (self._description(each) for each in _translations(product))
        return next(filter(None, translated), None) or self._description(product)

    @abstractmethod
    def _rows(self, channel: str) -> Any:
        """Return the channel's variants of goods with a SKU, loading what `_variant` reads."""

    @abstractmethod
    def _price(self, variant: ProductVariant) -> Decimal | None: ...

    @abstractmethod
    def _price_includes_tax(self, variant: ProductVariant) -> bool: ...

    @abstractmethod
    def _tax_rate(self, variant: ProductVariant) -> Decimal | None:
        """Return the variant's rate in percent; None where Saleor knows none."""

    @abstractmethod
    def _is_published(self, variant: ProductVariant) -> bool:
        """Return whether customers of the channel can see the product."""

    @abstractmethod
    def _description(self, product: Any) -> Any:
        """Return the rich text of a product, or of a translation of it."""


def _translations(translated: Any) -> list[Any]:
    return getattr(translated, _TRANSLATIONS, [])


def _translated_name(translated: Any) -> str:
    names = (each.name for each in _translations(translated))
    return str(next(filter(None, names), None) or translated.name or "").strip()


def _name(variant: ProductVariant) -> str:
    """Return the product's name, followed by the variant's name if different."""
    # Saleor names many variants after their SKU or their product.
    product, extra = _translated_name(variant.product), _translated_name(variant)
    same = {"", variant.sku, product, variant.product.name}
    return product if extra in same else f"{product} ({extra})"


def _metadata(variant: ProductVariant, prefix: str) -> Mapping[str, str]:
    """Return the metadata of the variant and the product; the variant's values count first."""
    merged: dict[str, str] = {}
    for owner in (variant.product, variant):
        for metadata in (owner.metadata, owner.private_metadata):
            merged |= own_metadata(metadata, prefix)
    return merged


def _extra(variant: ProductVariant) -> tuple[Mapping[str, Any], SettingsError | None]:
    """Return the fields of the shop's callable, or why it gave none."""
    # An error concerns one variant, which a use case reports; the others go on.
    try:
        return extensions.product_fields(variant), None
    except SettingsError as error:
        return {}, error
