"""Orders in Picqer of other origin, and the shop's own orders under another reference."""

from __future__ import annotations

import pytest

from saleor_picqer.models import InboxEvent
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.staff import ADDRESS

# --- orders of others


def test_event_of_a_foreign_order_is_ignored(stocked_shop: ConnectedShop) -> None:
    """Failure mode F54."""
    order = stocked_shop.order(BEANS=1)
    foreign = stocked_shop.enter_in_picqer("W-77", TEA=1)

    stocked_shop.picqer_api("POST", f"/orders/{foreign}/process")
    stocked_shop.control("POST", f"/orders/{foreign}/ship")
    stocked_shop.run_until_idle()

    assert not InboxEvent.objects.filter(status="failed").exists()
    assert stocked_shop.shop.order(order).status == "UNFULFILLED"


def test_event_of_a_foreign_order_is_ignored_when_it_has_our_reference(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F54: an order is known by its id."""
    order = stocked_shop.order(BEANS=1)
    foreign = stocked_shop.enter_in_picqer(stocked_shop.number(order), TEA=1)

    stocked_shop.picqer_api("POST", f"/orders/{foreign}/process")
    stocked_shop.control("POST", f"/orders/{foreign}/ship")
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "UNFULFILLED"
    assert stocked_shop.row(order).remote_id != foreign


def test_order_stops_when_another_shop_uses_its_reference(stocked_shop: ConnectedShop) -> None:
    """Failure mode F54: noticed when the order has to be looked for."""
    stocked_shop.fail_next("POST", "/orders", "drop-before")
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    foreign = stocked_shop.enter_in_picqer(stocked_shop.number(order), TEA=1)

    stocked_shop.pass_time()

    view = stocked_shop.shop.order(order)
    assert stocked_shop.row(order).stage == "failed"
    assert "with other products" in view.picqer["attention"]
    assert "prefix" in view.notes[-1]
    assert [found["idorder"] for found in stocked_shop.orders()] == [foreign]


def test_order_stops_when_a_stranger_ordered_the_same_goods_with_its_reference(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F80: the stranger's order was adopted, and ours never sent."""
    stocked_shop.fail_next("POST", "/orders", "drop-before")
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    foreign = stocked_shop.enter_in_picqer(stocked_shop.number(order), BEANS=1)
    stocked_shop.picqer_api(
        "PUT", f"/orders/{foreign}", emailaddress="stranger@example.org", deliveryzipcode="9999 ZZ"
    )

    stocked_shop.pass_time()

    assert stocked_shop.row(order).stage == "failed"
    assert "for another customer" in stocked_shop.shop.order(order).picqer["attention"]


def test_order_typed_in_by_hand_is_adopted_when_the_postal_code_agrees(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F80: staff may leave out the e-mail address."""
    stocked_shop.fail_next("POST", "/orders", "drop-before")
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(order), BEANS=1)
    code = ADDRESS["postalCode"].replace(" ", "").lower()
    stocked_shop.picqer_api("PUT", f"/orders/{entered}", deliveryzipcode=code)

    stocked_shop.pass_time()

    assert stocked_shop.row(order).remote_id == entered


def test_order_arrives_when_the_channel_gets_a_prefix(stocked_shop: ConnectedShop) -> None:
    """Failure mode F54: the solution that the error names."""
    stocked_shop.fail_next("POST", "/orders", "drop-before")
    order = stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    number = stocked_shop.number(order)
    stocked_shop.enter_in_picqer(number, TEA=1)
    stocked_shop.pass_time()

    stocked_shop.connect(reference_prefix="SHOP-")
    stocked_shop.run_until_idle()
    manage_picqer("retry", number, "--now")
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["reference"] == f"SHOP-{number}"
    assert stocked_shop.remote(order)["status"] == "processing"
    assert "attention" not in stocked_shop.shop.order(order).picqer


# --- ours, although


def test_order_is_followed_when_the_warehouse_changes_its_reference(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F55."""
    order = stocked_shop.order(BEANS=1)
    remote = stocked_shop.row(order).remote_id
    stocked_shop.picqer_api("PUT", f"/orders/{remote}", reference="Jan's order")

    stocked_shop.control("POST", f"/orders/{remote}/ship")
    stocked_shop.run_until_idle()

    assert stocked_shop.shop.order(order).status == "FULFILLED"


@pytest.fixture
def stuck(stocked_shop: ConnectedShop) -> str:
    """Place an order refused by Picqer."""
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.place(BEANS=2)
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []
    return order


def test_order_is_adopted_when_staff_entered_it_in_picqer(
    stocked_shop: ConnectedShop, stuck: str
) -> None:
    """Failure mode F56."""
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(stuck), BEANS=2)

    stocked_shop.pass_time()

    assert [found["idorder"] for found in stocked_shop.orders()] == [entered]
    assert stocked_shop.remote(stuck)["status"] == "processing"
    assert stocked_shop.shop.order(stuck).picqer["idorder"] == str(entered)


def test_order_is_followed_when_staff_entered_and_processed_it(
    stocked_shop: ConnectedShop, stuck: str
) -> None:
    """Failure mode F56."""
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(stuck), BEANS=2)
    stocked_shop.picqer_api("POST", f"/orders/{entered}/process")
    stocked_shop.run_until_idle()

    stocked_shop.pass_time()

    assert stocked_shop.row(stuck).stage == "processed"
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 8


def test_order_is_fulfilled_when_staff_entered_and_shipped_it(
    stocked_shop: ConnectedShop, stuck: str
) -> None:
    """Failure mode F56."""
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(stuck), BEANS=2)
    stocked_shop.picqer_api("POST", f"/orders/{entered}/process")
    stocked_shop.control("POST", f"/orders/{entered}/ship", trackingcode="BY-HAND")
    stocked_shop.run_until_idle()

    stocked_shop.pass_time()

    view = stocked_shop.shop.order(stuck)
    assert (view.status, view.tracking) == ("FULFILLED", ["BY-HAND"])
    assert stocked_shop.row(stuck).stage == "completed"
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 8
