"""Creating, filling and removing backorders.

The backorder of a composition has a backorder below for each part.
"""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Backorder, Order, OrderLine
from picqer_simulator.rules import order_wire, stock
from picqer_simulator.rules.splitting import Share


def add(account: Account, order: Order, share: Share, parent: Backorder | None = None) -> None:
    """Create a backorder for the share, with the lowest priority."""
    line = share.line
    backorder = Backorder(
        idbackorder=(idbackorder := account.state.new_id("backorder")),
        idorder=order.idorder,
        idorder_product=line.idorder_product,
        idproduct=line.idproduct,
        idcustomer=order.idcustomer,
        idwarehouse=share.idwarehouse,
        amount=share.amount,
        # Ids grow, so the latest backorder has the lowest priority.
        priority=idbackorder,
        created_at=account.clock.stamp(),
        part_of_idbackorder=parent.idbackorder if parent else None,
        parts_per_parent=line.per_parent if parent else None,
        has_parts=line.has_parts,
    )
    account.state.backorders[idbackorder] = backorder
    for part in parts_of(order, line):
        below = Share(part, share.idwarehouse, share.amount * part.per_parent)
        add(account, order, below, backorder)
    _promise(account, backorder)


def of_order(account: Account, order: Order) -> list[Backorder]:
    """Return the backorders of an order, without those of composition parts."""
    return [
        backorder
        for backorder in account.state.backorders.values()
        if backorder.idorder == order.idorder and backorder.part_of_idbackorder is None
    ]


def ready_amount(account: Account, backorder: Backorder) -> int:
    """Return the amount that can be picked now."""
    available = order_wire.available_of(account, backorder)
    # A composition is picked completely or not at all.
    if backorder.has_parts and available < backorder.amount:
        return 0
    return min(available, backorder.amount)


def reduce(account: Account, backorder: Backorder, amount: int) -> None:
    """Lower a backorder by `amount`, and delete the backorder when nothing is left."""
    for part in _parts_below(account, backorder):
        reduce(account, part, amount * (part.parts_per_parent or 1))
    backorder.amount -= amount
    if not backorder.amount:
        del account.state.backorders[backorder.idbackorder]
    _promise(account, backorder)


def prioritise(account: Account, order: Order) -> None:
    """Move the order's backorders before those of all other orders."""
    first = min(entry.priority for entry in account.state.backorders.values())
    own = [
        backorder
        for backorder in account.state.backorders.values()
        if backorder.idorder == order.idorder
    ]
    for place, backorder in enumerate(own):
        backorder.priority = first - len(own) + place
    for backorder in own:
        _promise(account, backorder)


def parts_of(order: Order, line: OrderLine) -> list[OrderLine]:
    """Return the lines that are parts of a composition's line."""
    return [part for part in order.products if part.partof_idorder_product == line.idorder_product]


def _parts_below(account: Account, backorder: Backorder) -> list[Backorder]:
    """Return the backorders of a composition's parts."""
    return [
        part
        for part in account.state.backorders.values()
        if part.part_of_idbackorder == backorder.idbackorder
    ]


def _promise(account: Account, backorder: Backorder) -> None:
    """Divide the product's stock anew among the backorders."""
    product = account.state.products[backorder.idproduct]
    if not backorder.has_parts:
        stock.promise(account, product, backorder.idwarehouse)
