"""Stock of the shop."""

from __future__ import annotations

from collections.abc import Mapping

from saleor_picqer.hosts.common import stock_levels
from saleor_picqer.sync.ports.shop import ReservedOrders


class Stock:
    """Stock of the shop: implements `sync.ports.shop.ShopStock`."""

    def set_stocks(
        self,
        warehouse_pk: str,
        levels: Mapping[str, int],
        reserved: ReservedOrders,
        *,
        complete: bool,
    ) -> int:
        return stock_levels.set_stocks(warehouse_pk, levels, reserved, complete=complete)
