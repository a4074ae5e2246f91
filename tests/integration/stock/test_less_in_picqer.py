"""Orders of which Picqer holds less than Saleor has ordered."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from saleor_picqer.models import OutboxOrder
from tests.integration.stock.books import balances
from tests.integration.support.connected_shop import ConnectedShop


def check(shop: ConnectedShop, *, free: int, offered: int) -> None:
    """Check what is free in Picqer, and that the shop offers what is left of it."""
    (beans,) = [each for each in balances(shop.server.account.state) if each.sku == "BEANS"]
    assert beans.offered == beans.allowed == offered, str(beans)
    assert beans.free == free


def test_rest_is_not_offered_when_staff_entered_the_order_with_less(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F22: three of the five are in no order of Picqer."""
    order = stocked_shop.place(BEANS=5)
    long_ago = timezone.now() - timedelta(hours=1)
    OutboxOrder.objects.filter(order_pk=order).update(created_at=long_ago)
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(order), BEANS=2)

    stocked_shop.run_until_idle()

    row = stocked_shop.row(order)
    assert (row.remote_id, row.stage) == (entered, "processed")
    check(stocked_shop, free=8, offered=5)


def test_rest_is_not_offered_when_staff_lower_a_line_before_the_order_is_processed(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F22."""
    order = stocked_shop.shop.draft_order({"BEANS": 5}, paid=False)
    stocked_shop.run_until_idle()
    (line,) = stocked_shop.picqer_order(order)["products"]
    path = f"/orders/{stocked_shop.row(order).remote_id}/products/{line['idorder_product']}"
    stocked_shop.picqer_api("PUT", path, amount=2)
    stocked_shop.run_until_idle()

    stocked_shop.shop.pay(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.row(order).stage == "processed"
    check(stocked_shop, free=8, offered=5)


def test_rest_is_not_offered_once_the_order_is_read_whose_backorder_staff_deleted(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F22: what arrived for the backorder is free, and still ordered in Saleor."""
    order = stocked_shop.place(BEANS=5)
    stocked_shop.stock("BEANS", 2)
    stocked_shop.run_until_idle()
    stocked_shop.stock("BEANS", 5)
    stocked_shop.run_until_idle()
    check(stocked_shop, free=0, offered=0)
    (backorder,) = stocked_shop.picqer_api("GET", "/backorders")
    assert backorder["amount"] == 3

    stocked_shop.picqer_api("DELETE", f"/backorders/{backorder['idbackorder']}")
    remote_id = stocked_shop.row(order).remote_id
    stocked_shop.picqer_api("POST", f"/orders/{remote_id}/pause", reason="Asked the customer")
    stocked_shop.run_until_idle()

    check(stocked_shop, free=3, offered=0)
