"""Owns the pages of orders: the list, one order, and the forms that ship and cancel it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from picqer_simulator.core.errors import PICK_WITHOUT_PRODUCT, ApiError
from picqer_simulator.core.models import Order, OrderLine, Shipment, Wire
from picqer_simulator.core.queries import Query, contains, equals, page
from picqer_simulator.rules import backlog, order_wire, staff

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator
    from picqer_simulator.http.runtime import Backstage

STATUSES = ("expected", "concept", "processing", "paused", "completed", "cancelled")
FILTERS = {
    "status": equals("status"),
    "search": contains("orderid", "reference", "deliveryname"),
}
# Before the product code, in the name of the field that says how many to pick.
AMOUNT = "amount:"


@dataclass(frozen=True)
class Progress:
    """Where the pieces are, by `idorder_product`."""

    shipped: Counter[int]
    on_picklists: Counter[int]
    waiting: Counter[int]


@dataclass(frozen=True)
class ToPick:
    """What can be picked of one product now."""

    productcode: str
    name: str
    amount: int


def show_list(backstage: Backstage, query: Query) -> Wire:
    """The newest first."""
    return backstage.simulator.run(_list, query)


def show(backstage: Backstage, _query: Query, idorder: int) -> Wire:
    """ApiError 20 if there is no such order."""
    return backstage.simulator.run(_order, idorder)


def ship(simulator: Simulator, entered: Mapping[str, str], idorder: int) -> None:
    """Pick the amounts; without a tracking code the shipment gets one of its own."""
    lines = {
        name.removeprefix(AMOUNT): amount.strip()
        for name, amount in entered.items()
        if name.startswith(AMOUNT) and amount.strip() not in ("", "0")
    }
    if not lines:
        raise ApiError(PICK_WITHOUT_PRODUCT)
    trackingcode = entered.get("trackingcode", "").strip() or None
    staff.ship(simulator, idorder, {"lines": lines, "trackingcode": trackingcode})


def cancel(simulator: Simulator, _entered: Mapping[str, str], idorder: int) -> None:
    staff.cancel(simulator, idorder)


def _list(simulator: Simulator, query: Query) -> Wire:
    knobs = replace(simulator.knobs, list_order="newest_first")
    found = page(knobs, simulator.state.orders.values(), query, FILTERS)
    counts = Counter(order.status for order in simulator.state.orders.values())
    return {
        "statuses": [(status, counts[status]) for status in STATUSES],
        "total": counts.total(),
        "orders": [_row(simulator, order) for order in found],
    }


def _row(simulator: Simulator, order: Order) -> Wire:
    progress = _progress(simulator, order)
    lines = [line for line in order.products if line.partof_idorder_product is None]
    ids = [line.idorder_product for line in lines]
    return {
        "idorder": order.idorder,
        "orderid": order.orderid,
        "reference": order.reference,
        "deliveryname": order.deliveryname,
        "status": order.status,
        "created": order.created,
        "ordered": sum(line.amount - line.amount_cancelled for line in lines),
        "shipped": sum(progress.shipped[key] for key in ids),
        "waiting": sum(progress.waiting[key] for key in ids),
    }


def _order(simulator: Simulator, idorder: int) -> Wire:
    order = simulator.find(simulator.state.orders, idorder)
    return {
        "order": order_wire.order(simulator, order),
        "progress": _progress(simulator, order),
        "to_pick": _to_pick(simulator, order),
        "picklists": _picklists(simulator, order),
        "warehouses": {
            warehouse.idwarehouse: warehouse.name
            for warehouse in simulator.state.warehouses.values()
        },
    }


def _progress(simulator: Simulator, order: Order) -> Progress:
    progress = Progress(Counter(), Counter(), Counter())
    for picklist in order_wire.picklists_of(simulator, order.idorder):
        for line in picklist.products:
            if picklist.status == "closed":
                picked = order_wire.amount_picked(picklist, line)
                progress.shipped[line.idorder_product] += picked
            elif picklist.is_open:
                progress.on_picklists[line.idorder_product] += line.amount
    for backorder in simulator.state.backorders.values():
        if backorder.idorder == order.idorder:
            progress.waiting[backorder.idorder_product] += backorder.amount
    return progress


def _to_pick(simulator: Simulator, order: Order) -> list[ToPick]:
    """What `staff.ship` would take, one entry per product; parts go with their composition."""
    if order.status != "processing":
        return []
    amounts = _on_new_picklists(simulator, order) or _ready(simulator, order)
    lines: dict[int, OrderLine] = {line.idproduct: line for line in order.products}
    return [
        ToPick(lines[idproduct].productcode, lines[idproduct].name, amount)
        for idproduct, amount in amounts.items()
        if amount > 0
    ]


def _on_new_picklists(simulator: Simulator, order: Order) -> Counter[int]:
    amounts: Counter[int] = Counter()
    for picklist in order_wire.picklists_of(simulator, order.idorder):
        for line in picklist.products:
            if picklist.status == "new" and line.partof_idpicklist_product is None:
                picked = order_wire.amount_picked(picklist, line)
                amounts[line.idproduct] += line.amount - picked
    return amounts


def _ready(simulator: Simulator, order: Order) -> Counter[int]:
    amounts: Counter[int] = Counter()
    for backorder in backlog.of_order(simulator, order):
        amounts[backorder.idproduct] += backlog.ready_amount(simulator, backorder)
    return amounts


def _picklists(simulator: Simulator, order: Order) -> list[Wire]:
    """Each with the tracking codes of what was sent."""
    return [
        order_wire.picklist(simulator, picklist)
        | {"trackingcodes": _trackingcodes(simulator, picklist.idpicklist)}
        for picklist in order_wire.picklists_of(simulator, order.idorder)
    ]


def _trackingcodes(simulator: Simulator, idpicklist: int) -> list[str]:
    shipments: list[Shipment] = [
        shipment
        for shipment in simulator.state.shipments.values()
        if shipment.idpicklist == idpicklist and not shipment.cancelled
    ]
    return [
        parcel.tracking_code
        for shipment in shipments
        for parcel in shipment.parcels
        if parcel.tracking_code
    ]
