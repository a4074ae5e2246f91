"""Actions of warehouse staff: count stock, ship an order in full or in part, cancel an order."""

from __future__ import annotations

from collections import Counter

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import (
    NOT_FOUND,
    PICK_AMOUNT_TOO_HIGH,
    PICK_INVALID_AMOUNT,
    PICK_UNKNOWN_PRODUCT,
    WRONG_STATUS,
    ApiError,
)
from picqer_simulator.core.models import Order, Picklist, PicklistLine, Wire, public
from picqer_simulator.core.parsing import integer, text
from picqer_simulator.rules import (
    backlog,
    lifecycle,
    order_wire,
    picking,
    picklists,
    processing,
    products,
    shipments,
    stock,
)


def set_stock(account: Account, body: Wire) -> Wire:
    """Set or change the stock of a product in one warehouse.

    The body contains `productcode`, `warehouse` (a name) or `idwarehouse`, and `amount` or
    `change`.
    """
    product = products.find_by_code(account, text("productcode", body.get("productcode")))
    if product is None:
        raise ApiError(NOT_FOUND, "There is no such product")
    change: Wire = {name: body[name] for name in ("amount", "change") if name in body}
    idwarehouse = _idwarehouse(account, body)
    stock.change(account, product.idproduct, idwarehouse, {**change, "reason": "Counted"})
    return products.wire(account, product)


def change_warehouse(account: Account, idwarehouse: int, body: Wire) -> Wire:
    """Change `name`, `active`, `accept_orders` or `priority` of a warehouse."""
    warehouse = account.find(account.state.warehouses, idwarehouse)
    for name in ("name", "active", "accept_orders", "priority"):
        if name in body:
            setattr(warehouse, name, body[name])
    return public(warehouse)


def ship(account: Account, idorder: int, body: Wire) -> Wire:
    """Pick, label and close the picklists of an order.

    The body may contain `lines` (amounts by product code; the rest goes on backorder),
    `trackingcode`, and `"shipment": false` for a hand-over without a carrier. If no picklist is
    open, backorders that have stock become picklists first.
    """
    order = account.find(account.state.orders, idorder)
    for picklist in _pick(account, order, body.get("lines")):
        if body.get("shipment", True):
            shipments.make(account, picklist, {}, body.get("trackingcode"))
        picklists.close_as_it_is(account, picklist)
    return order_wire.order(account, order)


def cancel(account: Account, idorder: int) -> Wire:
    """Cancel an order in any status."""
    lifecycle.cancel(account, idorder, {"force": "true"})
    return order_wire.order(account, account.state.orders[idorder])


def _idwarehouse(account: Account, body: Wire) -> int:
    """Return the id of the warehouse that the body names, or of the first warehouse."""
    if "idwarehouse" in body:
        return integer("idwarehouse", body["idwarehouse"])
    for warehouse in account.state.warehouses.values():
        if body.get("warehouse") in (None, warehouse.name):
            return warehouse.idwarehouse
    raise ApiError(NOT_FOUND, "There is no such warehouse")


def _pick(account: Account, order: Order, amounts: dict[str, int] | None) -> list[Picklist]:
    """Pick the given amounts and return the picklists with picked products."""
    if order.status != "processing":
        raise ApiError(WRONG_STATUS, f"The order is {order.status}")
    picklists_of_order = order_wire.picklists_of(account, order.idorder)
    found = [entry for entry in picklists_of_order if entry.status == "new"]
    # The amounts are checked before the first piece is picked.
    wanted = None if amounts is None else _wanted(account, order, found, amounts)
    # All picklists are closed, so only backorders can be left.
    if not found:
        found = processing.process_backorders(account, order)
        processing.announce(account, found)
    if not found:
        raise ApiError(WRONG_STATUS, "Nothing of this order can be picked")
    for picklist in found:
        for line in picklist.products:
            _pick_wanted(account, picklist, line, wanted)
    return [entry for entry in found if amounts is None or order_wire.total_picked(entry)]


def _pickable(account: Account, order: Order, found: list[Picklist]) -> Counter[int]:
    """Return the amounts by product on open picklists, or else on backorders with stock."""
    amounts: Counter[int] = Counter()
    for picklist in found:
        for line in picklist.products:
            picked = order_wire.amount_picked(picklist, line)
            amounts[line.idproduct] += line.amount - picked
    for backorder in backlog.of_order(account, order) if not found else []:
        amounts[backorder.idproduct] += backlog.ready_amount(account, backorder)
    return amounts


def _wanted(
    account: Account, order: Order, found: list[Picklist], amounts: dict[str, int]
) -> Counter[int]:
    """Check the requested amounts; return the amounts by idproduct."""
    pickable = _pickable(account, order, found)
    wanted: Counter[int] = Counter()
    for code, value in amounts.items():
        amount = integer(code, value)
        if amount < 1:
            raise ApiError(PICK_INVALID_AMOUNT)
        product = products.find_by_code(account, code)
        if product is None or product.idproduct not in pickable:
            raise ApiError(PICK_UNKNOWN_PRODUCT)
        if amount > pickable[product.idproduct]:
            raise ApiError(PICK_AMOUNT_TOO_HIGH)
        wanted[product.idproduct] = amount
    return wanted


def _pick_wanted(
    account: Account, picklist: Picklist, line: PicklistLine, wanted: Counter[int] | None
) -> None:
    """Pick the requested amount of a line, or the whole line if `wanted` is None."""
    amount = line.amount - order_wire.amount_picked(picklist, line)
    if wanted is not None:
        amount = min(amount, wanted[line.idproduct])
        wanted[line.idproduct] -= amount
    if amount > 0:
        _pick_line(account, picklist, line, amount)


def _pick_line(account: Account, picklist: Picklist, line: PicklistLine, amount: int) -> None:
    """Pick an amount of a line; of a composition, pick its parts."""
    # Some parts of a composition may be picked already.
    if not line.has_parts:
        left = line.amount - line.amount_picked
        picking.pick(account, picklist, line, min(amount, left))
    for part in picklist.products:
        if part.partof_idpicklist_product == line.idpicklist_product:
            _pick_line(account, picklist, part, amount * part.per_parent)
