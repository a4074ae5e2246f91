"""Owns when a change of stock is an event: when a number really differs after an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.models import Product
from picqer_simulator.rules import products, stock

if TYPE_CHECKING:
    from picqer_simulator.core.account import Account

type _Numbers = tuple[int, int]


class StockWatch:
    """Remembers stock and free stock as they were before an operation touched them."""

    def __init__(self) -> None:
        self._before: dict[tuple[int, int], _Numbers] = {}

    def touch(self, account: Account, product: Product, idwarehouse: int) -> None:
        """Call before any change of the product's row, or of what it is made of."""
        key = (product.idproduct, idwarehouse)
        if key in self._before:
            return
        self._before[key] = _numbers(account, product, idwarehouse)
        for idparent in product.part_of:
            self.touch(account, account.state.products[idparent], idwarehouse)

    def report(self, account: Account) -> None:
        """Emit one event per product and kind of change since the last report."""
        before, self._before = self._before, {}
        for idproduct in dict.fromkeys(idproduct for idproduct, _ in before):
            rows = {
                idwarehouse: numbers
                for (touched, idwarehouse), numbers in before.items()
                if touched == idproduct
            }
            _report_product(account, account.state.products[idproduct], rows)

    def forget(self) -> None:
        self._before.clear()


def _numbers(account: Account, product: Product, idwarehouse: int) -> _Numbers:
    row = stock.row(account, product, idwarehouse)
    return row.stock, row.freestock


def _report_product(account: Account, product: Product, rows: dict[int, _Numbers]) -> None:
    after = {idwarehouse: _numbers(account, product, idwarehouse) for idwarehouse in rows}
    stock_changed = any(rows[key][0] != after[key][0] for key in rows)
    free_changed = any(rows[key][1] != after[key][1] for key in rows)
    if product.is_virtual:
        names = ["products.assembled_stock_changed"] if free_changed else []
    else:
        names = ["products.stock_changed"] * stock_changed
        names += ["products.free_stock_changed"] * free_changed
    for name in names:
        account.emit(name, products.wire(account, product))
