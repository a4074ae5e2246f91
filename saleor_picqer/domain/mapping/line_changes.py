"""What to do to the lines of a concept order in Picqer so that they are those of the shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saleor_picqer.domain.fulfilments import RemoteLine


@dataclass(frozen=True, slots=True)
class LineChanges:
    """In this order, so that the order is never empty in between: add, update, delete.

    `update` is by the id of the line.
    """

    add: tuple[Mapping[str, Any], ...]
    update: Mapping[int, Mapping[str, Any]]
    delete: tuple[int, ...]


def line_changes(
    products: Iterable[Mapping[str, Any]], remote: Sequence[RemoteLine]
) -> LineChanges:
    """Lines are told apart by SKU and VAT group, which cannot be changed, and then by price."""
    left = list(remote)
    add, update = [], {}
    for product in products:
        line = _counterpart(product, left)
        if line is None:
            add.append(product)
            continue
        left.remove(line)
        if changed := _changed(product, line):
            update[line.id] = changed
    return LineChanges(tuple(add), update, tuple(line.id for line in left))


def _counterpart(product: Mapping[str, Any], lines: Iterable[RemoteLine]) -> RemoteLine | None:
    same = [line for line in lines if _is_same(product, line)]
    return min(same, key=lambda line: line.price != product["price"], default=None)


def _is_same(product: Mapping[str, Any], line: RemoteLine) -> bool:
    if line.sku.casefold() != product["productcode"].casefold():
        return False
    return product.get("idvatgroup") in (None, line.vat_group)


def _changed(product: Mapping[str, Any], line: RemoteLine) -> dict[str, Any]:
    now = {"amount": line.amount, "price": line.price, "remarks": line.remarks}
    wanted = {"remarks": "", **product}
    return {name: wanted[name] for name, value in now.items() if wanted[name] != value}
