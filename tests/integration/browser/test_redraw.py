"""What is under a reader's hands while the app's page is drawn anew every few seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from saleor_picqer.models import OutboxOrder, SyncRun
from tests.integration.browser.orders import add_failed_orders, failed_order
from tests.integration.support.connected_shop import ConnectedShop

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from selenium.webdriver import Keys

from tests.integration.browser.staff_access import open_as_owner

VAT = "Picqer has no VAT group of 8 %."
ROWS = "document.querySelectorAll('li li').length"
FOCUS = "document.activeElement.textContent"
BOTTOM = "window.scrollTo(0, document.documentElement.scrollHeight)"


@pytest.fixture(autouse=True)
def sync_under_way(running_shop: ConnectedShop, no_history: None) -> None:
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="queued")


def test_list_that_is_read_stays_with_its_rows_and_place(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    add_failed_orders(running_shop, range(45), VAT)
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for(lambda: visitor.script(ROWS) == 20, "the first page")
    visitor.press("Show more")
    visitor.wait_for(lambda: visitor.script(ROWS) == 40, "the second page")
    visitor.script("document.querySelectorAll('li li')[30].scrollIntoView()")
    place = visitor.script("scrollY")

    visitor.wait_for_two_looks()

    assert visitor.script(ROWS) == 40
    assert visitor.script("scrollY") == place > 0


def test_list_is_read_again_after_an_action_without_a_jump(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    add_failed_orders(running_shop, range(10), VAT)
    failed_order(running_shop, VAT)
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for(lambda: visitor.script(ROWS) == 11, "the orders")
    visitor.script("document.querySelectorAll('li li')[0].scrollIntoView()")
    place = visitor.script("scrollY")

    visitor.press("Keep from Picqer")

    visitor.wait_for(lambda: visitor.result.endswith("kept from Picqer."), "the result")
    visitor.wait_for(lambda: visitor.script(ROWS) == 10, "the list without the order")
    assert visitor.script("scrollY") == place > 0


def test_text_and_caret_stay_while_a_person_types(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for(lambda: visitor.has_field("Order number"), "the filter")
    entry = visitor.field("Order number")
    entry.send_keys("O2-7", Keys.ARROW_LEFT, Keys.ARROW_LEFT)

    visitor.wait_for_two_looks()

    visitor.browser.switch_to.active_element.send_keys("026")
    assert entry.get_property("value") == "O2026-7"


def test_keyboard_and_scroll_position_stay_on_a_button(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    add_failed_orders(running_shop, range(30), VAT)
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for(lambda: visitor.script(ROWS) == 20, "the orders")
    visitor.browser.execute_script("arguments[0].focus()", visitor.button("Retry all"))
    visitor.script(BOTTOM)
    place = visitor.script("scrollY")

    visitor.wait_for_two_looks()

    assert visitor.script(FOCUS) == "Retry all"
    assert visitor.script("scrollY") == place > 0


def test_folded_part_stays_folded(visitor: Visitor, running_shop: ConnectedShop) -> None:
    open_as_owner(visitor, running_shop)
    visitor.unfold("Shipping methods")
    visitor.wait_for(lambda: "Courier" not in visitor.text, "no methods")

    visitor.wait_for_two_looks()

    assert "Courier" not in visitor.text


def test_keyboard_goes_to_the_heading_when_its_button_is_gone(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    add_failed_orders(running_shop, range(1), VAT)
    open_as_owner(visitor, running_shop)
    visitor.browser.execute_script("arguments[0].focus()", visitor.button("Retry all"))

    OutboxOrder.objects.all().delete()

    visitor.wait_for_text("No order needs attention.")
    assert visitor.script(FOCUS) == "Picqer"
