"""The resource `products` of orders. Lines can change until the order is processed."""

from __future__ import annotations

from picqer_simulator.core.account import Account
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

EDITABLE = ("concept", "expected")
CHANGE_READERS = {
    "amount": integer,
    "price": optional(number),
    "name": optional(text),
    "remarks": text,
    "idvatgroup": optional(integer),
}
READERS = CHANGE_READERS | {"idproduct": optional(integer), "productcode": optional(text)}


def new_lines(account: Account, entries: object) -> list[OrderLine]:
    """Return the lines of a new order; raise ApiError 13, 14, 23 or 24."""
    if not isinstance(entries, list) or not entries:
        raise ApiError(NO_PRODUCTS)
    # All lines are checked before the order is stored.
    lines = [_new_line(account, entry, by_code=True) for entry in entries]
    return _merged(lines) if account.options.merge_duplicate_lines else lines


def list_(account: Account, idorder: int, query: Query) -> list[Wire]:
    order = account.find(account.state.orders, idorder)
    return [order_wire.line(line) for line in page(account.options, order.products, query)]


def get(account: Account, idorder: int, idorder_product: int) -> Wire:
    order = account.find(account.state.orders, idorder)
    return order_wire.line(_line(order, idorder_product))


def add(account: Account, idorder: int, body: Wire) -> Wire:
    """Add a line to an order."""
    order = _editable_order(account, idorder)
    line = _new_line(account, body, by_code=account.options.line_by_productcode)
    order.products.append(line)
    order.updated = account.clock.stamp()
    return order_wire.line(line)


def update(account: Account, idorder: int, idorder_product: int, body: Wire) -> Wire:
    """Change a line and release the line's allocations."""
    order = _editable_order(account, idorder)
    line = _line(order, idorder_product)
    values = read(account.options, body, CHANGE_READERS)
    _check_amount(values.get("amount", line.amount))
    _check_vatgroup(account, values.get("idvatgroup"))
    # The amount may change, so the line must be allocated again.
    allocations.release_line(account, line)
    for name, value in values.items():
        if value is not None:
            setattr(line, name, value)
    order.updated = account.clock.stamp()
    return order_wire.line(line)


def remove(account: Account, idorder: int, idorder_product: int) -> None:
    """Remove a line and release the line's allocations."""
    order = _editable_order(account, idorder)
    line = _line(order, idorder_product)
    allocations.release_line(account, line)
    order.products.remove(line)
    order.updated = account.clock.stamp()


def _editable_order(account: Account, idorder: int) -> Order:
    """Return the order; raise ApiError 33 if its lines can no longer change."""
    order = account.find(account.state.orders, idorder)
    if order.status not in EDITABLE:
        raise ApiError(LINES_LOCKED)
    return order


def _line(order: Order, idorder_product: int) -> OrderLine:
    """Return the line with the given id; raise ApiError 20 for an unknown id."""
    for line in order.products:
        if line.idorder_product == idorder_product:
            return line
    raise ApiError(NOT_FOUND)


def _new_line(account: Account, entry: object, *, by_code: bool) -> OrderLine:
    """Check the fields of a line and build the line."""
    if not isinstance(entry, dict):
        raise ApiError(INCOMPLETE_LINE)
    values = read(account.options, entry, READERS)
    product = _ordered_product(account, values, by_code=by_code)
    _check_amount(values.get("amount"))
    _check_vatgroup(account, values.get("idvatgroup"))
    return line_of(account, product, values)


def line_of(account: Account, product: Product, values: Wire) -> OrderLine:
    """Build a line; fields that are missing in `values` come from the product."""
    price = values.get("price")
    return OrderLine(
        idorder_product=account.state.new_id("order_product"),
        idproduct=product.idproduct,
        idvatgroup=values.get("idvatgroup") or product.idvatgroup,
        productcode=product.productcode,
        name=values.get("name") or product.name,
        remarks=values.get("remarks", ""),
        price=product.price if price is None else price,
        amount=values["amount"],
        weight=product.weight,
    )


def _ordered_product(account: Account, values: Wire, *, by_code: bool) -> Product:
    """Return the product that a line names; raise ApiError 23 or 24."""
    idproduct, productcode = values.get("idproduct"), values.get("productcode")
    if idproduct is not None:
        product = account.state.products.get(idproduct)
    elif productcode is not None and by_code:
        product = products.find_by_code(account, productcode)
    else:
        raise ApiError(INCOMPLETE_LINE)
    # Picqer's error text names the product as the request named it.
    if product is None or not (product.active or account.options.orders_inactive_products):
        raise ApiError(UNKNOWN_PRODUCT, f"Product '{productcode or idproduct}' does not exist")
    return product


def _check_amount(amount: int | None) -> None:
    if amount is None or amount < 1:
        raise ApiError(INCOMPLETE_LINE)


def _check_vatgroup(account: Account, idvatgroup: int | None) -> None:
    if idvatgroup is not None and idvatgroup not in account.state.vatgroups:
        raise ApiError(UNKNOWN_VATGROUP)


def _merged(lines: list[OrderLine]) -> list[OrderLine]:
    """Merge lines of the same product into one line."""
    by_product: dict[int, OrderLine] = {}
    for line in lines:
        first = by_product.setdefault(line.idproduct, line)
        if first is not line:
            first.amount += line.amount
    return list(by_product.values())
