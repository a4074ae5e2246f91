"""The pages of orders: the list, a single order, and the forms that ship and cancel an order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import PICK_WITHOUT_PRODUCT, ApiError
from picqer_simulator.core.models import Order, OrderLine, Shipment, Wire
from picqer_simulator.core.queries import Query, contains, equals, page
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.rules import backlog, order_wire, staff

STATUSES = ("expected", "concept", "processing", "paused", "completed", "cancelled")
FILTERS = {
    "status": equals("status"),
    "search": contains("orderid", "reference", "deliveryname"),
}
# The prefix of a form field with the amount to pick; the product code follows.
AMOUNT = "amount:"


@dataclass(frozen=True)
class Progress:
    """The progress of an order: amounts by `idorder_product`."""

    shipped: Counter[int]
    on_picklists: Counter[int]
    waiting: Counter[int]


@dataclass(frozen=True)
class ToPick:
    """The amount of a product that can be picked now."""

    productcode: str
    name: str
    amount: int


def show_list(runtime: Runtime, query: Query) -> Wire:
    """Return the data of the list of orders, newest first."""
    return runtime.account.run(_list, query)


def show(runtime: Runtime, _query: Query, idorder: int) -> Wire:
    """Return the data of an order's page; raise ApiError 20 for an unknown order."""
    return runtime.account.run(_order, idorder)


def ship(account: Account, entered: Mapping[str, str], idorder: int) -> None:
    """Ship the amounts that were entered; raise ApiError 15 if all are empty."""
    lines = {
        name.removeprefix(AMOUNT): amount.strip()
        for name, amount in entered.items()
        if name.startswith(AMOUNT) and amount.strip() not in ("", "0")
    }
    if not lines:
        raise ApiError(PICK_WITHOUT_PRODUCT)
    # Without a tracking code, the shipment gets a generated code.
    trackingcode = entered.get("trackingcode", "").strip() or None
    staff.ship(account, idorder, {"lines": lines, "trackingcode": trackingcode})


def cancel(account: Account, _entered: Mapping[str, str], idorder: int) -> None:
    """Cancel the order."""
    staff.cancel(account, idorder)


def _list(account: Account, query: Query) -> Wire:
    options = replace(account.options, list_order="newest_first")
    found = page(options, account.state.orders.values(), query, FILTERS)
    counts = Counter(order.status for order in account.state.orders.values())
    return {
        "statuses": [(status, counts[status]) for status in STATUSES],
        "total": counts.total(),
        "orders": [_row(account, order) for order in found],
    }


def _row(account: Account, order: Order) -> Wire:
    """Return one row of the list of orders."""
    progress = _progress(account, order)
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


def _order(account: Account, idorder: int) -> Wire:
    order = account.find(account.state.orders, idorder)
    return {
        "order": order_wire.order(account, order),
        "progress": _progress(account, order),
        "to_pick": _to_pick(account, order),
        "picklists": _picklists(account, order),
        "warehouses": {
            warehouse.idwarehouse: warehouse.name for warehouse in account.state.warehouses.values()
        },
    }


def _progress(account: Account, order: Order) -> Progress:
    """Count the shipped, reserved and waiting pieces per line."""
    progress = Progress(Counter(), Counter(), Counter())
    for picklist in order_wire.picklists_of(account, order.idorder):
        for line in picklist.products:
            if picklist.status == "closed":
                picked = order_wire.amount_picked(picklist, line)
                progress.shipped[line.idorder_product] += picked
            elif picklist.is_open:
                progress.on_picklists[line.idorder_product] += line.amount
    for backorder in account.state.backorders.values():
        if backorder.idorder == order.idorder:
            progress.waiting[backorder.idorder_product] += backorder.amount
    return progress


def _to_pick(account: Account, order: Order) -> list[ToPick]:
    """Return the amounts that the form offers, by product."""
    if order.status != "processing":
        return []
    # `staff.ship` uses the same amounts: new picklists first, backorders only if there are none.
    amounts = _on_new_picklists(account, order) or _ready(account, order)
    lines: dict[int, OrderLine] = {line.idproduct: line for line in order.products}
    return [
        ToPick(lines[idproduct].productcode, lines[idproduct].name, amount)
        for idproduct, amount in amounts.items()
        if amount > 0
    ]


def _on_new_picklists(account: Account, order: Order) -> Counter[int]:
    """Return the amounts by product that are left on new picklists."""
    amounts: Counter[int] = Counter()
    for picklist in order_wire.picklists_of(account, order.idorder):
        for line in picklist.products:
            if picklist.status == "new" and line.partof_idpicklist_product is None:
                picked = order_wire.amount_picked(picklist, line)
                amounts[line.idproduct] += line.amount - picked
    return amounts


def _ready(account: Account, order: Order) -> Counter[int]:
    """Return the amounts by product on backorders that have stock."""
    amounts: Counter[int] = Counter()
    for backorder in backlog.of_order(account, order):
        amounts[backorder.idproduct] += backlog.ready_amount(account, backorder)
    return amounts


def _picklists(account: Account, order: Order) -> list[Wire]:
    """Return the order's picklists with their tracking codes."""
    return [
        order_wire.picklist(account, picklist)
        | {"trackingcodes": _trackingcodes(account, picklist.idpicklist)}
        for picklist in order_wire.picklists_of(account, order.idorder)
    ]


def _trackingcodes(account: Account, idpicklist: int) -> list[str]:
    """Return the tracking codes of a picklist's shipments."""
    shipments: list[Shipment] = [
        shipment
        for shipment in account.state.shipments.values()
        if shipment.idpicklist == idpicklist and not shipment.cancelled
    ]
    return [
        parcel.tracking_code
        for shipment in shipments
        for parcel in shipment.parcels
        if parcel.tracking_code
    ]
