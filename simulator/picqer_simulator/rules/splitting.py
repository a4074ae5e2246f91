"""AutoSplit: the decision which warehouse delivers which part of an order.

Documented by Picqer: a single warehouse if it has all products, in order of priority; otherwise as
few warehouses as possible. Without AutoSplit or partial delivery, nothing is picked until all
products can be picked. A backorder belongs to a warehouse that delivers another part of the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Order, OrderLine
from picqer_simulator.rules import allocations, composition_stock, stock


class Share(NamedTuple):
    """An amount of an order line in a warehouse."""

    line: OrderLine
    idwarehouse: int
    amount: int


class Split(NamedTuple):
    """The shares to pick now, and the shares to put on backorder."""

    picks: list[Share]
    shorts: list[Share]


class _Shelves:
    """The stock that remains while a way to split an order is tried."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._taken: Counter[tuple[int, int]] = Counter()

    def take(self, line: OrderLine, idwarehouse: int, wanted: int) -> int:
        """Take up to `wanted` pieces; of a virtual composition all pieces or none."""
        product = self._account.state.products[line.idproduct]
        needed = composition_stock.goods(self._account.state, product)
        possible = min(
            (self._left(key, idwarehouse) // each for key, each in needed.items()), default=wanted
        )
        amount = max(0, min(wanted, possible))
        # A composition is delivered from a single warehouse.
        if product.is_virtual and amount < wanted:
            return 0
        for key, each in needed.items():
            self._taken[key, idwarehouse] += amount * each
        return amount

    def _left(self, idproduct: int, idwarehouse: int) -> int:
        """Return the remaining pieces of a product in a warehouse."""
        product = self._account.state.products[idproduct]
        pickable = stock.pickable(self._account, product, idwarehouse)
        return pickable - self._taken[idproduct, idwarehouse]


def split(account: Account, order: Order) -> Split:
    """Divide an order among the warehouses that may fulfil the order."""
    ids = [warehouse.idwarehouse for warehouse in allocations.candidates(account, order)]
    lines = [line for line in order.products if line.partof_idorder_product is None]
    wanted = sum(line.amount for line in lines)
    picks = _fewest_warehouses(account, lines, ids, order)
    if order.needs_one_delivery and _total(picks) < wanted:
        return Split([], [Share(line, ids[0], line.amount) for line in lines])
    return Split(picks, _shorts(lines, picks, ids[0]))


def _fewest_warehouses(
    account: Account, lines: Sequence[OrderLine], ids: list[int], order: Order
) -> list[Share]:
    """Return the shares of the smallest group of warehouses that delivers the most."""
    # All warehouses together deliver the most that is possible.
    best = _total(_fill(account, lines, ids))
    largest = len(ids) if order.auto_split else 1
    for size in range(1, largest + 1):
        # `combinations` keeps the order, so groups with the best priority come first.
        for group in combinations(ids, size):
            picks = _fill(account, lines, group)
            if _total(picks) == best:
                return picks
    return []


def _fill(account: Account, lines: Iterable[OrderLine], ids: Iterable[int]) -> list[Share]:
    """Return the shares that a group of warehouses can deliver."""
    shelves = _Shelves(account)
    ids = list(ids)
    picks = []
    for line in lines:
        left = line.amount
        for idwarehouse in ids:
            amount = shelves.take(line, idwarehouse, left)
            if amount:
                picks.append(Share(line, idwarehouse, amount))
            left -= amount
            if not left:
                break
    return picks


def _shorts(lines: Iterable[OrderLine], picks: Sequence[Share], fallback: int) -> list[Share]:
    """Return the shares that no warehouse can deliver now."""
    shorts = []
    for line in lines:
        own = [share for share in picks if share.line is line]
        left = line.amount - _total(own)
        if left:
            # Preferably the warehouse of the same line, then of any line, then the first.
            idwarehouse = next((share.idwarehouse for share in (*own, *picks)), fallback)
            shorts.append(Share(line, idwarehouse, left))
    return shorts


def _total(shares: Iterable[Share]) -> int:
    return sum(share.amount for share in shares)
