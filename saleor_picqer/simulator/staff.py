"""Owns what people in the warehouse do: count stock, ship an order or a part of it, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saleor_picqer.simulator import (
    lifecycle,
    order_wire,
    picking,
    picklists,
    processing,
    products,
    shipments,
    stock,
)
from saleor_picqer.simulator.errors import (
    NOT_FOUND,
    PICK_AMOUNT_TOO_HIGH,
    PICK_UNKNOWN_PRODUCT,
    WRONG_STATUS,
    ApiError,
)
from saleor_picqer.simulator.reading import integer, text
from saleor_picqer.simulator.records import Order, Picklist, PicklistLine, Wire

if TYPE_CHECKING:
    from saleor_picqer.simulator.simulator import Simulator


def set_stock(simulator: Simulator, body: Wire) -> Wire:
    """`productcode`, `warehouse` (a name) or `idwarehouse`, and `amount` or `change`."""
    product = products.find_by_code(simulator, text("productcode", body.get("productcode")))
    if product is None:
        raise ApiError(NOT_FOUND, "There is no such product")
    change: Wire = {name: body[name] for name in ("amount", "change") if name in body}
    idwarehouse = _idwarehouse(simulator, body)
    stock.change(simulator, product.idproduct, idwarehouse, {**change, "reason": "Counted"})
    return products.wire(simulator, product)


def ship(simulator: Simulator, idorder: int, body: Wire) -> Wire:
    """Pick, label and close; with `lines` only those amounts, the rest waits as a backorder.

    `trackingcode` is optional, and `"shipment": false` hands the goods over without a carrier.
    Backorders that can be delivered by now are made into picklists first if nothing else is open.
    """
    order = simulator.find(simulator.state.orders, idorder)
    for picklist in _pick(simulator, order, body.get("lines")):
        if body.get("shipment", True):
            shipments.make(simulator, picklist, {}, body.get("trackingcode"))
        picklists.close_as_it_is(simulator, picklist)
    return order_wire.order(simulator, order)


def cancel(simulator: Simulator, idorder: int) -> Wire:
    """In whatever status."""
    lifecycle.cancel(simulator, idorder, {"force": "true"})
    return order_wire.order(simulator, simulator.state.orders[idorder])


def _idwarehouse(simulator: Simulator, body: Wire) -> int:
    if "idwarehouse" in body:
        return integer("idwarehouse", body["idwarehouse"])
    for warehouse in simulator.state.warehouses.values():
        if body.get("warehouse") in (None, warehouse.name):
            return warehouse.idwarehouse
    raise ApiError(NOT_FOUND, "There is no such warehouse")


def _pick(simulator: Simulator, order: Order, amounts: dict[str, int] | None) -> list[Picklist]:
    """The picklists on which something was picked."""
    open_picklists = _open_picklists(simulator, order)
    if amounts is None:
        for picklist in open_picklists:
            for line in picklist.lines_to_pick:
                picking.pick(simulator, picklist, line, line.amount - line.amount_picked)
        return open_picklists
    wanted = _wanted(simulator, open_picklists, amounts)
    for picklist in open_picklists:
        _pick_wanted(simulator, picklist, wanted)
    return [entry for entry in open_picklists if order_wire.total_picked(entry)]


def _open_picklists(simulator: Simulator, order: Order) -> list[Picklist]:
    if order.status != "processing":
        raise ApiError(WRONG_STATUS, f"The order is {order.status}")
    found = [
        entry
        for entry in order_wire.picklists_of(simulator, order.idorder)
        if entry.status == "new"
    ]
    if not found:
        found = processing.process_backorders(simulator, order)
        processing.announce(simulator, found)
    if not found:
        raise ApiError(WRONG_STATUS, "Nothing of this order can be picked")
    return found


def _wanted(
    simulator: Simulator, open_picklists: list[Picklist], amounts: dict[str, int]
) -> dict[int, int]:
    """Amounts by product, checked against what can be picked."""
    wanted = {}
    for code, value in amounts.items():
        amount = integer(code, value)
        product = products.find_by_code(simulator, code)
        lines = [
            line
            for picklist in open_picklists
            for line in picklist.products
            if product is not None and line.idproduct == product.idproduct
        ]
        if product is None or not lines:
            raise ApiError(PICK_UNKNOWN_PRODUCT)
        if amount > sum(line.amount - line.amount_picked for line in lines):
            raise ApiError(PICK_AMOUNT_TOO_HIGH)
        wanted[product.idproduct] = amount
    return wanted


def _pick_wanted(simulator: Simulator, picklist: Picklist, wanted: dict[int, int]) -> None:
    for line in picklist.products:
        amount = min(wanted.get(line.idproduct, 0), line.amount - line.amount_picked)
        if amount:
            wanted[line.idproduct] -= amount
            _pick_line(simulator, picklist, line, amount)


def _pick_line(simulator: Simulator, picklist: Picklist, line: PicklistLine, amount: int) -> None:
    """Of a composition its parts."""
    if not line.has_parts:
        picking.pick(simulator, picklist, line, amount)
    for part in picklist.products:
        if part.partof_idpicklist_product == line.idpicklist_product:
            _pick_line(simulator, picklist, part, amount * part.per_parent)
