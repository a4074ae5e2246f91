"""Changes that make the lines of a concept order in Picqer equal to the shop's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.remote_orders import RemoteLine
from saleor_picqer.domain.skus import compare_key


@dataclass(frozen=True, slots=True)
class LineChange:
    """New values of a line in Picqer; None leaves a value unchanged."""

    amount: int | None = None
    price: Decimal | None = None
    remarks: str | None = None

    def __bool__(self) -> bool:
        return self != LineChange()

    @property
    def body(self) -> dict[str, Any]:
        """Changed fields by Picqer's names."""
        fields = {"amount": self.amount, "price": self.price, "remarks": self.remarks}
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class LineChanges:
    """Lines to add, to change (by Picqer's id of the line) and to delete (by id).

    Additions go first and deletions last: the order must never be empty in between.
    """

    add: tuple[LineRequest, ...]
    update: Mapping[int, LineChange]
    delete: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.add or self.update or self.delete)


def line_changes(lines: Iterable[LineRequest], remote: Sequence[RemoteLine]) -> LineChanges:
    """Compare the shop's lines with Picqer's.

    Lines are matched by product and VAT group, which cannot be changed in Picqer, and then by
    price. The SKU tells the product where either side has no id.
    """
    left = list(remote)
    add, update = [], {}
    for wanted in lines:
        line = _counterpart(wanted, left)
        if line is None:
            add.append(wanted)
            continue
        left.remove(line)
        if change := _change(wanted, line):
            update[line.id] = change
    return LineChanges(tuple(add), update, tuple(line.id for line in left))


def _counterpart(wanted: LineRequest, lines: Iterable[RemoteLine]) -> RemoteLine | None:
    same = [line for line in lines if _is_same(wanted, line)]
    return min(same, key=lambda line: line.price != wanted.price, default=None)


def _is_same(wanted: LineRequest, line: RemoteLine) -> bool:
    if None not in (wanted.product_id, line.product_id):
        if line.product_id != wanted.product_id:
            return False
    elif compare_key(line.sku) != compare_key(wanted.sku):
        return False
    return wanted.vat_group in (None, line.vat_group)


def _change(wanted: LineRequest, line: RemoteLine) -> LineChange:
    remarks = wanted.remarks or ""
    return LineChange(
        amount=None if wanted.amount == line.amount else wanted.amount,
        price=None if wanted.price == line.price else wanted.price,
        remarks=None if remarks == line.remarks else remarks,
    )
