"""The resource `stock`, and the arithmetic of stock.

Only this module writes to a stock row. Three rules always hold: `reserved` is the sum of its
three kinds; free stock is stock minus `reserved`; and the stock, also after all promises to
backorders, is at least the amount on picklists.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import MISSING_PARAMETER, NOT_FOUND, ApiError
from picqer_simulator.core.models import Backorder, Product, StockChange, StockRow, Wire, public
from picqer_simulator.core.parsing import integer, optional, read, text
from picqer_simulator.core.queries import Query, equals, page, since, until
from picqer_simulator.rules.composition_stock import assembled_row
from picqer_simulator.rules.users import OWNER

Reservation = Literal["reservedbackorders", "reservedpicklists", "reservedallocations"]

CHANGE_READERS = {
    "change": integer,
    "amount": integer,
    "reason": text,
    "idlocation": optional(integer),
}
HISTORY_FILTERS = {
    "sincedate": since("changed_at"),
    "untildate": until("changed_at"),
    "idproduct": equals("idproduct"),
    "idwarehouse": equals("idwarehouse"),
    "iduser": equals("iduser"),
}


# Queries


def row(account: Account, product: Product, idwarehouse: int) -> StockRow:
    """Return the stock row to show; for a virtual composition, the row that its parts allow."""
    if product.is_virtual:
        return assembled_row(account.state, product, idwarehouse)
    return product.stock.get(idwarehouse, StockRow())


def row_wire(account: Account, product: Product, idwarehouse: int) -> Wire:
    """Return a stock row as JSON."""
    numbers = row(account, product, idwarehouse)
    free = numbers.freestock
    # The documentation does not say how Picqer shows a negative free stock.
    if account.options.negative_freestock == "zero":
        free = max(0, free)
    described = {
        "idwarehouse": idwarehouse,
        "stock": numbers.stock,
        "reserved": numbers.reserved,
        "reservedbackorders": numbers.reservedbackorders,
        "reservedpicklists": numbers.reservedpicklists,
        "reservedallocations": numbers.reservedallocations,
        "freestock": free,
    }
    if account.options.freepickablestock:
        described["freepickablestock"] = free
    return described


def rows_wire(account: Account, product: Product) -> list[Wire]:
    """Return one stock row per warehouse as JSON."""
    # The documentation does not say which rows such a product has.
    if product.type == "unlimited_stock" and account.options.unlimited_stock_rows == "empty":
        return []
    return [row_wire(account, product, key) for key in account.state.warehouses]


def list_(account: Account, idproduct: int) -> list[Wire]:
    """List the stock rows of a product."""
    return rows_wire(account, account.find(account.state.products, idproduct))


def get(account: Account, idproduct: int, idwarehouse: int) -> Wire:
    """Return the stock row of a product in a warehouse."""
    product = account.find(account.state.products, idproduct)
    account.find(account.state.warehouses, idwarehouse)
    return row_wire(account, product, idwarehouse) | {"locations": []}


def list_warehouse(account: Account, idwarehouse: int, query: Query) -> list[Wire]:
    """List the products with stock or a reservation in a warehouse."""
    account.find(account.state.warehouses, idwarehouse)
    present = [
        product
        for product in account.state.products.values()
        if _is_present(row(account, product, idwarehouse))
    ]
    return [
        {
            "idproduct": product.idproduct,
            "productcode": product.productcode,
            "stock": row_wire(account, product, idwarehouse),
        }
        for product in page(account.options, present, query)
    ]


def list_history(account: Account, query: Query) -> list[Wire]:
    """List stock changes, newest first."""
    # Picqer documents this order, in contrast to the order of all other lists.
    options = replace(account.options, list_order="newest_first")
    entries = account.state.stockhistory.values()
    return [public(entry) for entry in page(options, entries, query, HISTORY_FILTERS)]


def get_history(account: Account, idproduct_stock_history: int) -> Wire:
    return public(account.find(account.state.stockhistory, idproduct_stock_history))


# Changes


def change(account: Account, idproduct: int, idwarehouse: int, body: Wire) -> Wire | None:
    """Change the stock of a product: `change` adds to the stock, `amount` sets the stock."""
    product = account.find(account.state.products, idproduct)
    account.find(account.state.warehouses, idwarehouse)
    values = read(account.options, body, CHANGE_READERS)
    if values.get("idlocation") is not None:
        raise ApiError(NOT_FOUND, "Locations are not simulated")
    if not product.keeps_stock:
        raise ApiError(MISSING_PARAMETER, "No stock is kept of this product")
    difference = _difference(row(account, product, idwarehouse), values)
    move(account, product, idwarehouse, difference, values.get("reason", ""))
    empty = account.options.stock_change_body == "empty"
    return None if empty else row_wire(account, product, idwarehouse)


def move(
    account: Account, product: Product, idwarehouse: int, difference: int, reason: str
) -> None:
    """Add `difference` to the stock, and divide the stock anew among the backorders."""
    if not difference:
        return
    numbers = row(account, product, idwarehouse)
    # Goods on picklists must stay available for the picker.
    if numbers.stock + difference < numbers.reservedpicklists:
        raise ApiError(account.options.stock_too_low_code, "Stock is lower than what is reserved")
    _note(account, product, idwarehouse, difference, reason)
    _own_row(account, product, idwarehouse).stock += difference
    promise(account, product, idwarehouse)


def reserve(
    account: Account, product: Product, idwarehouse: int, kind: Reservation, amount: int
) -> None:
    """Add `amount` (or subtract, if negative) to one kind of reservation."""
    if not product.keeps_stock or not amount:
        return
    numbers = _own_row(account, product, idwarehouse)
    setattr(numbers, kind, getattr(numbers, kind) + amount)
    # Goods on picklists are no longer available for backorders.
    if kind == "reservedpicklists":
        promise(account, product, idwarehouse)


def take_picked(account: Account, product: Product, idwarehouse: int, amount: int) -> None:
    """Remove picked goods from stock and from the reservation."""
    if not product.keeps_stock or not amount:
        return
    numbers = _own_row(account, product, idwarehouse)
    _note(account, product, idwarehouse, -amount, "Picklist")
    numbers.stock -= amount
    numbers.reservedpicklists -= amount


def promise(account: Account, product: Product, idwarehouse: int) -> None:
    """Divide the stock that is not on picklists among the backorders, by priority."""
    waiting = waiting_for(account, product, idwarehouse)
    if not product.keeps_stock:
        for backorder in waiting:
            backorder.amount_available = backorder.amount
        return
    numbers = _own_row(account, product, idwarehouse)
    # Backorders with the lowest priority number receive goods first.
    left = numbers.stock - numbers.reservedpicklists
    for backorder in waiting:
        backorder.amount_available = min(backorder.amount, left)
        left -= backorder.amount_available
    wanted = account.options.backorder_reserves == "wanted"
    numbers.reservedbackorders = sum(
        backorder.amount if wanted else backorder.amount_available for backorder in waiting
    )


def waiting_for(account: Account, product: Product, idwarehouse: int) -> list[Backorder]:
    """Return the backorders of a product in a warehouse, by priority."""
    found = [
        backorder
        for backorder in account.state.backorders.values()
        if backorder.idproduct == product.idproduct
        and backorder.idwarehouse == idwarehouse
        and not backorder.has_parts
    ]
    return sorted(found, key=lambda backorder: (backorder.priority, backorder.idbackorder))


def pickable(account: Account, product: Product, idwarehouse: int) -> int:
    """Return the amount that a new picklist can contain."""
    # Allocations do not count: the next picklist may take the allocated goods.
    numbers = row(account, product, idwarehouse)
    promised = sum(
        backorder.amount_available for backorder in waiting_for(account, product, idwarehouse)
    )
    return numbers.stock - numbers.reservedpicklists - promised


def numbers(account: Account, product: Product, idwarehouse: int) -> tuple[int, int]:
    """Return stock and free stock of a product in a warehouse."""
    found = row(account, product, idwarehouse)
    return found.stock, found.freestock


def touch(account: Account, product: Product, idwarehouse: int) -> None:
    """Remember the numbers of a product and of compositions with the product."""
    key = (product.idproduct, idwarehouse)
    if key in account.stock_before:
        return
    account.stock_before[key] = numbers(account, product, idwarehouse)
    # The stock of a composition follows from the stock of its parts.
    for idparent in product.part_of:
        touch(account, account.state.products[idparent], idwarehouse)


def _own_row(account: Account, product: Product, idwarehouse: int) -> StockRow:
    """Return the row for writing."""
    # Every write to a row begins here, so no change goes without an event.
    touch(account, product, idwarehouse)
    return product.stock.setdefault(idwarehouse, StockRow())


def _is_present(numbers: StockRow) -> bool:
    """Return whether a row has stock or a reservation."""
    return bool(numbers.stock or numbers.reserved)


def _difference(numbers: StockRow, values: Wire) -> int:
    """Return the change of stock that the body asks for."""
    if "change" in values:
        return int(values["change"])
    if "amount" in values:
        return int(values["amount"]) - numbers.stock
    raise ApiError(MISSING_PARAMETER, "Required: change or amount")


def _note(
    account: Account, product: Product, idwarehouse: int, difference: int, reason: str
) -> None:
    """Add an entry to the stock history."""
    old = row(account, product, idwarehouse).stock
    entry = StockChange(
        idproduct_stock_history=account.state.new_id("stockhistory"),
        idproduct=product.idproduct,
        idwarehouse=idwarehouse,
        iduser=OWNER,
        idlocation=None,
        old_stock=old,
        stock_change=difference,
        new_stock=old + difference,
        reason=reason,
        change_type="mutation",
        changed_at=account.clock.stamp(),
    )
    account.state.stockhistory[entry.idproduct_stock_history] = entry
