"""What a pressed button does while Saleor answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from saleor.product.models import ProductVariant

from saleor_picqer.models import ReconcileRun, SyncRun
from tests.integration.browser.orders import add_deliveries, failed_order
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, signed

if TYPE_CHECKING:
    from selenium.webdriver.remote.webelement import WebElement

    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from selenium.webdriver import Keys

from tests.integration.browser.staff_access import (
    hire,
    open_as_owner,
    open_order,
    open_page,
    open_product,
)

pytestmark = pytest.mark.usefixtures("no_history")

VAT = "Picqer has no VAT group of 8 %."
# Requests that hold these words wait until they are let go.
HOLD = """((words) => {
  const ask = window.fetch;
  window.held = [];
  window.fetch = (address, options) => options.body.includes(words)
    ? new Promise((go) => held.push(go)).then(() => ask(address, options))
    : ask(address, options);
})"""
LET_GO = "held.forEach((go) => go())"
FOCUS = "document.activeElement.textContent"


def press_twice(
    visitor: Visitor, element: WebElement, key: str = Keys.ENTER, words: str = "mutation"
) -> None:
    """Press by keyboard, and once more during the request; check that one request is sent."""
    visitor.script(f"{HOLD}({words!r})")
    visitor.browser.execute_script("arguments[0].focus()", element)
    element.send_keys(key)
    visitor.wait_for(lambda: visitor.script("held.length") == 1, "the request")
    active = visitor.browser.switch_to.active_element
    assert active == element, "the keyboard stays"
    assert element.get_attribute("aria-disabled") == "true"

    active.send_keys(key)

    assert visitor.script("held.length") == 1, "one request"
    visitor.script(LET_GO)
    visitor.wait_for(
        lambda: not visitor.script("document.querySelector('[aria-disabled=true][id]')"),
        "the answer",
    )
    assert visitor.script("held.length") == 1, "one request"


@pytest.mark.parametrize("words", ["Full sync", "Compare with Picqer", "Test connection"])
def test_keyboard_stays_on_a_button_of_the_overview_when_saleor_answers(
    visitor: Visitor, running_shop: ConnectedShop, words: str
) -> None:
    open_as_owner(visitor, running_shop)

    press_twice(visitor, visitor.button(words))

    said = "Picqer answers" if words == "Test connection" else "queued."
    visitor.wait_for(lambda: said in visitor.result, "the result")
    questions = visitor.questions()
    visitor.wait_for(
        lambda: words == "Test connection" or visitor.questions() > questions, "another look"
    )
    assert visitor.script(FOCUS) == words
    assert SyncRun.objects.count() + ReconcileRun.objects.count() == (said == "queued.")


def test_button_stays_pressed_when_the_page_is_drawn_anew(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    failed_order(running_shop, VAT)
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, status="queued")
    open_as_owner(visitor, running_shop)
    visitor.script(f"{HOLD}('mutation')")
    former = visitor.button("Retry all")
    former.send_keys(Keys.ENTER)
    questions = visitor.questions()
    visitor.wait_for(lambda: visitor.questions() >= questions + 2, "two more looks")
    assert visitor.button("Retry all") != former

    visitor.browser.switch_to.active_element.send_keys(Keys.ENTER)

    assert visitor.script("held.length") == 1
    assert visitor.script(FOCUS) == "Retry all"
    visitor.script(LET_GO)
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    running_shop.worker.run()
    visitor.wait_for_text("No order needs attention.")


@pytest.mark.parametrize("words", ["Retry now", "Retry selected"])
def test_orders_of_a_list_are_retried_once_when_a_button_is_pressed_twice(
    visitor: Visitor, running_shop: ConnectedShop, words: str
) -> None:
    failed_order(running_shop, VAT)
    open_as_owner(visitor, running_shop)
    visitor.unfold("Show the orders")
    visitor.wait_for_text("Retry now")
    visitor.tick("All orders shown")

    press_twice(visitor, visitor.button(words))

    visitor.wait_for(lambda: visitor.result.endswith("1 order queued."), "the result")
    running_shop.worker.run()
    visitor.wait_for_text("No order needs attention.")
    assert visitor.script(FOCUS) == "Picqer"


def test_keyboard_stays_in_the_deliveries_when_one_is_replayed(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    signed(running_shop, BODY)
    running_shop.run_until_idle()
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for_text("Replay all that match")

    press_twice(visitor, visitor.button("Replay"))

    visitor.wait_for(lambda: visitor.result == "1 delivery queued.", "the result")
    assert visitor.script(FOCUS) == "Replay"


def test_next_rows_are_read_once_when_more_is_pressed_twice(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    add_deliveries(running_shop, 45)
    rows = "document.querySelectorAll('[aria-label=Deliveries] > li').length"
    open_as_owner(visitor, running_shop)
    visitor.unfold("Deliveries from Picqer")
    visitor.wait_for(lambda: visitor.script(rows) == 20, "20 deliveries")

    press_twice(visitor, visitor.button("Show more"), words="picqerDeliveries")

    visitor.wait_for(lambda: visitor.script(rows) == 40, "40 deliveries")
    assert visitor.script(FOCUS) == "Show more"


def test_shipping_method_is_marked_once_when_it_is_ticked_twice(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_as_owner(visitor, running_shop)
    box = visitor.field("Courier (Netherlands)")
    before = box.is_selected()

    press_twice(visitor, box, Keys.SPACE)

    visitor.wait_for(lambda: "Courier (Netherlands)" in visitor.result, "the result")
    assert visitor.field("Courier (Netherlands)").is_selected() is not before
    assert visitor.browser.switch_to.active_element == visitor.field("Courier (Netherlands)")
    running_shop.connect()


def test_keyboard_stays_on_the_page_of_an_order_when_it_is_retried(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = failed_order(running_shop, VAT)
    open_order(visitor, hire(running_shop.shop, "manage_orders"), order)
    visitor.wait_for_text("Retry now")

    press_twice(visitor, visitor.button("Retry now"))

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    visitor.wait_for(lambda: not visitor.heading.startswith("Stopped"), "the new state")
    assert visitor.script(FOCUS) in ("Retry now", visitor.heading)


def test_keyboard_stays_on_the_page_of_a_product_when_it_is_pushed(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    product = to_global_id("Product", ProductVariant.objects.get(sku="BEANS").product_id)
    clerk = hire(running_shop.shop, "manage_products", email="products@example.com")
    open_product(visitor, clerk, product)
    visitor.wait_for_text("Push this product")

    press_twice(visitor, visitor.button("Push this product"))

    visitor.wait_for(lambda: "will be sent to Picqer" in visitor.result, "the result")
    assert visitor.script(FOCUS) == "Push this product"


@pytest.mark.parametrize("words", ["Test connection", "Preview"])
def test_keyboard_stays_on_a_button_of_the_set_up_when_saleor_answers(
    visitor: Visitor, running_shop: ConnectedShop, words: str
) -> None:
    running_shop.connect()
    manager = hire(running_shop.shop, "manage_plugins", email="manager@example.com")
    open_page(visitor, manager, "/setup")
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")

    press_twice(visitor, visitor.button(words))

    if words == "Preview":
        visitor.wait_for_text("The preview waits for a worker")
        running_shop.run_until_idle()
        visitor.wait_for(lambda: visitor.result == "The preview is ready.", "the preview")
    else:
        visitor.wait_for_text("Picqer answers at 127.0.0.1")
    assert visitor.script(FOCUS) == words
