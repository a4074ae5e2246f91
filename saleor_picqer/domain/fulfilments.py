"""Fulfilments of the shop's orders, made from what Picqer has shipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from saleor_picqer.domain.orders import OrderLine
from saleor_picqer.domain.skus import compare_key


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Quantities to fulfil by pk of the order line, and the shipped surplus by SKU."""

    quantities: Mapping[str, int]
    # Amounts that Picqer has shipped beyond the open lines of the order.
    surplus: Mapping[str, int] = field(default_factory=dict)


def fulfilment_of(picked: Mapping[str, int], lines: Iterable[OrderLine]) -> Fulfilment:
    """Distribute picked amounts (by SKU) over the open lines of the SKU, first line first."""
    left: Counter[str] = Counter()
    for sku, amount in picked.items():
        left[compare_key(sku)] += max(0, amount)
    quantities: dict[str, int] = {}
    for line in lines:
        key = compare_key(line.sku)
        quantity = min(left[key], line.open_quantity)
        if quantity:
            quantities[line.pk] = quantity
            left[key] -= quantity
    spelled = {compare_key(sku): sku for sku in picked}
    return Fulfilment(quantities, {spelled[key]: amount for key, amount in (+left).items()})


def remaining_fulfilment(lines: Iterable[OrderLine]) -> Fulfilment:
    """Return a fulfilment of all open quantities of shipping lines."""
    return Fulfilment({ln.pk: ln.open_quantity for ln in lines if ln.ships and ln.open_quantity})
