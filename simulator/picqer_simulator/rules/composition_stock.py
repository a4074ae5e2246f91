"""The stock of compositions, computed from the stock of their parts."""

from __future__ import annotations

from collections import Counter

from picqer_simulator.core.models import Product, StockRow
from picqer_simulator.core.state import State


def goods(state: State, product: Product) -> Counter[int]:
    """Return the amounts of physical products in one piece of the product."""
    if not product.is_virtual:
        return Counter({product.idproduct: 1} if product.keeps_stock else {})
    total: Counter[int] = Counter()
    for part in product.parts:
        for idproduct, amount in goods(state, state.products[part.idproduct]).items():
            total[idproduct] += amount * part.amount
    return total


def assembled_row(state: State, product: Product, idwarehouse: int) -> StockRow:
    """Return how many pieces the free stock of the parts allows."""
    needed = goods(state, product)
    possible = [
        state.products[idproduct].stock.get(idwarehouse, StockRow()).freestock // amount
        for idproduct, amount in needed.items()
    ]
    return StockRow(stock=max(0, min(possible, default=0)))
