"""Owns what can be asked about backorders and done with them. None is processed by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.errors import WRONG_STATUS, ApiError
from picqer_simulator.core.models import Order, Wire
from picqer_simulator.core.queries import Query, equals, page, since, since_id
from picqer_simulator.rules import backlog, lifecycle, order_wire, processing

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

FILTERS = {
    "idorder": equals("idorder"),
    "idproduct": equals("idproduct"),
    "idcustomer": equals("idcustomer"),
    "sinceid": since_id("idbackorder"),
    "sincedate": since("created_at"),
}


def list_(simulator: Simulator, query: Query) -> list[Wire]:
    backorders = simulator.state.backorders.values()
    found = page(simulator.knobs, backorders, query, FILTERS)
    return [order_wire.backorder(simulator, backorder) for backorder in found]


def list_of_order(simulator: Simulator, idorder: int, query: Query) -> list[Wire]:
    simulator.find(simulator.state.orders, idorder)
    return list_(simulator, {**query, "idorder": str(idorder)})


def get(simulator: Simulator, idbackorder: int) -> Wire:
    backorder = simulator.find(simulator.state.backorders, idbackorder)
    return order_wire.backorder(simulator, backorder) | {"date_available": None}


def delete(simulator: Simulator, idbackorder: int) -> None:
    """The order line is cancelled for that amount."""
    backorder = simulator.find(simulator.state.backorders, idbackorder)
    if backorder.part_of_idbackorder is not None:
        raise ApiError(WRONG_STATUS, "A part waits with its composition")
    order = simulator.state.orders[backorder.idorder]
    _cancel_lines(order, backorder.idorder_product, backorder.amount)
    backlog.reduce(simulator, backorder, backorder.amount)
    lifecycle.finish_if_done(simulator, order)


def process_all(simulator: Simulator) -> list[Wire]:
    """The picklists made of whatever is available, of all orders."""
    idorders = dict.fromkeys(backorder.idorder for backorder in simulator.state.backorders.values())
    made = []
    for idorder in idorders:
        order = simulator.state.orders[idorder]
        if order.status == "processing":
            made += processing.process_backorders(simulator, order)
    processing.announce(simulator, made)
    return [order_wire.picklist(simulator, picklist) for picklist in made]


def _cancel_lines(order: Order, idorder_product: int, amount: int) -> None:
    for line in order.products:
        if line.idorder_product == idorder_product:
            line.amount_cancelled += amount
        if line.partof_idorder_product == idorder_product:
            _cancel_lines(order, line.idorder_product, amount * line.per_parent)
