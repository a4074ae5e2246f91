"""The resource `backorders`. A backorder becomes a picklist only on request."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import WRONG_STATUS, ApiError
from picqer_simulator.core.models import Order, Wire
from picqer_simulator.core.queries import Query, equals, page, since, since_id
from picqer_simulator.rules import backlog, lifecycle, order_wire, processing

FILTERS = {
    "idorder": equals("idorder"),
    "idproduct": equals("idproduct"),
    "idcustomer": equals("idcustomer"),
    "sinceid": since_id("idbackorder"),
    "sincedate": since("created_at"),
}


def list_(account: Account, query: Query) -> list[Wire]:
    """List the backorders of all orders."""
    backorders = account.state.backorders.values()
    found = page(account.options, backorders, query, FILTERS)
    return [order_wire.backorder(account, backorder) for backorder in found]


def list_of_order(account: Account, idorder: int, query: Query) -> list[Wire]:
    """List the backorders of an order."""
    account.find(account.state.orders, idorder)
    return list_(account, {**query, "idorder": str(idorder)})


def get(account: Account, idbackorder: int) -> Wire:
    """Return a backorder."""
    backorder = account.find(account.state.backorders, idbackorder)
    return order_wire.backorder(account, backorder) | {"date_available": None}


def delete(account: Account, idbackorder: int) -> None:
    """Delete a backorder and cancel its amount on the order line."""
    backorder = account.find(account.state.backorders, idbackorder)
    # A part without the rest of its composition cannot be delivered.
    if backorder.part_of_idbackorder is not None:
        raise ApiError(WRONG_STATUS, "A part waits with its composition")
    order = account.state.orders[backorder.idorder]
    _cancel_lines(order, backorder.idorder_product, backorder.amount)
    backlog.reduce(account, backorder, backorder.amount)
    lifecycle.finish_if_done(account, order)


def process_all(account: Account) -> list[Wire]:
    """Create picklists from all backorders that have stock, and return the picklists."""
    idorders = dict.fromkeys(backorder.idorder for backorder in account.state.backorders.values())
    made = []
    for idorder in idorders:
        order = account.state.orders[idorder]
        if order.status == "processing":
            made += processing.process_backorders(account, order)
    processing.announce(account, made)
    return [order_wire.picklist(account, picklist) for picklist in made]


def _cancel_lines(order: Order, idorder_product: int, amount: int) -> None:
    """Add `amount` to the cancelled amount of a line, and of its parts in proportion."""
    for line in order.products:
        if line.idorder_product == idorder_product:
            line.amount_cancelled += amount
        if line.partof_idorder_product == idorder_product:
            _cancel_lines(order, line.idorder_product, amount * line.per_parent)
