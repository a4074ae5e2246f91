"""Owns the products of an order: changed only while it is a concept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.errors import (
    INCOMPLETE_LINE,
    LINES_LOCKED,
    NO_PRODUCTS,
    NOT_FOUND,
    UNKNOWN_PRODUCT,
    UNKNOWN_VATGROUP,
    ApiError,
)
from picqer_simulator.core.models import Order, OrderLine, Product, Wire
from picqer_simulator.core.parsing import integer, number, optional, read, text
from picqer_simulator.core.queries import Query, page
from picqer_simulator.rules import allocations, order_wire, products

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator

EDITABLE = ("concept", "expected")
CHANGE_READERS = {
    "amount": integer,
    "price": optional(number),
    "name": optional(text),
    "remarks": text,
    "idvatgroup": optional(integer),
}
READERS = CHANGE_READERS | {"idproduct": optional(integer), "productcode": optional(text)}


def new_lines(simulator: Simulator, entries: object) -> list[OrderLine]:
    """The lines of a new order; ApiError 13, 14, 23 or 24."""
    if not isinstance(entries, list) or not entries:
        raise ApiError(NO_PRODUCTS)
    lines = [_new_line(simulator, entry, by_code=True) for entry in entries]
    return _merged(lines) if simulator.knobs.merge_duplicate_lines else lines


def list_(simulator: Simulator, idorder: int, query: Query) -> list[Wire]:
    order = simulator.find(simulator.state.orders, idorder)
    return [order_wire.line(line) for line in page(simulator.knobs, order.products, query)]


def get(simulator: Simulator, idorder: int, idorder_product: int) -> Wire:
    order = simulator.find(simulator.state.orders, idorder)
    return order_wire.line(_line(order, idorder_product))


def add(simulator: Simulator, idorder: int, body: Wire) -> Wire:
    order = _editable_order(simulator, idorder)
    line = _new_line(simulator, body, by_code=simulator.knobs.line_by_productcode)
    order.products.append(line)
    order.updated = simulator.clock.stamp()
    return order_wire.line(line)


def update(simulator: Simulator, idorder: int, idorder_product: int, body: Wire) -> Wire:
    """What was allocated for the line is given back; allocate again."""
    order = _editable_order(simulator, idorder)
    line = _line(order, idorder_product)
    values = read(simulator.knobs, body, CHANGE_READERS)
    _check_amount(values.get("amount", line.amount))
    _check_vatgroup(simulator, values.get("idvatgroup"))
    allocations.release_line(simulator, line)
    for name, value in values.items():
        if value is not None:
            setattr(line, name, value)
    order.updated = simulator.clock.stamp()
    return order_wire.line(line)


def remove(simulator: Simulator, idorder: int, idorder_product: int) -> None:
    order = _editable_order(simulator, idorder)
    line = _line(order, idorder_product)
    allocations.release_line(simulator, line)
    order.products.remove(line)
    order.updated = simulator.clock.stamp()


def _editable_order(simulator: Simulator, idorder: int) -> Order:
    order = simulator.find(simulator.state.orders, idorder)
    if order.status not in EDITABLE:
        raise ApiError(LINES_LOCKED)
    return order


def _line(order: Order, idorder_product: int) -> OrderLine:
    for line in order.products:
        if line.idorder_product == idorder_product:
            return line
    raise ApiError(NOT_FOUND)


def _new_line(simulator: Simulator, entry: object, *, by_code: bool) -> OrderLine:
    if not isinstance(entry, dict):
        raise ApiError(INCOMPLETE_LINE)
    values = read(simulator.knobs, entry, READERS)
    product = _ordered_product(simulator, values, by_code=by_code)
    _check_amount(values.get("amount"))
    _check_vatgroup(simulator, values.get("idvatgroup"))
    return line_of(simulator, product, values)


def line_of(simulator: Simulator, product: Product, values: Wire) -> OrderLine:
    """A line for `values["amount"]` pieces; what is not given comes from the product."""
    price = values.get("price")
    return OrderLine(
        idorder_product=simulator.state.new_id("order_product"),
        idproduct=product.idproduct,
        idvatgroup=values.get("idvatgroup") or product.idvatgroup,
        productcode=product.productcode,
        name=values.get("name") or product.name,
        remarks=values.get("remarks", ""),
        price=product.price if price is None else price,
        amount=values["amount"],
        weight=product.weight,
    )


def _ordered_product(simulator: Simulator, values: Wire, *, by_code: bool) -> Product:
    idproduct, productcode = values.get("idproduct"), values.get("productcode")
    if idproduct is not None:
        product = simulator.state.products.get(idproduct)
    elif productcode is not None and by_code:
        product = products.find_by_code(simulator, productcode)
    else:
        raise ApiError(INCOMPLETE_LINE)
    if product is None or not (product.active or simulator.knobs.orders_inactive_products):
        raise ApiError(UNKNOWN_PRODUCT, f"Product '{productcode or idproduct}' does not exist")
    return product


def _check_amount(amount: int | None) -> None:
    if amount is None or amount < 1:
        raise ApiError(INCOMPLETE_LINE)


def _check_vatgroup(simulator: Simulator, idvatgroup: int | None) -> None:
    if idvatgroup is not None and idvatgroup not in simulator.state.vatgroups:
        raise ApiError(UNKNOWN_VATGROUP)


def _merged(lines: list[OrderLine]) -> list[OrderLine]:
    by_product: dict[int, OrderLine] = {}
    for line in lines:
        first = by_product.setdefault(line.idproduct, line)
        if first is not line:
            first.amount += line.amount
    return list(by_product.values())
