"""The mapping of a variant to Picqer's product (Picqer API: products)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_picqer.domain.mapping.inputs import VatGroupFor
from saleor_picqer.domain.products import RemoteProduct, Variant
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.errors import DataError, SettingsError

_CENT: Final = Decimal("0.01")

# Attribute of the requests below, and of a product in Picqer -> Picqer's name of the field.
_FIELDS: Final[Mapping[str, str]] = {
    "code": "productcode",
    "name": "name",
    "price": "price",
    "vat_group": "idvatgroup",
    "active": "active",
    "weight": "weight",
}


@dataclass(frozen=True, slots=True)
class ProductRequest:
    """A product to create in Picqer; weight in grams, None for unknown."""

    code: str
    name: str
    price: Decimal
    vat_group: int
    weight: int | None = None
    active: bool = True

    @property
    def body(self) -> dict[str, Any]:
        """Known fields by Picqer's names."""
        return _body(self)


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """New values of a product in Picqer; None leaves a value unchanged."""

    code: str | None = None
    name: str | None = None
    price: Decimal | None = None
    vat_group: int | None = None
    weight: int | None = None
    active: bool | None = None

    def __bool__(self) -> bool:
        return self != ProductChanges()

    @property
    def body(self) -> dict[str, Any]:
        """Changed fields by Picqer's names."""
        return _body(self)


def _body(product: ProductRequest | ProductChanges) -> dict[str, Any]:
    fields = {name: getattr(product, attribute) for attribute, name in _FIELDS.items()}
    return {name: value for name, value in fields.items() if value is not None}


def product_request(
    variant: Variant, vat_group_for: VatGroupFor, default_tax_rate: Decimal | None
) -> ProductRequest:
    """Map a variant; raises DataError or SettingsError naming the SKU or the setting."""
    rate = default_tax_rate if variant.tax_rate is None else variant.tax_rate
    if rate is None:
        raise SettingsError(
            "default_vat_rate",
            f'Saleor knows no tax rate for SKU "{variant.sku}". Give the product a tax class in'
            " Saleor, or set a default VAT rate in the plugin's settings.",
        )
    return ProductRequest(
        code=normalize(variant.sku),
        name=variant.name,
        price=net_price(variant, rate),
        vat_group=vat_group_for(rate),
        weight=variant.weight,
    )


def net_price(variant: Variant, tax_rate: Decimal) -> Decimal:
    """Return the price without VAT, rounded half up to the cent."""
    if variant.price is None:
        raise DataError(f'SKU "{variant.sku}" has no price in this channel. Set one in Saleor.')
    factor = 1 + tax_rate / 100 if variant.price_includes_tax else Decimal(1)
    return (variant.price / factor).quantize(_CENT, rounding=ROUND_HALF_UP)


def product_changes(request: ProductRequest, remote: RemoteProduct) -> ProductChanges:
    """Compare a product with Picqer's; the result is false for equal products.

    Another case of the SKU in Picqer stays: the warehouse's labels may have it. Blanks are removed.
    """
    wanted = {attribute: getattr(request, attribute) for attribute in _FIELDS}
    has_blanks = remote.code != remote.sku
    if not has_blanks and compare_key(request.code) == compare_key(remote.sku):
        del wanted["code"]
    return ProductChanges(
        **{
            attribute: value
            for attribute, value in wanted.items()
            if value is not None and value != getattr(remote, attribute)
        }
    )
