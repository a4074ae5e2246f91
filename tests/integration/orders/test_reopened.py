"""Orders open again after processing or shipping in Picqer."""

from __future__ import annotations

from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.staff_api import StaffApi


def push(connected_shop: ConnectedShop, order: str) -> None:
    StaffApi(connected_shop.shop.admin_api).push(order)
    connected_shop.run_until_idle()


def test_open_goods_are_sent_once_more_when_staff_push_the_order(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F89: a fulfilment is cancelled in Saleor after completion."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()
    assert stocked_shop.row(order).stage == "completed"

    order_edits.cancel_fulfilment(stocked_shop.shop, order)
    stocked_shop.pass_time()

    view = stocked_shop.shop.order(order)
    assert "Push this order" in view.picqer["attention"]
    assert len(stocked_shop.orders()) == 1

    push(stocked_shop, order)

    assert len(stocked_shop.orders()) == 2
    assert stocked_shop.remote(order)["status"] == "processing"
    assert stocked_shop.lines_of(order)["BEANS"]["amount"] == 2
    assert "attention" not in stocked_shop.shop.order(order).picqer


def test_goods_are_not_offered_twice_when_picqers_staff_reopen_an_order(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F93."""
    order = stocked_shop.order(BEANS=3)
    assert stocked_shop.shop.available("BEANS") == 7
    remote = stocked_shop.row(order).remote_id

    stocked_shop.picqer_api("POST", f"/orders/{remote}/reopen")
    stocked_shop.run_until_idle()

    assert stocked_shop.row(order).stage == "reopened"
    assert "Process it again in Picqer" in stocked_shop.shop.order(order).picqer["attention"]
    assert stocked_shop.shop.available("BEANS") == 7

    stocked_shop.picqer_api("POST", f"/orders/{remote}/process")
    stocked_shop.run_until_idle()

    assert stocked_shop.row(order).stage == "processed"
    assert "attention" not in stocked_shop.shop.order(order).picqer
    assert stocked_shop.shop.available("BEANS") == 7
