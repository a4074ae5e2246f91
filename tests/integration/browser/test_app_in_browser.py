"""The app's pages in Chromium: in the dashboard's frame on Saleor 3, signed in on Saleor 2.10."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from saleor_picqer.models import OutboxOrder
from saleor_picqer.sync.orders import texts
from tests.integration.browser.orders import failed_order, unsent_order
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import (
    hire,
    hire_for_channels,
    in_dashboard,
    open_order,
    open_overview,
    token_of_order,
    token_of_page,
)
from tests.integration.browser.visitor import CARD

EVIL = '<img src=x onerror="window.hacked=1"><b>bold</b> {{ 7 }}'
ORDER = to_global_id("Order", "5f2f7c1e-9d57-4b4c-8f0a-000000000000")


def test_order_is_sent_from_its_page_by_keyboard(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    order = unsent_order(running_shop)
    open_order(visitor, hire(running_shop.shop, "manage_orders"), order, "/order-card")
    visitor.wait_for_text("Picqer does not handle the shipping method")
    questions = visitor.questions()
    assert not visitor.scrolls_sideways(CARD)

    visitor.press_by_keyboard("Send it anyway")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    visitor.wait_for_text("The order waits for a worker.")
    running_shop.worker.run()
    visitor.wait_for(lambda: visitor.heading.endswith(", being picked"), "the order in Picqer")
    (number, address), _ = visitor.links().items()
    assert visitor.heading == f"In Picqer as {number}, being picked"
    assert address.startswith(f"{running_shop.server.url}/orders/")
    assert visitor.origins() == {visitor.saleor}
    if IS_SALEOR_3:
        assert questions == 1, "the second handshake changes nothing"
        sent = [kind for kind, _ in visitor.messages()]
        assert {"notifyReady", "refreshEntity", "widgetResize"} <= set(sent)
        # No request has gone to the address in the dashboard's query string.
        assert not [one for one in visitor.dashboard.requests if "graphql" in one]


def test_text_of_an_error_is_never_html(visitor: Visitor, running_shop: ConnectedShop) -> None:
    order = failed_order(running_shop, EVIL)
    operator = hire(running_shop.shop, "manage_orders")

    open_order(visitor, operator, order)
    visitor.wait_for_text(EVIL)
    assert visitor.button("Retry now")
    assert visitor.script("document.images.length") == 0
    assert visitor.script("window.hacked") is None

    open_overview(visitor, operator)
    visitor.wait_for_text(EVIL)
    assert visitor.script("document.images.length") == 0
    assert visitor.script("window.hacked") is None


def test_failed_orders_are_retried_and_kept_on_the_page_of_the_app(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    OutboxOrder.objects.all().delete()
    for _ in range(2):
        failed_order(running_shop, "Picqer has no VAT group of 8 %.")
    open_overview(visitor, hire(running_shop.shop, "manage_orders"))
    visitor.wait_for_text("Picqer has no VAT group of 8 %.")
    assert "2 orders, the oldest from" in visitor.text
    assert "Sync of products" not in visitor.text, "staff of orders may not start one"
    visitor.unfold("Show the orders")
    visitor.wait_for_text("Keep from Picqer")
    assert not visitor.scrolls_sideways(CARD)

    visitor.press("Keep from Picqer")

    visitor.wait_for(lambda: visitor.result.endswith("1 order kept from Picqer."), "the result")
    visitor.wait_for_text("1 order, the oldest from")
    visitor.press("Retry all")
    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    running_shop.worker.run()
    visitor.wait_for_text("No order needs attention.")
    assert sorted(OutboxOrder.objects.values_list("stage", flat=True)) == ["processed", "skipped"]


def test_flagged_orders_are_one_cause_and_offer_what_helps(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Orders in Picqer cannot be kept from Picqer, and none has failed."""
    OutboxOrder.objects.all().delete()
    for order in [running_shop.order(BEANS=1) for _ in range(2)]:
        number = running_shop.row(order).remote_number
        OutboxOrder.objects.filter(order_pk=order).update(attention=texts.open_again(number))
    open_overview(visitor, hire(running_shop.shop, "manage_orders"))
    visitor.wait_for_text("2 orders, the oldest from")
    assert "Retry all" not in visitor.text
    assert "Keep all from Picqer" not in visitor.text
    visitor.unfold("Show the orders")
    visitor.wait_for_text("Send it again")

    visitor.press("Send it again")

    visitor.wait_for(lambda: visitor.result.endswith("1 order queued."), "the result")
    running_shop.run_until_idle()


@pytest.mark.skipif(IS_SALEOR_3, reason="the dashboard signs in")
def test_says_so_when_the_password_is_wrong(visitor: Visitor, running_shop: ConnectedShop) -> None:
    hire(running_shop.shop, "manage_orders")
    visitor.open_alone("/overview")

    visitor.sign_in("operator@example.com", "wrong")

    visitor.wait_for_text("There is no account with this e-mail address and password.")


@pytest.mark.skipif(IS_SALEOR_3, reason="the dashboard signs in")
def test_says_so_when_the_sign_in_has_ended(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any
) -> None:
    """A shop may set that tokens expire."""
    order = failed_order(running_shop, "Picqer has no VAT group of 8 %.")
    verify = {**settings.GRAPHQL_JWT, "JWT_VERIFY_EXPIRATION": True}
    settings.GRAPHQL_JWT = verify
    open_order(visitor, hire(running_shop.shop, "manage_orders"), order)
    visitor.wait_for_text("Retry now")
    # As if a day had passed.
    settings.GRAPHQL_JWT = {**verify, "JWT_LEEWAY": -timedelta(days=1).total_seconds()}

    visitor.press("Retry now")

    words = "Your access has ended. Reload the page."
    visitor.wait_for(lambda: visitor.result == words, "the result")
    assert visitor.button("Retry now")


@in_dashboard
def test_page_says_how_to_open_it_when_it_is_in_no_dashboard(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    visitor.open_alone("/overview")

    visitor.wait_for_text("Open Picqer in Saleor's dashboard")


@in_dashboard
@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", 'needs the permission "Manage orders"'),
        ("forged", "You may not see this"),
    ],
)
def test_page_says_so_when_the_token_is_of_no_use(
    visitor: Visitor, running_shop: ConnectedShop, token: str, words: str
) -> None:
    visitor.open_in_dashboard("/order", token, orderId=ORDER)

    visitor.wait_for_text(words)


@in_dashboard
def test_page_says_so_when_the_token_has_expired(
    visitor: Visitor, running_shop: ConnectedShop, settings: Any
) -> None:
    operator = hire(running_shop.shop, "manage_orders")
    settings.JWT_TTL_APP_ACCESS = timedelta(seconds=-1)
    expired = token_of_page(operator)
    visitor.open_in_dashboard("/overview", expired)
    visitor.wait_for_text("Your access has ended. Reload the page.")


@in_dashboard
def test_page_says_so_when_staff_may_not_manage_orders(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    clerk = hire(running_shop.shop, "manage_products", email="clerk@example.com")

    visitor.open_in_dashboard("/overview", token_of_page(clerk))

    visitor.wait_for_text('needs the permission "Manage orders"')


@in_dashboard
def test_order_of_another_channel_is_unknown_to_restricted_staff(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    stranger = hire_for_channels(running_shop.shop)
    order = unsent_order(running_shop)

    visitor.open_in_dashboard("/order", token_of_order(stranger), orderId=order)

    visitor.wait_for_text("Picqer does not know this order")


@in_dashboard
def test_theme_follows_the_dashboard(visitor: Visitor, running_shop: ConnectedShop) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    visitor.open_in_dashboard("/order", "", theme="dark", orderId=ORDER)
    visitor.wait_for_text("You may not see this")
    assert visitor.script(ground) == "rgb(27, 26, 38)"

    visitor.dashboard_says("theme", theme="light")

    visitor.wait_for(lambda: visitor.script(ground) == "rgb(255, 255, 255)", "a light page")


@in_dashboard
def test_older_dashboard_gets_no_message_that_it_does_not_know(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    operator = hire(running_shop.shop, "manage_orders")
    order = unsent_order(running_shop)
    token = token_of_order(operator)
    visitor.open_in_dashboard("/order", token, version="v3.21.21", orderId=order)
    visitor.wait_for_text("Picqer does not handle")

    visitor.press("Send it anyway")

    visitor.wait_for(lambda: visitor.result == "1 order queued.", "the result")
    assert {kind for kind, _ in visitor.messages()} == {"notifyReady"}
