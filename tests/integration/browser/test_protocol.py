"""The dashboard's protocol and its traps: tokens, handshakes, forged addresses and messages."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from saleor_picqer.models import OutboxOrder
from tests.integration.browser.orders import failed_order, unsent_order
from tests.integration.support.api import to_pk
from tests.integration.support.connected_shop import ConnectedShop

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import (
    hire,
    hire_for_channels,
    in_dashboard,
    open_order,
    open_overview,
    open_page,
    token_of_order,
    token_of_page,
)

SOON = timedelta(seconds=2)
# A token with this lifetime is refused at once.
OVER = timedelta(seconds=-1)


@in_dashboard
def test_second_handshake_changes_nothing(visitor: Visitor, running_shop: ConnectedShop) -> None:
    operator = hire(running_shop.shop, "manage_orders")
    token = token_of_page(operator)
    visitor.open_in_dashboard("/overview", token)
    visitor.wait_for_text("Orders that need attention")
    questions = visitor.questions()

    visitor.dashboard_says("handshake", token=token, version=1, dashboardVersion="v3.23.27")
    visitor.wait_for(lambda: len(visitor.messages()) > 0)

    assert visitor.questions() == questions == 1


@in_dashboard
def test_next_token_is_used_when_the_dashboard_sends_one(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any
) -> None:
    OutboxOrder.objects.all().delete()
    failed_order(running_shop, "Picqer has no VAT group of 8 %.")
    operator = hire(running_shop.shop, "manage_orders")
    fresh = token_of_page(operator)
    settings.JWT_TTL_APP_ACCESS = SOON
    visitor.open_in_dashboard("/overview", token_of_page(operator))
    visitor.wait_for_text("Picqer has no VAT group of 8 %.")
    time.sleep(SOON.total_seconds() + 1)

    visitor.dashboard_says("tokenRefresh", token=fresh)
    visitor.press("Retry all")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")


@in_dashboard
def test_popup_says_what_to_do_when_its_token_has_expired(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any
) -> None:
    """The dashboard never sends a pop-up a new token."""
    order = unsent_order(running_shop)
    operator = hire(running_shop.shop, "manage_orders")
    settings.JWT_TTL_APP_ACCESS = SOON
    visitor.open_in_dashboard("/order", token_of_order(operator), orderId=order)
    visitor.wait_for_text("Send it anyway")
    time.sleep(SOON.total_seconds() + 1)

    visitor.press("Send it anyway")

    words = "Your access has ended. Close Picqer and open it again."
    visitor.wait_for(lambda: visitor.result == words, "the result")
    assert visitor.can_press("Send it anyway"), "the page stays"
    assert not OutboxOrder.objects.filter(requested=True).exists()


@in_dashboard
def test_card_whose_token_has_expired_goes_on_with_the_next_one(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any
) -> None:
    """The dashboard of Saleor 3.22 sends a card no new token."""
    order = unsent_order(running_shop)
    operator = hire(running_shop.shop, "manage_orders")
    fresh = token_of_order(operator)
    open_order(visitor, operator, order, "/order-card")
    visitor.wait_for_text("Send it anyway")
    settings.JWT_TTL_APP_ACCESS = OVER
    visitor.dashboard_says("tokenRefresh", token=token_of_order(operator))

    visitor.press("Send it anyway")

    words = "Your access has ended. Reload the page."
    visitor.wait_for(lambda: visitor.result == words, "the result")
    visitor.dashboard_says("tokenRefresh", token=fresh)
    visitor.wait_for(lambda: visitor.result == "", "no message")
    visitor.press("Send it anyway")
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")


@in_dashboard
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/overview", "Reload the page."),
        ("/order-card", "Reload the page."),
        ("/order", "Close Picqer and open it again."),
    ],
)
def test_page_whose_first_token_is_refused_is_drawn_with_the_next_one(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any, path: str, words: str
) -> None:
    order = unsent_order(running_shop)
    operator = hire(running_shop.shop, "manage_orders")
    make = token_of_page if path == "/overview" else token_of_order
    fresh = make(operator)
    settings.JWT_TTL_APP_ACCESS = OVER
    visitor.open_in_dashboard(path, make(operator), orderId=order)
    visitor.wait_for(lambda: visitor.heading == "Your access has ended.", "the heading")
    assert words in visitor.text

    visitor.dashboard_says("tokenRefresh", token=fresh)

    drawn = "Deliveries from Picqer" if path == "/overview" else "Send it anyway"
    visitor.wait_for_text(drawn)
    assert "Your access has ended" not in visitor.text


@in_dashboard
def test_filled_in_form_stays_when_the_token_has_expired(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any
) -> None:
    manager = hire(running_shop.shop, "manage_plugins", email="manager@example.com")
    fresh = token_of_page(manager)
    open_page(visitor, manager, "/setup")
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    settings.JWT_TTL_APP_ACCESS = OVER
    visitor.dashboard_says("tokenRefresh", token=token_of_page(manager))
    visitor.fill("Storefront", "Tea shop")
    visitor.fill("Picqer API key", running_shop.server.api_key)

    visitor.press("Save")

    words = "Your access has ended. Reload the page."
    visitor.wait_for(lambda: visitor.result == words, "the result")
    assert visitor.field("Storefront").get_property("value") == "Tea shop"
    key = visitor.field("Picqer API key").get_property("value")
    assert key == running_shop.server.api_key
    visitor.dashboard_says("tokenRefresh", token=fresh)
    visitor.press("Save")
    visitor.wait_for(lambda: visitor.result.startswith("Saved."), "the result")
    assert running_shop.shop.plugin().settings["storefront"] == "Tea shop"


@in_dashboard
def test_message_of_another_window_is_ignored(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    visitor.open_in_dashboard("/overview", "")
    visitor.wait_for_text("You may not see this")
    token = token_of_page(hire(running_shop.shop, "manage_orders"))

    visitor.browser.execute_script(
        "window.postMessage({type: 'handshake', payload: {token: arguments[0]}}, '*')", token
    )
    visitor.other_frame_says("handshake", token=token, dashboardVersion="v3.23.27")
    visitor.other_frame_says("theme", theme="dark")
    time.sleep(1)

    assert visitor.questions() == 0
    assert visitor.heading == "You may not see this"
    assert visitor.script("document.documentElement.dataset.theme") == "light"


@in_dashboard
@pytest.mark.parametrize(
    "message",
    [
        {"type": "localeChanged", "payload": {"locale": "nl"}},
        {"type": "redirect", "payload": {"path": "/orders"}},
        {"type": "response", "payload": {"actionId": "unknown", "ok": False}},
        {"type": "unknown", "payload": {"token": "other"}},
        {"type": "theme", "payload": {"theme": "<b>"}},
        {"type": "theme"},
        {"type": "handshake"},
        {"type": "handshake", "payload": "text"},
        {"type": "handshake", "payload": {"token": {}, "dashboardVersion": ["3"]}},
        {"type": "tokenRefresh", "payload": None},
        {"type": "tokenRefresh", "payload": {"token": None}},
        {"type": None},
        ["handshake"],
        "handshake",
        7,
        None,
    ],
)
def test_page_goes_on_after_a_message_of_no_use(
    visitor: Visitor, running_shop: ConnectedShop, message: Any
) -> None:
    OutboxOrder.objects.all().delete()
    failed_order(running_shop, "Picqer has no VAT group of 8 %.")
    open_overview(visitor, hire(running_shop.shop, "manage_orders"))
    visitor.wait_for_text("Picqer has no VAT group of 8 %.")
    visitor.browser.get_log("browser")  # type: ignore[no-untyped-call]
    text, address = visitor.text, visitor.script("location.href")

    visitor.dashboard_sends(message)

    visitor.press("Retry all")
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    assert text.startswith("Picqer ")
    assert visitor.script("location.href") == address
    assert visitor.script("document.documentElement.dataset.theme") == "light"
    assert visitor.browser.get_log("browser") == []  # type: ignore[no-untyped-call]


@in_dashboard
def test_channels_are_hidden_from_staff_of_another_channel(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F105."""
    stranger = hire_for_channels(running_shop.shop)

    visitor.open_in_dashboard("/overview", token_of_page(stranger))

    visitor.wait_for_text("There is no channel that you may see.")
    assert running_shop.shop.channel_slug not in visitor.text


@in_dashboard
def test_staff_of_one_channel_see_and_do_only_what_concerns_that_channel(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F105: the same cause stops orders of both channels."""
    from saleor.channel.models import Channel

    vat = "Picqer has no VAT group of 8 %."
    OutboxOrder.objects.all().delete()
    own = to_pk(failed_order(running_shop, vat))
    second = running_shop.shop.create_channel("second")
    fields = {"stage": "failed", "last_error": vat, "attention": vat}
    other = OutboxOrder.objects.create(order_pk="other", channel=second.pk, **fields)
    first = Channel.objects.get(pk=running_shop.shop.channel_pk)
    clerk = hire_for_channels(running_shop.shop, first)
    try:
        visitor.open_in_dashboard("/overview", token_of_page(clerk))
        visitor.wait_for_text("1 order, the oldest from")
        assert "second" not in visitor.text

        visitor.press("Retry all")

        visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
        running_shop.worker.run()
        assert running_shop.row(own).stage == "processed"
        other.refresh_from_db()
        assert other.stage == "failed"
    finally:
        other.delete()
        second.delete()


def test_staff_of_orders_see_no_syncs_and_managers_of_plugins_no_orders(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    open_overview(visitor, hire(running_shop.shop, "manage_orders"))
    visitor.wait_for_text("Deliveries from Picqer")
    assert "Full sync" not in visitor.text
    assert "Signs of life" not in visitor.text

    manager = hire(running_shop.shop, "manage_plugins", email="manager@example.com")
    open_overview(visitor, manager)
    visitor.wait_for_text("You may not see the orders of this channel.")
    assert "Full sync" in visitor.text
    assert "Orders that need attention" not in visitor.text
