"""The page of an order in Chromium: place, parcels, and failed attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from saleor.order.models import Fulfillment

from saleor_picqer.models import OutboxOrder
from saleor_picqer.sync.orders import texts
from tests.integration.browser.orders import failed_order, unsent_order
from tests.integration.support.api import to_global_id, to_pk
from tests.integration.support.connected_shop import ConnectedShop

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import hire, in_dashboard, open_order
from tests.integration.browser.visitor import CARD

CARD_PATH = "/order-card"


def open_card(visitor: Visitor, shop: ConnectedShop, order: str) -> None:
    operator = hire(shop.shop, "manage_orders")
    open_order(visitor, operator, to_global_id("Order", order), CARD_PATH)


def test_whether_an_order_is_in_picqer_takes_one_click(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = running_shop.order(BEANS=1)

    open_card(visitor, running_shop, order)

    number = running_shop.row(order).remote_number
    visitor.wait_for(lambda: visitor.heading == f"In Picqer as {number}, being picked", "the place")
    assert visitor.clicks == 1
    assert visitor.links()[number].startswith(f"{running_shop.server.url}/orders/")
    assert not visitor.scrolls_sideways(CARD)


@in_dashboard
def test_link_to_picqer_is_opened_by_the_dashboard_in_another_tab(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """On Saleor 3.21 the frame may not open a tab."""
    order = running_shop.order(BEANS=1)
    number = running_shop.row(order).remote_number
    open_card(visitor, running_shop, order)
    visitor.wait_for(lambda: number in visitor.links(), "the link")

    visitor.follow(number)

    sent = visitor.redirect()
    assert sent["to"].startswith(f"{running_shop.server.url}/orders/")
    assert sent["newContext"]


def test_why_an_order_is_not_sent_takes_one_click(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F101."""
    open_card(visitor, running_shop, to_pk(unsent_order(running_shop)))

    words = 'Not sent: Picqer does not handle the shipping method "Courier".'
    visitor.wait_for(lambda: visitor.heading == words, words)
    assert visitor.clicks == 1
    assert visitor.button("Send it anyway")


def test_retry_of_a_failed_order_takes_two_clicks(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = to_pk(failed_order(running_shop, "Picqer has no VAT group of 8 %. Add it there."))
    open_card(visitor, running_shop, order)
    words = "Stopped: Picqer has no VAT group of 8 %. Add it there."
    visitor.wait_for(lambda: visitor.heading == words, words)

    visitor.press("Retry now")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    assert visitor.clicks == 2
    running_shop.run_until_idle()
    assert running_shop.row(order).stage == "processed"


def test_order_that_is_due_again_says_why_it_waits(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F101: the order may stay due until a worker comes."""
    running_shop.fail_next("POST", "/orders", "html", status=403)
    order = running_shop.order(BEANS=1)
    OutboxOrder.objects.filter(order_pk=order).update(not_before=None)

    open_card(visitor, running_shop, order)

    words = f"Waiting: {running_shop.row(order).last_error}"
    visitor.wait_for(lambda: visitor.heading == words, words)
    visitor.press("Retry now")
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    running_shop.run_until_idle()
    assert running_shop.row(order).stage == "processed"


def test_flagged_order_in_picqer_is_sent_again_with_two_clicks(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = running_shop.order(BEANS=1)
    number = running_shop.row(order).remote_number
    OutboxOrder.objects.filter(order_pk=order).update(attention=texts.open_again(number))
    open_card(visitor, running_shop, order)
    visitor.wait_for_text("Push this order to have the open goods sent once more")

    visitor.press("Send it again")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    assert visitor.clicks == 2
    running_shop.run_until_idle()


def test_order_whose_processing_failed_is_retried_with_two_clicks(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.fail_next("POST", "/orders/{idorder}/process", "html", status=403)
    order = running_shop.order(BEANS=1)
    open_card(visitor, running_shop, order)
    words = f"In Picqer as {running_shop.row(order).remote_number}, a concept"
    visitor.wait_for(lambda: visitor.heading == words, words)

    visitor.press("Retry now")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    running_shop.run_until_idle()
    assert running_shop.row(order).stage == "processed"


def test_parcels_are_shown_with_carrier_and_link(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = running_shop.order(BEANS=1)
    running_shop.close_picklist(order, parcels=2)
    running_shop.run_until_idle()

    open_card(visitor, running_shop, order)

    visitor.wait_for_text("Parcels PostNL ")
    parcels = running_shop.shop.order(order).fulfilments[0].parcels
    links = visitor.links()
    assert {parcel["code"]: links[parcel["code"]] for parcel in parcels} == {
        parcel["code"]: parcel["link"] for parcel in parcels
    }


def test_parcels_of_a_fulfilment_by_hand_are_its_tracking_number(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = running_shop.order(BEANS=1)
    running_shop.ship(order)
    running_shop.run_until_idle()
    metadata = {"picqer.parcels": '[{"code": 7}, "x"'}
    Fulfillment.objects.filter(order_id=order).update(tracking_number="3SABC", metadata=metadata)

    open_card(visitor, running_shop, order)

    visitor.wait_for_text("Parcels 3SABC")


def test_failed_attempts_are_shown_folded(visitor: Visitor, running_shop: ConnectedShop) -> None:
    running_shop.fail_next("POST", "/orders", "500", times=2)
    order = running_shop.order(BEANS=1)
    running_shop.pass_time()
    open_card(visitor, running_shop, order)
    visitor.wait_for_text("2 failed attempts")
    assert visitor.heading == f"Waiting: {running_shop.row(order).last_error}"

    visitor.unfold("2 failed attempts")

    visitor.wait_for(lambda: visitor.text.count(running_shop.row(order).last_error) == 3, "both")
    assert not visitor.scrolls_sideways(CARD)
