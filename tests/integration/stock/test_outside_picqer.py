"""Goods that leave Picqer's warehouse without Picqer."""

from __future__ import annotations

from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.runs import pull


def test_goods_are_offered_until_picqer_counts_them_out_when_staff_ship_them_by_hand(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F94: what "Stock" in docs/stock.md says of other shipping methods."""
    order = stocked_shop.shop.draft_order({"BEANS": 2}, shipping_method="Courier")
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []
    pull(stocked_shop)
    assert (stocked_shop.shop.available("BEANS"), stocked_shop.free_stock("BEANS")) == (8, 10)

    stocked_shop.shop.fulfil(order, warehouse="Main")
    pull(stocked_shop)
    assert stocked_shop.shop.available("BEANS") == 10

    stocked_shop.stock("BEANS", 8)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.available("BEANS") == 8
