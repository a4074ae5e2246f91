"""The mapping of an order's lines to Picqer's, declared: one row for each field that we send.

A line's weight is not among them: Picqer takes it from the product (Picqer API: orders).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from saleor_picqer.domain.digests import canonical
from saleor_picqer.domain.mapping.fields import Field, WritableBy, check_callable
from saleor_picqer.domain.mapping.prices import unit_prices
from saleor_picqer.domain.orders import OrderLine
from saleor_picqer.errors import DataError

VatGroupFor = Callable[[Decimal], int]


@dataclass(frozen=True, slots=True)
class LineInput:
    """What a line is made from: `amount` of its units, at the same price each."""

    line: OrderLine
    amount: int
    price: Decimal
    vat_group_for: VatGroupFor

    @property
    def owner(self) -> OrderLine:
        return self.line

    @property
    def called(self) -> str:
        return _called(self.line)


def _called(line: OrderLine) -> str:
    return f'the line "{line.name or line.sku}"'


def _product_code(facts: LineInput) -> str:
    sku = facts.line.sku.strip()
    if not sku:
        raise DataError(f"{facts.called} has no SKU: give its variant one, or cancel the order")
    return sku


def _vat_group(facts: LineInput) -> int | None:
    rate = facts.line.tax_rate
    return None if rate is None else facts.vat_group_for(rate)


LINES: Final[tuple[Field[LineInput], ...]] = (
    Field("productcode", "the line's SKU", _product_code, WritableBy.PLUGIN),
    Field(
        "amount",
        "how much of it is not fulfilled yet",
        lambda facts: facts.amount,
        WritableBy.PLUGIN,
    ),
    Field(
        "price",
        "net price of a unit after all discounts; see below",
        lambda facts: facts.price,
        WritableBy.CALLABLE,
        required=True,
    ),
    Field(
        "idvatgroup",
        "Picqer's VAT group of the line's own tax rate; where Saleor knows none, the product's",
        _vat_group,
        WritableBy.CALLABLE,
    ),
    Field(
        "name",
        "only where it is set; else Picqer's name of the product",
        writable_by=WritableBy.STAFF,
    ),
    Field(
        "remarks",
        "`Gift` for a gift",
        lambda facts: "Gift" if facts.line.gift else "",
        WritableBy.VISITORS,
        adds=True,
    ),
)


def line_requests(
    lines: Iterable[OrderLine], vat_group_for: VatGroupFor
) -> tuple[dict[str, Any], ...]:
    """The lines in Picqer's words; equal ones are merged: whether Picqer does it is not documented.

    Each VAT rate is looked up once. Raises DataError for a line without a SKU and for private
    metadata that makes no sense, SettingsError for a field that the callable may not set.
    """
    merged: dict[str, dict[str, Any]] = {}
    for request in _requests(lines, cache(vat_group_for)):
        same = merged.setdefault(_all_but_amount(request), request | {"amount": 0})
        same["amount"] += request["amount"]
    return tuple(merged.values())


def _requests(lines: Iterable[OrderLine], vat_group_for: VatGroupFor) -> Iterator[dict[str, Any]]:
    for line in lines:
        check_callable(line.extra, LINES, _called(line))
        for amount, price in unit_prices(line.total, line.quantity, line.fulfilled):
            facts = LineInput(line, amount, price, vat_group_for)
            filled = {field.name: field.fill(facts) for field in LINES}
            yield {name: value for name, value in filled.items() if value is not None}


def _all_but_amount(request: dict[str, Any]) -> str:
    return canonical(request | {"amount": None})
