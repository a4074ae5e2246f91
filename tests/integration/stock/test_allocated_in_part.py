"""An order that waits for its payment, of which Picqer has allocated less than was ordered."""

from __future__ import annotations

import pytest

from tests.integration.stock.books import balances
from tests.integration.support.connected_shop import ConnectedShop


@pytest.fixture
def order(stocked_shop: ConnectedShop) -> str:
    """Return an unpaid order of five, of which Picqer had three when it allocated the goods."""
    order = stocked_shop.shop.draft_order({"BEANS": 5}, paid=False)
    stocked_shop.stock("BEANS", 3)
    stocked_shop.run_until_idle()
    assert stocked_shop.row(order).stage == "allocated"
    check(stocked_shop, offered=0)
    return order


def check(shop: ConnectedShop, *, offered: int) -> None:
    """Check what the shop offers, and that this is what Picqer has left."""
    (beans,) = [each for each in balances(shop.server.account.state) if each.sku == "BEANS"]
    assert beans.offered == beans.allowed == offered, str(beans)


def test_new_stock_is_not_offered_twice(stocked_shop: ConnectedShop, order: str) -> None:
    """Failure mode F22: two of the five still have to come from the new stock."""
    stocked_shop.stock("BEANS", 13)
    stocked_shop.run_until_idle()

    assert stocked_shop.free_stock("BEANS") == 10
    check(stocked_shop, offered=8)


def test_offer_stays_when_the_order_is_processed(stocked_shop: ConnectedShop, order: str) -> None:
    stocked_shop.stock("BEANS", 13)
    stocked_shop.run_until_idle()

    stocked_shop.shop.pay(order)
    stocked_shop.worker.run()
    # No webhook has told yet that the order took two more.
    check(stocked_shop, offered=8)

    stocked_shop.run_until_idle()
    check(stocked_shop, offered=8)
    assert stocked_shop.free_stock("BEANS") == 8


def test_offer_follows_when_picqer_allocates_the_rest(
    stocked_shop: ConnectedShop, order: str
) -> None:
    stocked_shop.stock("BEANS", 13)
    remote_id = stocked_shop.row(order).remote_id

    stocked_shop.picqer_api("POST", f"/orders/{remote_id}/allocate")
    stocked_shop.run_until_idle()

    assert stocked_shop.free_stock("BEANS") == 8
    check(stocked_shop, offered=8)


def test_offer_rises_when_the_order_is_cancelled(stocked_shop: ConnectedShop, order: str) -> None:
    stocked_shop.stock("BEANS", 13)
    stocked_shop.run_until_idle()

    stocked_shop.shop.cancel(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.free_stock("BEANS") == 13
    check(stocked_shop, offered=13)


def test_offer_stays_when_picqers_staff_process_the_order(
    stocked_shop: ConnectedShop, order: str
) -> None:
    stocked_shop.stock("BEANS", 13)
    stocked_shop.run_until_idle()

    remote_id = stocked_shop.row(order).remote_id
    stocked_shop.picqer_api("POST", f"/orders/{remote_id}/process")
    stocked_shop.run_until_idle()

    assert stocked_shop.row(order).stage == "processed"
    check(stocked_shop, offered=8)
