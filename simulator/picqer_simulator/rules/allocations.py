"""Owns allocations: a soft claim of an order that is not processed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.errors import ALREADY_PROCESSED, WRONG_STATUS, ApiError
from picqer_simulator.core.models import Order, OrderLine, Warehouse, Wire
from picqer_simulator.rules import order_wire, stock

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator


def allocate(simulator: Simulator, idorder: int) -> Wire:
    """Claim what is free; virtual compositions cannot be allocated."""
    order = _unprocessed(simulator, idorder)
    claim(simulator, order)
    order.updated = simulator.clock.stamp()
    simulator.emit("orders.allocated", order_wire.order(simulator, order))
    return order_wire.order(simulator, order)


def deallocate(simulator: Simulator, idorder: int) -> Wire:
    order = _unprocessed(simulator, idorder)
    release(simulator, order)
    order.updated = simulator.clock.stamp()
    return order_wire.order(simulator, order)


def product_status(simulator: Simulator, idorder: int) -> Wire:
    """Per line whether all of it is allocated."""
    order = simulator.find(simulator.state.orders, idorder)
    return {
        "idorder": idorder,
        "products": [
            {
                "idorder_product": line.idorder_product,
                "idproduct": line.idproduct,
                "productcode": line.productcode,
                "amount": line.amount,
                "amount_allocated": line.amount_allocated,
                "allocated": line.amount_allocated >= line.amount,
            }
            for line in order.products
        ],
    }


def claim(simulator: Simulator, order: Order) -> None:
    release(simulator, order)
    for line in order.products:
        _claim_line(simulator, line, candidates(simulator, order))


def release(simulator: Simulator, order: Order) -> None:
    for line in order.products:
        release_line(simulator, line)


def release_line(simulator: Simulator, line: OrderLine) -> None:
    product = simulator.state.products[line.idproduct]
    for idwarehouse, amount in line.allocated.items():
        stock.reserve(simulator, product, idwarehouse, "reservedallocations", -amount)
    line.allocated.clear()


def candidates(simulator: Simulator, order: Order) -> list[Warehouse]:
    """The warehouses that may fulfil the order, the preferred one first."""
    allowed = [
        warehouse
        for warehouse in simulator.state.warehouses.values()
        if warehouse.active and warehouse.accept_orders
        if not order.warehouses or warehouse.idwarehouse in order.warehouses
    ]
    return sorted(allowed, key=lambda warehouse: (warehouse.priority, warehouse.idwarehouse))


def require_candidates(simulator: Simulator, order: Order) -> None:
    """ApiError 21 if no warehouse may fulfil the order."""
    if not candidates(simulator, order):
        raise ApiError(WRONG_STATUS, "No warehouse accepts this order")


def _unprocessed(simulator: Simulator, idorder: int) -> Order:
    order = simulator.find(simulator.state.orders, idorder)
    if order.status in ("processing", "completed"):
        raise ApiError(ALREADY_PROCESSED)
    if order.status not in ("concept", "expected"):
        raise ApiError(WRONG_STATUS)
    return order


def _claim_line(simulator: Simulator, line: OrderLine, warehouses: list[Warehouse]) -> None:
    product = simulator.state.products[line.idproduct]
    if not product.keeps_stock:
        return
    left = line.amount
    for warehouse in warehouses:
        free = max(0, stock.row(simulator, product, warehouse.idwarehouse).freestock)
        if simulator.knobs.allocate_beyond_stock:
            free = left
        amount = min(free, left)
        if amount:
            stock.reserve(simulator, product, warehouse.idwarehouse, "reservedallocations", amount)
            line.allocated[warehouse.idwarehouse] = amount
        left -= amount
