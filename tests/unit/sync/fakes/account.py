"""A Picqer account in memory, with the actions of the warehouse's staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any, Final, NamedTuple

from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import NotFoundError, UnknownProductError

UNPROCESSED: Final = frozenset({RemoteStatus.CONCEPT, RemoteStatus.EXPECTED})
ENDED: Final = frozenset({RemoteStatus.COMPLETED, RemoteStatus.CANCELLED})


@dataclass
class StoredLine:
    id: int
    idproduct: int
    productcode: str
    amount: int
    price: Decimal
    idvatgroup: int
    remarks: str = ""
    name: str = ""
    shipped: int = 0


@dataclass
class StoredPicklist:
    """A closed picklist: picked amounts by product code."""

    id: int
    picked: dict[str, int]


@dataclass
class StoredOrder:
    """An order; `header` has the fields by Picqer's names."""

    id: int
    header: dict[str, Any]
    lines: list[StoredLine]
    status: RemoteStatus = RemoteStatus.CONCEPT
    allocated: bool = False
    picked: bool = False
    paused_reason: str = ""
    picklists: list[StoredPicklist] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        return f"O2026-{self.id:04}"

    @property
    def reference(self) -> str:
        return str(self.header.get("reference") or "")

    @property
    def goods(self) -> dict[str, int]:
        """Amounts by product code."""
        amounts: dict[str, int] = {}
        for line in self.lines:
            amounts[line.productcode] = amounts.get(line.productcode, 0) + line.amount
        return amounts


class Event(NamedTuple):
    """A webhook about an order, or about a picklist of the order."""

    idorder: int
    reference: str
    idpicklist: int = 0
    idshipment: int = 0
    is_cancelled: bool = False


class Account:
    """Orders, products and customers. References are not unique.

    `events` has the webhooks that are not handled yet, `shipments` the tracking codes by picklist
    and shipment. Staff's actions leave an order as it is when its status does not allow them.
    """

    def __init__(self) -> None:
        self.orders: dict[int, StoredOrder] = {}
        self.products: dict[str, int] = {}
        self.inactive: set[str] = set()
        self.customers: dict[int, str] = {}
        self.tags: set[str] = set()
        self.events: list[Event] = []
        self.shipments: dict[int, dict[int, tuple[str, ...]]] = {}
        self._ids = count(1001)
        for code in ("MUG", "CUP", "POT", "TEA"):
            self.add_product(code)

    def new_id(self) -> int:
        return next(self._ids)

    def order(self, idorder: int) -> StoredOrder:
        if idorder not in self.orders:
            raise NotFoundError("GET", f"/orders/{idorder}", status=404, code=20)
        return self.orders[idorder]

    def add_product(self, code: str) -> int:
        self.products[code] = self.new_id()
        return self.products[code]

    def add_customer(self, email: str) -> int:
        idcustomer = self.new_id()
        self.customers[idcustomer] = email
        return idcustomer

    def enter(self, header: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> StoredOrder:
        """Add an order. Raises UnknownProductError for the first unknown product."""
        order = StoredOrder(self.new_id(), dict(header), [self.line(line) for line in lines])
        self.orders[order.id] = order
        return order

    def line(self, body: Mapping[str, Any]) -> StoredLine:
        codes = {idproduct: code for code, idproduct in self.products.items()}
        code = str(body.get("productcode") or codes.get(body.get("idproduct", 0), ""))
        if code not in self.products:
            text = f"Product '{code}' does not exist"
            raise UnknownProductError("POST", "/orders", status=400, code=24, text=text)
        return StoredLine(
            id=self.new_id(),
            idproduct=self.products[code],
            productcode=code,
            amount=body["amount"],
            price=body.get("price", Decimal("9.99")),
            idvatgroup=body.get("idvatgroup", 321),
            remarks=body.get("remarks", ""),
            name=body.get("name", code.title()),
        )

    def move(self, order: StoredOrder, status: RemoteStatus) -> None:
        order.status = status
        self.tell(order)

    def tell(self, order: StoredOrder) -> None:
        self.events.append(Event(order.id, order.reference))

    # --- staff of the warehouse

    def enter_by_hand(self, reference: str, **amounts: int) -> StoredOrder:
        """Enter an order by hand."""
        lines = [{"productcode": code, "amount": amount} for code, amount in amounts.items()]
        return self.enter({"reference": reference, "deliverycity": "Elsewhere"}, lines)

    def process(self, order: StoredOrder) -> None:
        if order.status in UNPROCESSED:
            self.move(order, RemoteStatus.PROCESSING)

    def pause(self, order: StoredOrder, reason: str = "") -> None:
        if order.status is RemoteStatus.PROCESSING:
            order.paused_reason = reason
            self.move(order, RemoteStatus.PAUSED)

    def resume(self, order: StoredOrder) -> None:
        if order.status is RemoteStatus.PAUSED:
            self.move(order, RemoteStatus.PROCESSING)

    def reopen(self, order: StoredOrder) -> None:
        if order.status is RemoteStatus.PROCESSING and not order.picked:
            self.move(order, RemoteStatus.CONCEPT)

    def cancel(self, order: StoredOrder) -> None:
        if order.status not in ENDED:
            self.move(order, RemoteStatus.CANCELLED)

    def undo_cancellation(self, order: StoredOrder) -> None:
        if order.status is RemoteStatus.CANCELLED and not order.picked:
            self.move(order, RemoteStatus.CONCEPT)

    def pick(self, order: StoredOrder) -> None:
        if order.status is RemoteStatus.PROCESSING:
            order.picked = True

    def ship(
        self, order: StoredOrder, amount: int | None = None, *, parcels: int = 1
    ) -> StoredPicklist | None:
        """Ship all, or up to an amount of each line, in one closed picklist."""
        if order.status is not RemoteStatus.PROCESSING:
            return None
        picked: dict[str, int] = {}
        for line in order.lines:
            left = line.amount - line.shipped
            some = left if amount is None else min(amount, left)
            line.shipped += some
            picked[line.productcode] = picked.get(line.productcode, 0) + some
        order.picked = True
        picklist = self.close_picklist(order, picked)
        if parcels:
            self.add_shipment(order, picklist, parcels)
        if all(line.shipped >= line.amount for line in order.lines):
            self.move(order, RemoteStatus.COMPLETED)
        return picklist

    def close_picklist(self, order: StoredOrder, picked: dict[str, int]) -> StoredPicklist:
        """Close a picklist with these amounts by product code."""
        picklist = StoredPicklist(self.new_id(), picked)
        order.picklists.append(picklist)
        self.events.append(Event(order.id, order.reference, picklist.id))
        return picklist

    def add_shipment(self, order: StoredOrder, picklist: StoredPicklist, parcels: int = 1) -> int:
        """Hand parcels of a picklist to the carrier; return the id of the shipment."""
        idshipment = self.new_id()
        codes = tuple(f"3S{idshipment}{letter}" for letter in "ABCDEFGH"[:parcels])
        self.shipments.setdefault(picklist.id, {})[idshipment] = codes
        self.events.append(Event(order.id, order.reference, picklist.id, idshipment))
        return idshipment

    def cancel_shipment(
        self, order: StoredOrder, picklist: StoredPicklist, idshipment: int
    ) -> None:
        del self.shipments[picklist.id][idshipment]
        self.events.append(
            Event(order.id, order.reference, picklist.id, idshipment, is_cancelled=True)
        )
