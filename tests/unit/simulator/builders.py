"""Accounts, products and orders for the tests of the simulator's rules."""

from __future__ import annotations

from typing import Any

import pytest
from picqer_simulator import Knobs, Simulator, seeds
from picqer_simulator.core.errors import ApiError
from picqer_simulator.core.models import StockRow, Wire
from picqer_simulator.rules import lifecycle, orders


def account(warehouses: tuple[str, ...] = ("Utrecht",), **knobs: Any) -> Simulator:
    """An account with these warehouses, the first one preferred."""
    simulator = Simulator(Knobs(**knobs))
    simulator.run(seeds.seed, {"warehouses": [{"name": name} for name in warehouses]})
    return simulator


def add_product(
    simulator: Simulator, code: str = "MUG", stock: dict[str, int] | int = 0, **attributes: Any
) -> int:
    """A product with stock by warehouse name, or in Utrecht; its idproduct."""
    amounts = {"Utrecht": stock} if isinstance(stock, int) else stock
    entry = {"productcode": code, "name": code.title(), "price": 8.26, **attributes}
    ids = simulator.run(seeds.seed, {"products": [{**entry, "stock": amounts}]})
    return int(ids["products"][code])


def order_body(lines: dict[str, int] | None = None, **header: Any) -> Wire:
    """The smallest guest order, two red mugs unless told otherwise."""
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


def create_order(simulator: Simulator, lines: dict[str, int] | None = None, **header: Any) -> int:
    return int(simulator.run(orders.create, order_body(lines, **header))["idorder"])


def process_order(simulator: Simulator, lines: dict[str, int] | None = None, **header: Any) -> int:
    idorder = create_order(simulator, lines, **header)
    simulator.run(lifecycle.process, idorder)
    return idorder


def status_of(simulator: Simulator, idorder: int) -> str:
    return simulator.state.orders[idorder].status


def row(simulator: Simulator, code: str = "MUG", warehouse: str = "Utrecht") -> StockRow:
    product = simulator.state.products[simulator.productcodes[code.casefold()]]
    for entry in simulator.state.warehouses.values():
        if entry.name == warehouse:
            return product.stock.get(entry.idwarehouse, StockRow())
    raise LookupError(warehouse)


def events_of(simulator: Simulator, operation: Any, *arguments: Any) -> list[str]:
    """The names of the events that the operation causes, in order."""
    simulator.events.clear()
    simulator.run(operation, *arguments)
    return [event.name for event in simulator.events]


def refusal_of(simulator: Simulator, operation: Any, *arguments: Any) -> int:
    """The error code with which the operation is refused."""
    with pytest.raises(ApiError) as refused:
        simulator.run(operation, *arguments)
    return refused.value.code
