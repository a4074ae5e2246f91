"""Accounts, products and orders for the tests of the simulator's rules."""

from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator import Account, Options, new_account, seeds
from picqer_simulator.core.errors import ApiError
from picqer_simulator.core.models import StockRow, Wire
from picqer_simulator.rules import lifecycle, orders


def build_account(warehouses: tuple[str, ...] = ("Utrecht",), **options: Any) -> Account:
    """Create an account with warehouses; the first warehouse has the highest priority."""
    account = new_account(Options(**options))
    account.run(seeds.seed, {"warehouses": [{"name": name} for name in warehouses]})
    return account


def add_product(
    account: Account, code: str = "MUG", stock: dict[str, int] | int = 0, **attributes: Any
) -> int:
    """Create a product with stock by warehouse name, or in Utrecht; return the idproduct."""
    amounts = {"Utrecht": stock} if isinstance(stock, int) else stock
    entry = {"productcode": code, "name": code.title(), "price": 8.26, **attributes}
    ids = account.run(seeds.seed, {"products": [{**entry, "stock": amounts}]})
    return int(ids["products"][code])


def order_body(lines: dict[str, int] | None = None, **header: Any) -> Wire:
    """Return the body of a small guest order."""
    amounts = {"MUG": 2} if lines is None else lines
    return {
        "reference": "SALEOR-10042",
        "deliveryname": "Anna Visser",
        "deliverycountry": "NL",
        "invoicename": "Anna Visser",
        "invoicecountry": "NL",
        "products": [{"productcode": code, "amount": amount} for code, amount in amounts.items()],
        **header,
    }


def create_order(account: Account, lines: dict[str, int] | None = None, **header: Any) -> int:
    """Create an order and return the idorder."""
    return int(account.run(orders.create, order_body(lines, **header))["idorder"])


def process_order(account: Account, lines: dict[str, int] | None = None, **header: Any) -> int:
    """Create and process an order and return the idorder."""
    idorder = create_order(account, lines, **header)
    account.run(lifecycle.process, idorder)
    return idorder


def status_of(account: Account, idorder: int) -> str:
    return account.state.orders[idorder].status


def row(account: Account, code: str = "MUG", warehouse: str = "Utrecht") -> StockRow:
    product = account.state.products[account.productcodes[code.casefold()]]
    for entry in account.state.warehouses.values():
        if entry.name == warehouse:
            return product.stock.get(entry.idwarehouse, StockRow())
    raise LookupError(warehouse)


def events_of(account: Account, operation: Any, *arguments: Any) -> list[str]:
    """Run an operation and return the names of the emitted events."""
    account.events.clear()
    account.run(operation, *arguments)
    return [event.name for event in account.events]


def refusal_of(account: Account, operation: Any, *arguments: Any) -> int:
    """Run an operation and return the error code of its refusal."""
    with pytest.raises(ApiError) as refused:
        account.run(operation, *arguments)
    return refused.value.code
