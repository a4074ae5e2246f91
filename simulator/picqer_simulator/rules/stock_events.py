"""Stock events: emitted once per product whose numbers differ after an operation."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Product
from picqer_simulator.rules import products, stock

type _Numbers = tuple[int, int]


def emit(account: Account) -> None:
    """Emit one event per product and kind of change since the last call."""
    before = dict(account.stock_before)
    account.stock_before.clear()
    for idproduct in dict.fromkeys(idproduct for idproduct, _ in before):
        rows = {
            idwarehouse: numbers
            for (touched, idwarehouse), numbers in before.items()
            if touched == idproduct
        }
        _emit_product(account, account.state.products[idproduct], rows)


def _emit_product(account: Account, product: Product, before: dict[int, _Numbers]) -> None:
    """Emit the events of one product; `before` holds its old numbers per warehouse."""
    after = {idwarehouse: stock.numbers(account, product, idwarehouse) for idwarehouse in before}
    stock_changed = any(before[key][0] != after[key][0] for key in before)
    free_changed = any(before[key][1] != after[key][1] for key in before)
    if product.is_virtual:
        names = ["products.assembled_stock_changed"] if free_changed else []
    else:
        names = ["products.stock_changed"] * stock_changed
        names += ["products.free_stock_changed"] * free_changed
    for name in names:
        account.emit(name, products.wire(account, product))
