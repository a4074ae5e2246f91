"""Unfolded lists that follow, during a sync, what others change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from saleor_picqer.domain.run_problems import RunProblems
from saleor_picqer.models import InboxEvent, SyncRun
from tests.integration.browser.orders import add_failed_orders
from tests.integration.support.connected_shop import ConnectedShop

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from tests.integration.browser.staff_access import open_as_owner

VAT = "Picqer has no VAT group of 8 %."
ROWS = "document.querySelectorAll('li li').length"
BOXES = "li li input"
DELIVERIES = "document.querySelectorAll('[aria-label=Deliveries] > li').length"
POINTED = "document.elementFromPoint(pointer.x, pointer.y).closest('li').querySelector('input').id"
LEAVE = "document.activeElement.blur()"
# Counts the requests for lists, and remembers where the pointer is.
COUNT = """(() => {
  const ask = window.fetch;
  window.lists = 0;
  addEventListener("mousemove", ({ clientX: x, clientY: y }) => (window.pointer = { x, y }));
  window.fetch = (address, options) => {
    if (/picqerOrders|picqerDeliveries/.test(options.body)) lists += 1;
    return ask(address, options);
  };
})()"""


@pytest.fixture(autouse=True)
def sync_under_way(running_shop: ConnectedShop, no_history: None) -> None:
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="running")


def open_page(visitor: Visitor, shop: ConnectedShop) -> None:
    open_as_owner(visitor, shop)
    visitor.script(COUNT)


def open_orders(visitor: Visitor, shop: ConnectedShop, count: int) -> None:
    """Open the page with a list of orders of one cause."""
    add_failed_orders(shop, range(count), VAT)
    open_page(visitor, shop)
    visitor.unfold("Show the orders")
    visitor.wait_for(lambda: visitor.script(ROWS) == min(count, 20), "the orders")


def test_orders_that_fail_during_a_sync_join_the_open_list_with_one_request(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_orders(visitor, running_shop, 3)
    box = visitor.browser.find_elements(By.CSS_SELECTOR, BOXES)[2]
    chosen = box.get_attribute("value")
    box.send_keys(Keys.SPACE)
    visitor.script(LEAVE)
    visitor.wait_for_two_looks()
    assert visitor.script("lists") == 1, "a list is read once while nothing changes"

    add_failed_orders(running_shop, range(3, 5), VAT)

    visitor.wait_for(lambda: visitor.script(ROWS) == 5, "the list with the new orders")
    visitor.wait_for_two_looks()
    assert visitor.script("lists") == 2
    assert visitor.script(f"document.querySelector('{BOXES}:checked').value") == chosen


def test_list_of_several_pages_stays_as_it_is_when_another_order_fails(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_orders(visitor, running_shop, 45)
    visitor.button("Show more").send_keys(Keys.ENTER)
    visitor.wait_for(lambda: visitor.script(ROWS) == 40, "the second page")
    visitor.script(LEAVE)

    add_failed_orders(running_shop, range(45, 46), VAT)

    visitor.wait_for_text("46 orders, the oldest from")
    visitor.wait_for_two_looks()
    assert visitor.script("lists") == 2
    assert visitor.script(ROWS) == 40


def test_keyboard_stays_on_its_row_when_others_join_the_open_list(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_orders(visitor, running_shop, 3)
    box = visitor.browser.find_elements(By.CSS_SELECTOR, BOXES)[1]
    place = box.get_attribute("id")
    box.send_keys(Keys.SPACE)

    add_failed_orders(running_shop, range(3, 5), VAT)

    visitor.wait_for(lambda: visitor.script(ROWS) == 5, "the list with the new orders")
    assert visitor.script("document.activeElement.id") == place


def test_row_stays_under_the_pointer_when_others_join_the_open_list(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_orders(visitor, running_shop, 19)
    visitor.script(LEAVE)
    box = visitor.browser.find_elements(By.CSS_SELECTOR, BOXES)[9]
    ActionChains(visitor.browser).move_to_element(box).perform()
    under_pointer = visitor.script(POINTED)
    assert under_pointer == box.get_attribute("id")

    add_failed_orders(running_shop, range(19, 20), VAT)

    visitor.wait_for(lambda: visitor.script(ROWS) == 20, "the list with the new order")
    assert visitor.script(POINTED) == under_pointer


def test_deliveries_that_arrive_during_a_sync_join_the_open_list(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_page(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for_text("No delivery matches.")
    visitor.fill("Event", "orders.cancelled")
    visitor.button("Filter").send_keys(Keys.ENTER)
    visitor.wait_for(lambda: visitor.script("lists") == 2, "the answer")
    visitor.script(LEAVE)

    for number, event in enumerate(("orders.cancelled", "orders.completed")):
        InboxEvent.objects.create(
            channel=running_shop.shop.channel_pk,
            body_hash=str(number),
            status="done",
            event=event,
            received_at=timezone.now(),
        )

    visitor.wait_for_text("orders.cancelled, handled")
    assert visitor.script(DELIVERIES) == 1, "the filter stays"
    assert visitor.field("Event").get_property("value") == "orders.cancelled"


def test_problems_of_a_run_join_the_open_list(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    problems = RunProblems()
    problems.add("Cause 1.", "S-1")
    SyncRun.objects.update(problems=problems.dump(), numbers={"problems": 1})
    open_page(visitor, running_shop)
    visitor.unfold("1 problem")
    visitor.wait_for_text("Cause 1.")

    problems.add("Cause 2.", "S-2")
    SyncRun.objects.update(problems=problems.dump(), numbers={"problems": 2})

    visitor.wait_for_text("Cause 2.")
    assert "2 problems" in visitor.text
    assert visitor.script("lists") == 0
