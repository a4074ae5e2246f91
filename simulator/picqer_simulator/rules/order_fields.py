"""The custom fields of orders."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import NOT_FOUND, ApiError
from picqer_simulator.core.models import Wire
from picqer_simulator.core.parsing import integer, read, text
from picqer_simulator.rules import order_wire


def list_(account: Account, idorder: int) -> list[Wire]:
    """List the custom fields of an order."""
    return order_wire.orderfields(account, account.find(account.state.orders, idorder))


def update(account: Account, idorder: int, idorderfield: int, body: Wire) -> list[Wire]:
    """Set one custom field of an order."""
    order = account.find(account.state.orders, idorder)
    account.find(account.state.orderfields, idorderfield)
    values = read(account.options, body, {"value": text})
    order.orderfields[idorderfield] = values.get("value", "")
    return order_wire.orderfields(account, order)


def remove(account: Account, idorder: int, idorderfield: int) -> None:
    """Remove one custom field of an order."""
    order = account.find(account.state.orders, idorder)
    if order.orderfields.pop(idorderfield, None) is None:
        raise ApiError(NOT_FOUND)


def parse(account: Account, entries: list[Wire]) -> dict[int, str]:
    """Check the custom fields in the body of an order; raise ApiError 20 for an unknown field."""
    values = {
        integer("idorderfield", entry.get("idorderfield")): text("value", entry.get("value"))
        for entry in entries
    }
    for idorderfield in values:
        account.find(account.state.orderfields, idorderfield)
    return values
