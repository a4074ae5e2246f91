"""Orders that are not ours, or are ours although they do not look like it."""

from __future__ import annotations

import pytest

from saleor_picqer.models import InboxEvent
from tests.integration.support.connected_shop import Connected
from tests.integration.test_command import picqer as manage

# --- orders of others


def test_event_of_a_foreign_order_is_ignored(stocked: Connected) -> None:
    """Failure mode F54."""
    order = stocked.order(BEANS=1)
    foreign = stocked.enter("W-77", TEA=1)

    stocked.api("POST", f"/orders/{foreign}/process")
    stocked.picqer("POST", f"/orders/{foreign}/ship")
    stocked.settle()

    assert not InboxEvent.objects.filter(status="failed").exists()
    assert stocked.shop.order(order).status == "UNFULFILLED"


def test_event_of_a_foreign_order_is_ignored_when_it_has_our_reference(stocked: Connected) -> None:
    """Failure mode F54: an order is known by its id."""
    order = stocked.order(BEANS=1)
    foreign = stocked.enter(stocked.number(order), TEA=1)

    stocked.api("POST", f"/orders/{foreign}/process")
    stocked.picqer("POST", f"/orders/{foreign}/ship")
    stocked.settle()

    assert stocked.shop.order(order).status == "UNFULFILLED"
    assert stocked.row(order).remote_id != foreign


def test_order_stops_when_another_shop_uses_its_reference(stocked: Connected) -> None:
    """Failure mode F54: noticed when the order has to be looked for."""
    stocked.fault("POST", "/orders", "drop-before")
    order = stocked.place(BEANS=1)
    stocked.settle()
    foreign = stocked.enter(stocked.number(order), TEA=1)

    stocked.later()

    view = stocked.shop.order(order)
    assert stocked.row(order).stage == "failed"
    assert "with other products" in view.picqer["attention"]
    assert "prefix" in view.notes[-1]
    assert [found["idorder"] for found in stocked.orders()] == [foreign]


def test_order_arrives_when_the_channel_gets_a_prefix(stocked: Connected) -> None:
    """Failure mode F54: the way out that the reason names."""
    stocked.fault("POST", "/orders", "drop-before")
    order = stocked.place(BEANS=1)
    stocked.settle()
    number = stocked.number(order)
    stocked.enter(number, TEA=1)
    stocked.later()

    stocked.connect(reference_prefix="SHOP-")
    stocked.settle()
    manage("retry", number, "--now")
    stocked.settle()

    assert stocked.remote(order)["reference"] == f"SHOP-{number}"
    assert stocked.remote(order)["status"] == "processing"
    assert "attention" not in stocked.shop.order(order).picqer


# --- ours, although


def test_order_is_followed_when_the_warehouse_changes_its_reference(stocked: Connected) -> None:
    """Failure mode F55."""
    order = stocked.order(BEANS=1)
    remote = stocked.row(order).remote_id
    stocked.api("PUT", f"/orders/{remote}", reference="Jan's order")

    stocked.picqer("POST", f"/orders/{remote}/ship")
    stocked.settle()

    assert stocked.shop.order(order).status == "FULFILLED"


@pytest.fixture
def stuck(stocked: Connected) -> str:
    """An order that Picqer would not take."""
    stocked.fault("POST", "/orders", "500")
    order = stocked.place(BEANS=2)
    stocked.settle()
    assert stocked.orders() == []
    return order


def test_order_is_adopted_when_somebody_typed_it_in(stocked: Connected, stuck: str) -> None:
    """Failure mode F56."""
    entered = stocked.enter(stocked.number(stuck), BEANS=2)

    stocked.later()

    assert [found["idorder"] for found in stocked.orders()] == [entered]
    assert stocked.remote(stuck)["status"] == "processing"
    assert stocked.shop.order(stuck).picqer["idorder"] == str(entered)


def test_order_is_followed_when_somebody_typed_it_in_and_processed_it(
    stocked: Connected, stuck: str
) -> None:
    """Failure mode F56."""
    entered = stocked.enter(stocked.number(stuck), BEANS=2)
    stocked.api("POST", f"/orders/{entered}/process")
    stocked.settle()

    stocked.later()

    assert stocked.row(stuck).stage == "processed"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 8


def test_order_is_fulfilled_when_somebody_typed_it_in_and_shipped_it(
    stocked: Connected, stuck: str
) -> None:
    """Failure mode F56."""
    entered = stocked.enter(stocked.number(stuck), BEANS=2)
    stocked.api("POST", f"/orders/{entered}/process")
    stocked.picqer("POST", f"/orders/{entered}/ship", trackingcode="BY-HAND")
    stocked.settle()

    stocked.later()

    view = stocked.shop.order(stuck)
    assert (view.status, view.tracking) == ("FULFILLED", ["BY-HAND"])
    assert stocked.row(stuck).stage == "completed"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 8
