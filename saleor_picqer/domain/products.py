"""Product variants of the shop and products of Picqer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from saleor_picqer.domain.skus import normalize


@dataclass(frozen=True, slots=True)
class Variant:
    """A product variant in a channel.

    `price` is the base price as entered, or None where the channel has none; `tax_rate` a
    percentage or None where the shop knows none; `weight` whole grams.
    """

    pk: str
    sku: str
    name: str
    price: Decimal | None
    price_includes_tax: bool
    tax_rate: Decimal | None
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class RemoteProduct:
    """A product in Picqer, with the fields written by the plugin."""

    id: int
    code: str
    active: bool = True
    name: str = ""
    price: Decimal | None = None
    vat_group: int | None = None
    weight: int | None = None

    @property
    def sku(self) -> str:
        """The product code without surrounding blanks, which Picqer allows."""
        return normalize(self.code)
