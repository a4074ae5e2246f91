"""The mapping of an order's lines to Picqer's, declared: a row for each field sent.

Not mapped is the weight of a line, which Picqer takes from the product (Picqer API: orders).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

from saleor_picqer.domain.digests import canonical
from saleor_picqer.domain.mapping.fields import Field, WritableBy, check_callable
from saleor_picqer.domain.mapping.inputs import VatGroupFor
from saleor_picqer.domain.mapping.prices import unit_prices
from saleor_picqer.domain.orders import OrderLine
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import DataError


@dataclass(frozen=True, slots=True)
class LineInput:
    """Part of a line with the same price for all units: `amount` units at `price` each."""

    line: OrderLine
    amount: int
    price: Decimal
    vat_group_for: VatGroupFor

    @property
    def owner(self) -> OrderLine:
        return self.line

    @property
    def label(self) -> str:
        return _label(self.line)


@dataclass(frozen=True, slots=True)
class LineRequest:
    """A line to add to an order in Picqer.

    Picqer finds the product by `product_id` where set, else by `sku`. Where `vat_group` or
    `name` is None, Picqer takes the product's.
    """

    sku: str
    amount: int
    price: Decimal
    vat_group: int | None = None
    name: str | None = field(default=None, repr=False)
    remarks: str | None = field(default=None, repr=False)
    product_id: int | None = None

    @property
    def body(self) -> dict[str, Any]:
        """Non-blank fields by Picqer's names."""
        if self.product_id is None:
            return {"productcode": self.sku, **self._details}
        return {"idproduct": self.product_id, **self._details}

    @property
    def content(self) -> dict[str, Any]:
        """The same with the SKU, whether or not the product is known: no change of the order."""
        return {"productcode": self.sku, **self._details}

    @property
    def _details(self) -> dict[str, Any]:
        fields = {
            "amount": self.amount,
            "price": self.price,
            "idvatgroup": self.vat_group,
            "name": self.name,
            "remarks": self.remarks,
        }
        return {name: value for name, value in fields.items() if value is not None}


def _label(line: OrderLine) -> str:
    return f'the line "{line.name or line.sku}"'


def _product_code(source: LineInput) -> str:
    sku = normalize(source.line.sku)
    if not sku:
        label = source.label[0].upper() + source.label[1:]
        raise DataError(
            f"{label} has no SKU. Give its variant a SKU in Saleor, or cancel the order."
        )
    return sku


def _vat_group(source: LineInput) -> int | None:
    rate = source.line.tax_rate
    return None if rate is None else source.vat_group_for(rate)


_SKU: Final[Field[LineInput]] = Field(
    "productcode", "the line's SKU", _product_code, WritableBy.PLUGIN
)
_PRODUCT: Final[Field[LineInput]] = Field(
    "idproduct",
    "instead of the SKU: the product that the plugin has linked with the line's variant",
    lambda source: source.line.product_id,
    WritableBy.PLUGIN,
)
_AMOUNT: Final[Field[LineInput]] = Field(
    "amount",
    "how much of it is not fulfilled yet",
    lambda source: source.amount,
    WritableBy.PLUGIN,
)
_PRICE: Final[Field[LineInput]] = Field(
    "price",
    "net price of a unit after all discounts; see below",
    lambda source: source.price,
    WritableBy.CALLABLE,
    required=True,
)
_VAT_GROUP: Final[Field[LineInput]] = Field(
    "idvatgroup",
    "Picqer's VAT group of the line's own tax rate; where Saleor knows none, the product's",
    _vat_group,
    WritableBy.CALLABLE,
)
_NAME: Final[Field[LineInput]] = Field(
    "name",
    "only where it is set; else Picqer's name of the product",
    writable_by=WritableBy.STAFF,
)
_REMARKS: Final[Field[LineInput]] = Field(
    "remarks",
    "`Gift` for a gift",
    lambda source: "Gift" if source.line.gift else "",
    WritableBy.VISITORS,
    appends=True,
)

LINES: Final = (_SKU, _PRODUCT, _AMOUNT, _PRICE, _VAT_GROUP, _NAME, _REMARKS)


def line_requests(
    lines: Iterable[OrderLine], vat_group_for: VatGroupFor
) -> tuple[LineRequest, ...]:
    """Map lines to requests and merge equal requests.

    Raises DataError for a line without a SKU and for invalid private metadata, SettingsError for a
    field that the callable may not set.
    """
    # Merged, because it is not documented whether Picqer merges equal lines itself.
    merged: dict[str, LineRequest] = {}
    for request in _requests(lines, cache(vat_group_for)):
        key = _all_but_amount(request)
        earlier = merged[key].amount if key in merged else 0
        merged[key] = replace(merged.get(key, request), amount=earlier + request.amount)
    return tuple(merged.values())


def _requests(lines: Iterable[OrderLine], vat_group_for: VatGroupFor) -> Iterator[LineRequest]:
    for line in lines:
        check_callable(line.extra, LINES, _label(line))
        for amount, price in unit_prices(line.total, line.quantity, line.fulfilled):
            source = LineInput(line, amount, price, vat_group_for)
            yield LineRequest(
                sku=_SKU.fill(source),
                product_id=_PRODUCT.fill(source),
                amount=_AMOUNT.fill(source),
                price=_PRICE.fill(source),
                vat_group=_VAT_GROUP.fill(source),
                name=_NAME.fill(source),
                remarks=_REMARKS.fill(source),
            )


def _all_but_amount(request: LineRequest) -> str:
    return canonical(request.body | {"amount": None})
