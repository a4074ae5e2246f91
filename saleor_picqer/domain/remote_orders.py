"""Orders and picklists in Picqer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from saleor_picqer.domain.parcels import Shipment
from saleor_picqer.domain.skus import sum_by_sku


class RemoteStatus(StrEnum):
    """Picqer's order statuses; any other status is read as UNKNOWN."""

    EXPECTED = "expected"
    CONCEPT = "concept"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


# Statuses in which the warehouse has started on the order, or has finished it.
STARTED: Final = frozenset({RemoteStatus.PROCESSING, RemoteStatus.PAUSED, RemoteStatus.COMPLETED})

# Statuses in which the order can still be edited, and cancelled without force.
UNPROCESSED: Final = frozenset({RemoteStatus.CONCEPT, RemoteStatus.EXPECTED})


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """An order in Picqer.

    `closed_picklists` are ids. `amounts` are the ordered amounts by SKU, without the parts of
    compositions and without what was cancelled; `products` has the ids of these products.
    `status_page` is the public page on which the customer can follow the order.
    """

    id: int
    number: str
    reference: str
    status: RemoteStatus
    closed_picklists: tuple[int, ...] = ()
    # False for an account that lists no picklists with an order.
    lists_picklists: bool = True
    # True unless it is certain that nothing is picked.
    picked: bool = False
    amounts: Mapping[str, int] = field(default_factory=dict)
    products: Mapping[str, int] = field(default_factory=dict)
    status_page: str = field(default="", repr=False)
    paused_reason: str = field(default="", repr=False)
    # Parts of both addresses, and the e-mail address, by Picqer's field names; only the mapping
    # reads them.
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)

    def called(self, skus: Mapping[int, str]) -> Self:
        """Return the order with Saleor's SKUs, given by product, in place of Picqer's."""
        names = _names(self.products, skus)
        products = {names.get(code, code): id_ for code, id_ in self.products.items()}
        return replace(self, amounts=_renamed(self.amounts, names), products=products)


@dataclass(frozen=True, slots=True)
class RemoteLine:
    """A line of an order in Picqer."""

    id: int
    sku: str
    amount: int
    price: Decimal | None
    vat_group: int | None
    remarks: str = field(default="", repr=False)
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class RemotePicklist:
    """A picklist: the picked amounts by SKU, the warehouse, and the shipments not cancelled.

    `products` are the ids of the picked products, by SKU.
    """

    id: int
    warehouse_id: int | None
    picked: Mapping[str, int]
    shipments: tuple[Shipment, ...] = ()
    is_closed: bool = True
    products: Mapping[str, int] = field(default_factory=dict)

    def called(self, skus: Mapping[int, str]) -> Self:
        """Return the picklist with Saleor's SKUs, given by product, in place of Picqer's."""
        return replace(self, picked=_renamed(self.picked, _names(self.products, skus)))


def _names(products: Mapping[str, int], skus: Mapping[int, str]) -> dict[str, str]:
    return {code: skus[id_] for code, id_ in products.items() if id_ in skus}


def _renamed(amounts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    return sum_by_sku((names.get(code, code), amount) for code, amount in amounts.items())
