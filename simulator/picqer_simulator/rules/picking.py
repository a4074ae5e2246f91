"""The effects of a picklist on stock: reserve, pick, ship and put back."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Order, OrderLine, Picklist, PicklistLine, Product
from picqer_simulator.rules import backlog, order_wire, stock
from picqer_simulator.rules.splitting import Share


def create(account: Account, order: Order, idwarehouse: int, shares: list[Share]) -> Picklist:
    """Create a picklist of the shares and reserve its goods, without an event."""
    now = account.clock.stamp()
    idpicklist = account.state.new_id("picklist")
    picklist = Picklist(
        idpicklist=idpicklist,
        picklistid=f"P{now[:4]}-{idpicklist:04}",
        idcustomer=order.idcustomer,
        idorder=order.idorder,
        idwarehouse=idwarehouse,
        idtemplate=order.idtemplate,
        idshippingprovider_profile=order.idshippingprovider_profile,
        invoiced=order.invoiced,
        created=now,
        updated=now,
    )
    account.state.picklists[idpicklist] = picklist
    for share in shares:
        _add_line(account, order, picklist, share)
    return picklist


def pick(account: Account, picklist: Picklist, line: PicklistLine, amount: int) -> None:
    """Mark `amount` pieces of a line as picked."""
    line.amount_picked += amount
    if account.options.stock_lowered_at == "pick":
        product = _product(account, line)
        stock.take_picked(account, product, picklist.idwarehouse, amount)


def settle(account: Account, picklist: Picklist) -> None:
    """Take the picked goods out of stock, and create backorders for the rest."""
    order = account.state.orders[picklist.idorder]
    missing = [
        (line, line.amount - order_wire.amount_picked(picklist, line))
        for line in _top_lines(picklist)
    ]
    for line, short in missing:
        _put_back(account, picklist, line, line.amount - short)
    for line in picklist.lines_to_pick:
        _leave(account, picklist, line)
    _wait_again(account, order, picklist, missing)


def give_back(account: Account, picklist: Picklist, *, wait_again: bool) -> None:
    """Put all goods of a picklist back; create backorders if `wait_again`."""
    for line in _top_lines(picklist):
        _put_back(account, picklist, line, 0)
    for line in picklist.lines_to_pick:
        _leave(account, picklist, line)
    if wait_again:
        order = account.state.orders[picklist.idorder]
        missing = [(line, line.amount) for line in _top_lines(picklist)]
        _wait_again(account, order, picklist, missing)


def _add_line(
    account: Account,
    order: Order,
    picklist: Picklist,
    share: Share,
    parent: PicklistLine | None = None,
) -> None:
    """Add a line and its parts to a picklist, and reserve the goods."""
    line = _line_of(account, share, parent)
    picklist.products.append(line)
    for part in backlog.parts_of(order, share.line):
        below = Share(part, share.idwarehouse, share.amount * part.per_parent)
        _add_line(account, order, picklist, below, line)
    if not line.has_parts:
        product = _product(account, line)
        stock.reserve(account, product, share.idwarehouse, "reservedpicklists", line.amount)


def _line_of(account: Account, share: Share, parent: PicklistLine | None) -> PicklistLine:
    """Build the picklist line of a share."""
    source: OrderLine = share.line
    return PicklistLine(
        idpicklist_product=account.state.new_id("picklist_product"),
        idproduct=source.idproduct,
        idorder_product=source.idorder_product,
        idvatgroup=source.idvatgroup,
        productcode=source.productcode,
        name=source.name,
        remarks=source.remarks or None,
        amount=share.amount,
        price=source.price,
        weight=source.weight,
        partof_idpicklist_product=parent.idpicklist_product if parent else None,
        has_parts=source.has_parts,
        per_parent=source.per_parent,
    )


def _top_lines(picklist: Picklist) -> list[PicklistLine]:
    """Return the lines that are not parts of a composition."""
    return [line for line in picklist.products if line.partof_idpicklist_product is None]


def _put_back(account: Account, picklist: Picklist, line: PicklistLine, keep: int) -> None:
    """Return picked goods to stock until only `keep` pieces of the line are picked."""
    # The picked parts of an incomplete composition go back too.
    for part in picklist.products:
        if part.partof_idpicklist_product == line.idpicklist_product:
            _put_back(account, picklist, part, keep * part.per_parent)
    if line.has_parts:
        return
    surplus = line.amount_picked - keep
    line.amount_picked = keep
    product = _product(account, line)
    if account.options.stock_lowered_at == "pick" and product.keeps_stock:
        stock.move(account, product, picklist.idwarehouse, surplus, "Put back")
        stock.reserve(account, product, picklist.idwarehouse, "reservedpicklists", surplus)


def _leave(account: Account, picklist: Picklist, line: PicklistLine) -> None:
    """Take the picked pieces of a line out of stock and release the unpicked pieces."""
    product = _product(account, line)
    if account.options.stock_lowered_at == "close":
        stock.take_picked(account, product, picklist.idwarehouse, line.amount_picked)
    unpicked = line.amount - line.amount_picked
    stock.reserve(account, product, picklist.idwarehouse, "reservedpicklists", -unpicked)


def _wait_again(
    account: Account,
    order: Order,
    picklist: Picklist,
    missing: list[tuple[PicklistLine, int]],
) -> None:
    """Create backorders for the missing amounts."""
    lines = {line.idorder_product: line for line in order.products}
    for line, amount in missing:
        if amount:
            share = Share(lines[line.idorder_product], picklist.idwarehouse, amount)
            backlog.add(account, order, share)


def _product(account: Account, line: PicklistLine) -> Product:
    return account.state.products[line.idproduct]
