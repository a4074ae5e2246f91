"""What a variant looks like in Picqer, and what has to be written to make it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_picqer.errors import DataError, SettingsError

VatGroupFor = Callable[[Decimal], int]
"""Percentage -> idvatgroup; raises `AccountSetupError` when Picqer has no such group."""

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Variant:
    """A product variant in one channel.

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
    """A product as Picqer has it; `fields` by Picqer's names, those that we write."""

    id: int
    code: str
    active: bool
    fields: Mapping[str, Any]


def net_price(variant: Variant, tax_rate: Decimal) -> Decimal:
    """Picqer's product prices exclude VAT; rounded half up to the cent."""
    if variant.price is None:
        raise DataError(f'SKU "{variant.sku}" has no price in this channel')
    factor = 1 + tax_rate / 100 if variant.price_includes_tax else Decimal(1)
    return (variant.price / factor).quantize(_CENT, rounding=ROUND_HALF_UP)


def product_request(
    variant: Variant, vat_group_for: VatGroupFor, default_tax_rate: Decimal | None
) -> dict[str, Any]:
    """The body of `POST /products`; raises DataError or SettingsError naming SKU or setting."""
    rate = default_tax_rate if variant.tax_rate is None else variant.tax_rate
    if rate is None:
        raise SettingsError(
            "default_vat_rate",
            f'Saleor knows no tax rate for SKU "{variant.sku}" and no default VAT rate is set',
        )
    request: dict[str, Any] = {
        "productcode": variant.sku.strip(),
        "name": variant.name,
        "price": net_price(variant, rate),
        "idvatgroup": vat_group_for(rate),
        "active": True,
    }
    return request if variant.weight is None else request | {"weight": variant.weight}


def changes(request: Mapping[str, Any], remote: RemoteProduct) -> dict[str, Any]:
    """The part of the request that differs from what Picqer has; empty when nothing does."""
    return {name: value for name, value in request.items() if remote.fields.get(name) != value}
