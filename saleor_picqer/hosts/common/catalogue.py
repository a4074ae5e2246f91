"""Product variants of the shop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Self

from django.db.models import Prefetch, QuerySet
from saleor.product.models import ProductTranslation, ProductVariant, ProductVariantTranslation

from saleor_picqer import extensions
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.pulled import check_pulled
from saleor_picqer.domain.skus import BySku
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts.common.images import read_image
from saleor_picqer.hosts.common.order_reader import own_metadata
from saleor_picqer.hosts.common.pulled import write_pulled
from saleor_picqer.hosts.common.queries import with_skus

# Filter for variants of goods: digital products never get to Picqer.
SHIPS: Final = MappingProxyType({"product__product_type__is_shipping_required": True})
# Name of the attribute with the translations into the catalogue's language.
_TRANSLATIONS: Final = "picqer_translations"


class Catalogue(ABC):
    """Product variants of the shop: implements `sync.ports.shop.ShopCatalogue`.

    Texts are those of Saleor's own fields, or translations into `language` where there are any.
    """

    # Channels whose products belong to the catalogue of any channel, unless that lists them.
    _shared: Sequence[str] = ()
    # Channels that keep products active, although theirs do not belong to the catalogue.
    _elsewhere: Sequence[str] = ()

    def __init__(self, language: str = "") -> None:
        self._language = language

    def in_language(self, language: str) -> Self:
        """Return the same catalogue with texts in a language; an empty one for Saleor's fields."""
        return self._copy(_language=language)

    def shared_with(self, channels: Sequence[str], elsewhere: Sequence[str] = ()) -> Self:
        """Return the same catalogue for channels that share a Picqer account.

        Products that a channel does not list come from the first of `channels` that does. A
        product is published while any of these channels or of `elsewhere` shows it.
        """
        return self._copy(_shared=tuple(channels), _elsewhere=tuple(elsewhere))

    def _copy(self, **changes: Any) -> Self:
        made = copy(self)
        vars(made).update(changes)
        return made

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

    def variants_by_pk(self, channel: str, pks: Collection[str]) -> dict[str, Variant]:
        rows = self._loaded(channel).filter(pk__in=list(map(int, pks))) if pks else ()
        return {variant.pk: variant for variant in self._as_data(rows)}

    def existing(self, pks: Collection[str], *, elsewhere: bool = False) -> Set[str]:
        if elsewhere:
            found = (self.listed(channel, pks) for channel in self._elsewhere)
            return frozenset[str]().union(*found)
        rows = ProductVariant.objects.filter(pk__in=list(map(int, pks)))
        return frozenset(map(str, rows.values_list("pk", flat=True)))

    def listed(self, channel: str, pks: Collection[str], using: str = "default") -> Set[str]:
        """Return which of these variants the channel's catalogue has, published or not."""
        rows = self._rows(channel).using(using).filter(pk__in=list(map(int, pks)))
        return frozenset(map(str, rows.order_by().values_list("pk", flat=True)))

    def image(self, image: str) -> bytes:
        return read_image(image)

    @abstractmethod
    def modified_since(
        self, channel: str, since: datetime, after: str, limit: int
    ) -> Mapping[str, datetime]: ...

    def pulled(self, product: Mapping[str, Any]) -> Mapping[str, Any]:
        return check_pulled(extensions.pull_fields(product))

    def write_pulled(self, fields: Mapping[str, Mapping[str, Any]]) -> Set[str]:
        return write_pulled(fields)

    # --- queries for the hooks

    def with_pks(self, pks: Collection[Any]) -> QuerySet[ProductVariant]:
        """Return the existing ones of these variants."""
        return ProductVariant.objects.filter(pk__in=list(pks))

    def of_products(self, product_pks: Collection[Any]) -> QuerySet[ProductVariant]:
        """Return the variants of these products."""
        return ProductVariant.objects.filter(product_id__in=list(product_pks))

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

    def _as_data(self, rows: Iterable[ProductVariant]) -> list[Variant]:
        prefix, tax_rate = extensions.metadata_prefix(), self._tax_rate_reader()
        return [replace(self._variant(row, prefix), tax_rate=tax_rate(row)) for row in rows]

    def _variant(self, variant: ProductVariant, prefix: str) -> Variant:
        weight = _weight(variant)
        extra, problem = _extra(variant)
        return Variant(
            pk=str(variant.pk),
            sku=variant.sku,
            name=_name(variant),
            price=self._price(variant),
            price_includes_tax=self._price_includes_tax(variant),
            tax_rate=None,
            weight=None if weight is None else round(weight.g),
            description=self._translated_description(variant.product),
            published=self._is_published(variant),
            metadata=_metadata(variant, prefix),
            image=self._first_image(variant) or self._first_image(variant.product),
            extra=extra,
            problem=problem,
        )

    def _translated_description(self, product: Any) -> Any:
        translated = (self._description(each) for each in _translations(product))
        return next(filter(None, translated), None) or self._description(product)

    @abstractmethod
    def _rows(self, channel: str) -> Any:
        """Return the catalogue's variants of goods with a SKU, loading what `_variant` reads."""

    @abstractmethod
    def _price(self, variant: ProductVariant) -> Decimal | None: ...

    @abstractmethod
    def _price_includes_tax(self, variant: ProductVariant) -> bool: ...

    @abstractmethod
    def _tax_rate_reader(self) -> Callable[[ProductVariant], Decimal | None]:
        """Return a function that returns a variant's rate in percent; None for an unknown rate.

        The function is used for many variants, and should read what they share only once.
        """

    @abstractmethod
    def _is_published(self, variant: ProductVariant) -> bool:
        """Return whether customers of a channel of the Picqer account can see the product."""

    @abstractmethod
    def _description(self, product: Any) -> Any:
        """Return the rich text of a product, or of a translation of it."""

    @abstractmethod
    def _images(self, owner: Any) -> Iterable[Any]:
        """Return the rows with images of a variant or product, the first one first."""

    def _first_image(self, owner: Any) -> str:
        return next((str(row.image.name) for row in self._images(owner) if row.image), "")


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


def _weight(variant: ProductVariant) -> Any:
    """Return the weight of the variant, else of its product, else of the product's type."""
    own = variant.product.weight if variant.weight is None else variant.weight
    # Saleor gives every type a weight of zero, which would replace what the warehouse has weighed.
    return own if own is not None else variant.product.product_type.weight or None


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
