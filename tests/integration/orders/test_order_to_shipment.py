"""From the customer's order to the shipment: Picqer ships and Saleor shows it."""

from __future__ import annotations

import pytest

from tests.integration.support.connected_shop import ConnectedShop


@pytest.mark.parametrize("way", ["checkout", "draft_order"])
def test_order_is_fulfilled_with_tracking_when_picqer_ships(
    connected_shop: ConnectedShop, way: str
) -> None:
    shop = connected_shop.shop
    shop.products(2)
    run = connected_shop.full_sync()
    assert (run["status"], run["created"]) == ("DONE", 2)
    connected_shop.stock("SKU-1", 10)
    connected_shop.stock("SKU-2", 5)
    connected_shop.run_until_idle()
    assert shop.available("SKU-1") == 10

    order = getattr(shop, way)({"SKU-1": 2, "SKU-2": 1}, note="Ring twice")
    connected_shop.run_until_idle()

    remote = connected_shop.picqer_order(order)
    assert remote["status"] == "processing"
    assert remote["customer_remarks"] == "Ring twice"
    assert remote["deliverycountry"] == "NL"
    assert {p["productcode"]: p["amount"] for p in remote["products"]} == {"SKU-1": 2, "SKU-2": 1}
    assert shop.available("SKU-1") == connected_shop.free_stock("SKU-1") == 8

    connected_shop.ship(order, trackingcode="3STEST0001")
    connected_shop.run_until_idle()

    view = shop.order(order)
    assert view.status == "FULFILLED"
    assert view.tracking == ["3STEST0001"]
    (fulfilment,) = view.fulfilments
    assert fulfilment.lines == {"SKU-1": 2, "SKU-2": 1}
    assert fulfilment.warehouse == "Main"
    assert shop.available("SKU-1") == connected_shop.free_stock("SKU-1") == 8
    assert shop.stock("SKU-1")["Main"] == (8, 0)
    assert connected_shop.row(order).stage == "completed"
    assert any("Received by Picqer as order" in note for note in view.notes)
    assert any("3STEST0001" in note for note in view.notes)


def test_order_is_not_pushed_when_its_method_is_not_picqers(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5)

    order = connected_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    connected_shop.run_until_idle()

    assert connected_shop.orders() == []
    assert connected_shop.shop.order(order).notes == []


def test_order_is_fulfilled_in_parts_when_picqer_ships_in_parts(
    connected_shop: ConnectedShop,
) -> None:
    shop = connected_shop.shop
    shop.products(2)
    connected_shop.full_sync()
    connected_shop.stock("SKU-1", 5)
    connected_shop.stock("SKU-2", 5)
    connected_shop.run_until_idle()
    order = shop.checkout({"SKU-1": 2, "SKU-2": 1})
    connected_shop.run_until_idle()

    connected_shop.ship(order, trackingcode="PART-1", lines={"SKU-1": 2})
    connected_shop.run_until_idle()
    assert shop.order(order).status == "PARTIALLY_FULFILLED"
    assert [f.lines for f in shop.order(order).fulfilments] == [{"SKU-1": 2}]

    connected_shop.picqer_api("POST", "/backorders/process")
    connected_shop.ship(order, trackingcode="PART-2")
    connected_shop.run_until_idle()
    assert shop.order(order).status == "FULFILLED"
    assert sorted(shop.order(order).tracking) == ["PART-1", "PART-2"]


def test_order_is_cancelled_when_picqer_cancels(connected_shop: ConnectedShop) -> None:
    shop = connected_shop.shop
    connected_shop.offer(BEANS=5)
    order = connected_shop.order(BEANS=2)

    connected_shop.control(
        "POST", f"/orders/{connected_shop.picqer_order(order)['idorder']}/cancel"
    )
    connected_shop.run_until_idle()

    assert shop.order(order).status == "CANCELED"
    assert shop.available("BEANS") == connected_shop.free_stock("BEANS") == 5
