"""What Picqer shipped, in terms of the shop's order lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.orders import OrderLine


class RemoteStatus(StrEnum):
    """Picqer's order statuses; anything else is read as UNKNOWN."""

    EXPECTED = "expected"
    CONCEPT = "concept"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


BEGUN: Final = frozenset({RemoteStatus.PROCESSING, RemoteStatus.PAUSED, RemoteStatus.COMPLETED})
"""The warehouse has it, or had it."""


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """An order as Picqer has it.

    `closed_picklists` are ids; `picked` is true unless it is certain that nothing is; `amounts` are
    those that were ordered, by SKU, without the parts of compositions; `status_page` is where the
    shop's customer can follow it.
    """

    id: int
    number: str
    reference: str
    status: RemoteStatus
    closed_picklists: tuple[int, ...] = ()
    picked: bool = False
    amounts: Mapping[str, int] = field(default_factory=dict)
    status_page: str = ""
    paused_reason: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Parts of both addresses by Picqer's field names, as it has them."""


@dataclass(frozen=True, slots=True)
class RemoteLine:
    """A line of an order as Picqer has it."""

    id: int
    sku: str
    amount: int
    price: Decimal | None
    vat_group: int | None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Picklist:
    """A closed picklist: what was picked (SKU -> amount), from where, and how it travels."""

    id: int
    warehouse_id: int | None
    picked: Mapping[str, int]
    products: Mapping[str, int] = field(default_factory=dict)
    """SKU -> idproduct."""
    tracking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Quantities per order line pk to fulfil, and what Picqer sent beyond the order."""

    quantities: Mapping[str, int]
    surplus: Mapping[str, int] = field(default_factory=dict)


def fulfilment_of(picked: Mapping[str, int], lines: Iterable[OrderLine]) -> Fulfilment:
    """Spreads picked amounts (by SKU) over the open lines of that SKU, first line first."""
    left = {sku: amount for sku, amount in picked.items() if amount > 0}
    quantities: dict[str, int] = {}
    for line in lines:
        sku = line.sku.strip()
        take = min(left.get(sku, 0), line.open_quantity)
        if take:
            quantities[line.pk] = take
            left[sku] -= take
    return Fulfilment(quantities, {sku: amount for sku, amount in left.items() if amount})


def by_sku(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Amounts summed up by SKU, which Picqer and Saleor may pad with blanks."""
    total: dict[str, int] = defaultdict(int)
    for sku, amount in amounts:
        total[sku.strip()] += amount
    return dict(total)


def in_words(amounts: Mapping[str, int]) -> str:
    """Amounts by SKU, for people."""
    return ", ".join(f"{amount} x {sku}" for sku, amount in sorted(amounts.items()))


def rest_of(lines: Iterable[OrderLine]) -> Fulfilment:
    """All that is still open of the lines that ship."""
    return Fulfilment({ln.pk: ln.open_quantity for ln in lines if ln.ships and ln.open_quantity})
