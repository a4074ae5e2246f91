"""Goods taken back in Saleor: fulfilments cancelled, returned, refunded or replaced."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer import tasks
from saleor_picqer.hosts import host
from saleor_picqer.plugin import PicqerPlugin
from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import StaffApi

has_returns = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no returns")
CAME_BACK = "Goods were returned, refunded or replaced in Saleor"


@pytest.fixture(params=["with its hook", "without its hook"])
def hook(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function to lose later hooks, in the second case."""

    def lose() -> None:
        if request.param == "without its hook":
            monkeypatch.setattr(PicqerPlugin, "_record", lambda *_: None)

    return lose


def sweep(connected_shop: ConnectedShop) -> None:
    tasks.sweep()
    connected_shop.run_until_idle()


def attention(connected_shop: ConnectedShop, order: str) -> str:
    return connected_shop.shop.order(order).picqer.get("attention", "")


def test_order_asks_for_attention_when_a_fulfilment_is_cancelled_while_the_rest_is_picked(
    stocked_shop: ConnectedShop, staff: StaffApi, hook: Any
) -> None:
    """Failure mode F89: told at once, and the goods are sent again after the rest."""
    order = stocked_shop.order(BEANS=3)
    stocked_shop.ship(order, lines={"BEANS": 1})
    stocked_shop.run_until_idle()

    hook()
    order_edits.cancel_fulfilment(stocked_shop.shop, order)
    sweep(stocked_shop)

    view = stocked_shop.shop.order(order)
    assert "A fulfilment was cancelled in Saleor: 1 x BEANS" in view.picqer["attention"]
    assert view.notes[-1] == view.picqer["attention"]
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") - 1
    stocked_shop.picqer_api("POST", "/backorders/process")
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()
    staff.push(order)
    stocked_shop.run_until_idle()
    assert stocked_shop.lines_of(order)["BEANS"]["amount"] == 1
    assert attention(stocked_shop, order) == ""
    sweep(stocked_shop)
    assert attention(stocked_shop, order) == ""


def test_order_asks_for_attention_when_its_fulfilment_is_cancelled_after_completion(
    stocked_shop: ConnectedShop, hook: Any
) -> None:
    """Failure mode F89."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    hook()
    order_edits.cancel_fulfilment(stocked_shop.shop, order)
    sweep(stocked_shop)

    assert "Push this order" in attention(stocked_shop, order)


@has_returns
def test_order_asks_for_attention_once_when_goods_are_returned(
    stocked_shop: ConnectedShop, staff: StaffApi, hook: Any
) -> None:
    """Failure mode F89: the second return changes neither status nor time of the order."""
    order = stocked_shop.order(BEANS=3)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    hook()
    order_edits.return_goods(stocked_shop.shop, order, BEANS=1)
    sweep(stocked_shop)
    assert attention(stocked_shop, order).startswith(f"{CAME_BACK} after Picqer had shipped")
    staff.push(order)
    stocked_shop.run_until_idle()
    assert attention(stocked_shop, order) == ""

    order_edits.return_goods(stocked_shop.shop, order, BEANS=1)
    sweep(stocked_shop)

    assert "1 x BEANS" in attention(stocked_shop, order)
    notes = stocked_shop.shop.order(order).notes
    assert len([note for note in notes if note.startswith(CAME_BACK)]) == 2
    sweep(stocked_shop)
    assert stocked_shop.shop.order(order).notes == notes


@has_returns
def test_flag_of_a_whole_return_ends_when_staff_push_the_order(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    """Failure mode F89: the order is closed in Saleor, and stays closed."""
    order = stocked_shop.order(BEANS=2)
    stocked_shop.ship(order)
    stocked_shop.run_until_idle()
    order_edits.return_goods(stocked_shop.shop, order, BEANS=2)
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).status == "RETURNED"
    assert "2 x BEANS" in attention(stocked_shop, order)

    staff.push(order)
    stocked_shop.run_until_idle()

    assert attention(stocked_shop, order) == ""
    assert len(stocked_shop.orders()) == 1


@has_returns
def test_order_asks_for_attention_when_unshipped_goods_are_refunded(
    stocked_shop: ConnectedShop, hook: Any
) -> None:
    """Failure mode F89: Picqer would ship what the customer has got the money back for."""
    order = stocked_shop.order(BEANS=3)

    hook()
    order_edits.refund_unshipped(stocked_shop.shop, order, BEANS=1)
    sweep(stocked_shop)

    assert attention(stocked_shop, order).startswith(f"{CAME_BACK} while Picqer still has order")
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS")
    (ended,) = host().fulfilments.ended(order)
    assert [*ended.quantities.values()] == [1]
