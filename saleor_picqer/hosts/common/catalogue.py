"""Product variants of the shop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Any, Final

from saleor.product.models import ProductVariant

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.products import Variant
from saleor_picqer.domain.skus import BySku
from saleor_picqer.hosts.common.queries import with_skus

# Filter for variants of goods: digital products never get to Picqer.
SHIPS: Final = MappingProxyType({"product__product_type__is_shipping_required": True})


class Catalogue(ABC):
    """Product variants of the shop: implements `sync.ports.shop.ShopCatalogue`."""

    def variants(self, channel: str, after: str = "") -> Iterator[Variant]:
        """Yield the channel's variants with a SKU by primary key, those after the given one."""
        # Chunks by primary key keep memory flat, and adding products meanwhile shifts none.
        last = int(after or 0)
        while chunk := list(self._rows(channel).filter(pk__gt=last).order_by("pk")[:BATCH_SIZE]):
            yield from map(self._as_data, chunk)
            last = chunk[-1].pk

    def count(self, channel: str) -> int:
        return int(self._rows(channel).count())

    def variants_by_sku(self, channel: str, skus: Collection[str]) -> dict[str, Variant]:
        rows = with_skus(self._rows(channel), skus)
        found = BySku({row.sku: self._as_data(row) for row in rows})
        return {sku: variant for sku in skus if (variant := found.get(sku))}

    @abstractmethod
    def _rows(self, channel: str) -> Any:
        """Return the channel's variants of goods with a SKU, loading what `_as_data` reads."""

    @abstractmethod
    def _as_data(self, variant: ProductVariant) -> Variant: ...
