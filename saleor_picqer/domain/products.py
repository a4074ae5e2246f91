"""Product variants of the shop and products of Picqer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from saleor_picqer.domain.skus import normalize
from saleor_picqer.domain.stock import StockLevel
from saleor_picqer.errors import IntegrationError


@dataclass(frozen=True, slots=True)
class Variant:
    """A product variant in a channel.

    `price` is the base price as entered, or None where the channel has none; `tax_rate` a
    percentage or None where the shop knows none; `weight` whole grams; `description` rich text.
    """

    pk: str
    sku: str
    name: str
    price: Decimal | None
    price_includes_tax: bool
    tax_rate: Decimal | None
    weight: int | None = None
    description: Any = None
    # Whether the channel shows the product to customers.
    published: bool = True
    # Metadata of the variant and the product without the plugin's prefix, the variant's first.
    # Staff and apps write both kinds.
    metadata: Mapping[str, str] = field(default_factory=dict)
    # Picqer's fields from the shop's own callable.
    extra: Mapping[str, Any] = field(default_factory=dict)
    # Where Saleor keeps the variant's image, else the product's; empty for none.
    image: str = ""
    # Why the callable gave no fields.
    problem: IntegrationError | None = None

    @property
    def private_metadata(self) -> Mapping[str, str]:
        """All metadata: no visitor of the shop can write that of a product."""
        return self.metadata


@dataclass(frozen=True, slots=True)
class RemoteProduct:
    """A product in Picqer; `fields` has what the plugin can write, by Picqer's names.

    `levels` is the free stock in each warehouse; it has no meaning for an `unlimited` product, of
    which Picqer keeps no stock.
    """

    id: int
    code: str
    active: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)
    has_image: bool = False
    unlimited: bool = False
    levels: tuple[StockLevel, ...] = ()

    @property
    def sku(self) -> str:
        """The product code without surrounding blanks, which Picqer allows."""
        return normalize(self.code)
