"""Processing an order: turning its lines into picklists and backorders."""

from __future__ import annotations

from itertools import groupby

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Order, OrderLine, Picklist
from picqer_simulator.rules import allocations, backlog, order_lines, order_wire, picking, splitting
from picqer_simulator.rules.splitting import Share


def expand_compositions(account: Account, order: Order) -> None:
    """Insert the parts of virtual compositions after their line."""
    lines = []
    for line in order.products:
        lines += [line, *_part_lines(account, line)]
    order.products = lines


def fold_compositions(order: Order) -> None:
    """Remove the parts of compositions and reset the cancelled amounts."""
    order.products = [line for line in order.products if line.partof_idorder_product is None]
    for line in order.products:
        line.has_parts, line.amount_cancelled = False, 0


def distribute(account: Account, order: Order) -> list[Picklist]:
    """Create picklists and backorders for all lines, without events."""
    order.picklists_due = None
    # The picklists take the place of the allocations.
    allocations.release(account, order)
    plan = splitting.split(account, order)
    made = _make_picklists(account, order, plan.picks)
    for share in plan.shorts:
        backlog.add(account, order, share)
    return made


def process_backorders(account: Account, order: Order) -> list[Picklist]:
    """Create picklists from the backorders that have stock, without events."""
    waiting = backlog.of_order(account, order)
    ready = [(entry, backlog.ready_amount(account, entry)) for entry in waiting]
    # An order in one delivery waits until all its backorders have stock.
    if order.needs_one_delivery and any(amount < entry.amount for entry, amount in ready):
        return []
    lines = {line.idorder_product: line for line in order.products}
    shares = [
        Share(lines[entry.idorder_product], entry.idwarehouse, amount)
        for entry, amount in ready
        if amount
    ]
    for entry, amount in ready:
        backlog.reduce(account, entry, amount)
    return _make_picklists(account, order, shares)


def announce(account: Account, made: list[Picklist]) -> None:
    """Emit the event of each new picklist."""
    for picklist in made:
        account.emit("picklists.created", order_wire.picklist(account, picklist))


def _make_picklists(account: Account, order: Order, shares: list[Share]) -> list[Picklist]:
    """Create one picklist per warehouse."""
    by_warehouse = sorted(shares, key=lambda share: share.idwarehouse)
    return [
        picking.create(account, order, idwarehouse, list(group))
        for idwarehouse, group in groupby(by_warehouse, key=lambda share: share.idwarehouse)
    ]


def _part_lines(account: Account, line: OrderLine) -> list[OrderLine]:
    """Return lines for the parts of a composition's line."""
    product = account.state.products[line.idproduct]
    if not product.is_virtual:
        return []
    line.has_parts = bool(product.parts)
    found = []
    for part in product.parts:
        # The price stands on the line of the composition.
        values = {"amount": part.amount * line.amount, "price": 0.0}
        child = order_lines.line_of(account, account.state.products[part.idproduct], values)
        child.partof_idorder_product = line.idorder_product
        child.per_parent = part.amount
        found += [child, *_part_lines(account, child)]
    return found
