"""Allocations: stock reserved for an order that is not processed yet."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import ALREADY_PROCESSED, WRONG_STATUS, ApiError
from picqer_simulator.core.models import Order, OrderLine, Warehouse, Wire
from picqer_simulator.rules import order_wire, stock


def allocate(account: Account, idorder: int) -> Wire:
    """Allocate free stock to an order. Virtual compositions cannot be allocated."""
    order = _unprocessed(account, idorder)
    claim(account, order)
    order.updated = account.clock.stamp()
    account.emit("orders.allocated", order_wire.order(account, order))
    return order_wire.order(account, order)


def deallocate(account: Account, idorder: int) -> Wire:
    """Release all stock that is allocated to an order."""
    order = _unprocessed(account, idorder)
    release(account, order)
    order.updated = account.clock.stamp()
    return order_wire.order(account, order)


def product_status(account: Account, idorder: int) -> Wire:
    """Return whether each line of an order is fully allocated."""
    order = account.find(account.state.orders, idorder)
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


def claim(account: Account, order: Order) -> None:
    """Allocate free stock to the order, in place of earlier allocations."""
    # A repeated allocation starts from zero.
    release(account, order)
    for line in order.products:
        _claim_line(account, line, candidates(account, order))


def release(account: Account, order: Order) -> None:
    """Release the allocations of all lines."""
    for line in order.products:
        release_line(account, line)


def release_line(account: Account, line: OrderLine) -> None:
    """Release the allocations of one line."""
    product = account.state.products[line.idproduct]
    for idwarehouse, amount in line.allocated.items():
        stock.reserve(account, product, idwarehouse, "reservedallocations", -amount)
    line.allocated.clear()


def candidates(account: Account, order: Order) -> list[Warehouse]:
    """Return the warehouses that may fulfil the order, in order of priority."""
    allowed = [
        warehouse
        for warehouse in account.state.warehouses.values()
        if warehouse.active and warehouse.accept_orders
        if not order.warehouses or warehouse.idwarehouse in order.warehouses
    ]
    return sorted(allowed, key=lambda warehouse: (warehouse.priority, warehouse.idwarehouse))


def require_candidates(account: Account, order: Order) -> None:
    """Raise ApiError 21 if no warehouse may fulfil the order."""
    if not candidates(account, order):
        raise ApiError(WRONG_STATUS, "No warehouse accepts this order")


def _unprocessed(account: Account, idorder: int) -> Order:
    """Return the order; raise ApiError 32 or 21 if its status forbids allocations."""
    order = account.find(account.state.orders, idorder)
    if order.status in ("processing", "completed"):
        raise ApiError(ALREADY_PROCESSED)
    if order.status not in ("concept", "expected"):
        raise ApiError(WRONG_STATUS)
    return order


def _claim_line(account: Account, line: OrderLine, warehouses: list[Warehouse]) -> None:
    """Allocate one line from the given warehouses, in order."""
    product = account.state.products[line.idproduct]
    if not product.keeps_stock:
        return
    left = line.amount
    for warehouse in warehouses:
        free = max(0, stock.row(account, product, warehouse.idwarehouse).freestock)
        # The documentation does not say whether Picqer limits allocations.
        if account.options.allocate_beyond_stock:
            free = left
        amount = min(free, left)
        if amount:
            stock.reserve(account, product, warehouse.idwarehouse, "reservedallocations", amount)
            line.allocated[warehouse.idwarehouse] = amount
        left -= amount
