"""Stock of the shop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager

from django.db.models import QuerySet
from saleor.warehouse.models import Stock as SaleorStock

from saleor_picqer.hosts.common import stock_levels, tracking
from saleor_picqer.sync.ports.shop import Recount


class Stock:
    """Stock of the shop: implements `sync.ports.shop.ShopStock`."""

    def recount(
        self,
        warehouse_pks: Collection[str],
        skus: Collection[str],
        new_quantities: Recount,
        *,
        order_pks: Collection[str] = (),
    ) -> int:
        changes = stock_levels.recount(warehouse_pks, skus, new_quantities, order_pks, self._lock)
        if changes:
            self._announce(changes)
        return len(changes)

    def _lock(self, stocks: QuerySet[SaleorStock]) -> list[SaleorStock]:
        return stock_levels.in_sequence(stocks)

    def _announce(self, changes: Sequence[stock_levels.Change]) -> None:
        """Do nothing: Saleor 2.10 has no events about stock."""

    def set_tracking(self, *, on: Collection[str], off: Collection[str]) -> None:
        tracking.set_tracking(on=on, off=off)

    def locked(self, order_pk: str) -> AbstractContextManager[None]:
        return stock_levels.locked(order_pk, self._lock)
