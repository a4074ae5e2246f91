"""The checklist of the set-up in Chromium: from an empty shop to one that is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from saleor_picqer.hosts import host
from saleor_picqer.models import SyncRun
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import (
    hire,
    open_overview,
    token_of_page,
)
from tests.integration.browser.visitor import CARD

MANAGER = "manager@example.com"
CONNECTED = "Picqer answers at 127.0.0.1"


def open_set_up(visitor: Visitor, shop: ConnectedShop, **query: str) -> None:
    """Open the page of the set-up at its own address."""
    user = hire(shop.shop, "manage_plugins", email=MANAGER)
    if IS_SALEOR_3:
        visitor.open_in_dashboard("/setup", token_of_page(user), **query)
    else:
        visitor.open_alone("/setup", **query)
        visitor.sign_in(user.email)


def disconnect(shop: ConnectedShop) -> None:
    """Switch the plugin off, with empty settings."""
    empty = dict.fromkeys(shop.settings(), "")
    shop.shop.configure_plugin(active=False, **empty | {"shipping_methods": "Parcel"})
    shop.run_until_idle()


def test_empty_shop_is_connected_on_the_page(visitor: Visitor, running_shop: ConnectedShop) -> None:
    disconnect(running_shop)
    open_set_up(visitor, running_shop)
    visitor.wait_for_text("Connect to Picqer To do")
    visitor.wait_for(lambda: visitor.has_field("Technical contact"), "the fields")
    assert not visitor.scrolls_sideways(CARD)

    visitor.press("Save and connect")

    # What is wrong stands at each field, and the first one has the focus.
    visitor.wait_for(lambda: visitor.result.startswith("Nothing was saved"), "the result")
    assert visitor.field("Picqer address").get_attribute("aria-invalid") == "true"
    assert visitor.browser.switch_to.active_element == visitor.field("Picqer address")
    assert "Picqer address is required" in visitor.text
    assert "Technical contact is required" in visitor.text
    for theme in ("light", "dark"):
        assert visitor.barriers(theme) == []

    visitor.fill("Picqer address", running_shop.server.url)
    visitor.fill("Picqer API key", running_shop.server.api_key)
    visitor.fill("Storefront", "Coffee shop")
    visitor.fill("Technical contact", "ops@shop.example")
    running_shop.reset_requests()
    visitor.press("Save and connect")

    visitor.wait_for_text(CONNECTED)
    visitor.wait_for_text("Connect to Picqer Done")
    assert running_shop.shop.plugin().active
    # A request to check, nine of the test.
    assert sum(running_shop.requests().values()) == 10
    assert "Picqer has no active webhook for" in visitor.text
    running_shop.run_until_idle()
    visitor.press("Test connection")
    visitor.wait_for_text("Picqer reports 6 kinds of events to Saleor.")
    assert running_shop.server.api_key not in visitor.browser.page_source
    assert visitor.origins() == {visitor.saleor}


def test_settings_are_chosen_from_what_picqer_has(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    running_shop.picqer_api("POST", "/tags", title="Webshop", color="#ff0000", inherit=False)
    running_shop.reset_requests()
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    assert running_shop.requests() == {}, "choices are read once they are needed"

    visitor.unfold("Orders")
    visitor.wait_for(lambda: visitor.has_field("Webshop"), "the tags of Picqer")
    assert not visitor.scrolls_sideways(CARD)
    for theme in ("light", "dark"):
        assert visitor.barriers(theme) == []
    visitor.choose("Send orders when", "Confirmed")
    visitor.tick("Webshop")
    visitor.press("Save")

    visitor.wait_for_text(CONNECTED)
    settings = running_shop.shop.plugin().settings
    assert (settings["push_when"], settings["order_tags"]) == ("confirmed", "Webshop")
    assert settings["shipping_methods"] == "Parcel"


def test_nothing_is_a_choice_only_where_a_setting_may_be_empty(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")

    visitor.unfold("Orders")
    visitor.unfold("Products")
    visitor.wait_for(lambda: visitor.has_field("Cancel in Picqer"), "the settings of orders")
    visitor.wait_for(lambda: visitor.has_field("Default VAT rate"), "the settings of products")

    assert visitor.options("Cancel in Picqer") == ["Never", "Concept", "Unpicked"]
    assert "None" in visitor.options("Default VAT rate")


def test_optional_secret_is_removed(visitor: Visitor, running_shop: ConnectedShop) -> None:
    running_shop.connect(pull_token="a-token-of-20-characters")
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Picqer API key"), "the fields")
    assert "Remove the stored value" not in visitor.text, "the API key is required"
    visitor.unfold("Warehouses and stock")
    box = 'Remove the stored value of "Token for pulling stock"'
    visitor.wait_for(lambda: visitor.has_field(box), "the box")

    visitor.tick("Remove the stored value")
    assert not visitor.field("Token for pulling stock").is_enabled()
    visitor.press("Save")

    visitor.wait_for_text(CONNECTED)
    assert not running_shop.shop.plugin().settings["pull_token"]
    visitor.wait_for(lambda: visitor.has_field("Token for pulling stock"), "the field")
    assert not visitor.has_field(box)


def test_settings_are_texts_when_picqer_does_not_answer(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    running_shop.control("POST", "/faults", method="GET", route="*", fault="500", times=500)
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")

    visitor.unfold("Orders")

    visitor.wait_for(lambda: visitor.has_field("Tags"), "a field for tags")
    visitor.fill("Tags", "By hand")
    running_shop.control("DELETE", "/faults")
    visitor.press("Save")
    visitor.wait_for(lambda: visitor.result.startswith("Nothing was saved: 1 problem"), "the error")
    assert 'Picqer has no tag "By hand"' in visitor.text


def test_shipping_method_is_marked_with_two_clicks(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Open the app, and tick the method on its first page."""
    marks = host().has_shipping_metadata
    methods = "marked" if marks else "Parcel"
    running_shop.connect(shipping_methods=methods, order_tags="")
    running_shop.reset_requests()
    open_overview(visitor, hire(running_shop.shop, "manage_plugins", email=MANAGER))
    visitor.wait_for(lambda: visitor.has_field("Courier (Netherlands)"), "the methods")

    visitor.tick("Courier (Netherlands)")

    words = "New orders with Courier (Netherlands) go to Picqer from now on."
    visitor.wait_for(lambda: visitor.result == words, "the result")
    assert visitor.clicks == 2
    # Without marks, the setting names the methods and is checked in Picqer.
    checks = {} if marks else {"GET /stats": 1, "GET /vatgroups": 1}
    assert running_shop.requests() == checks
    order = running_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    running_shop.run_until_idle()
    assert running_shop.row(order).remote_id
    visitor.tick("Courier (Netherlands)")
    visitor.wait_for(lambda: visitor.result.endswith("no longer go to Picqer."), "the result")


def test_saved_tick_stays_when_the_next_one_is_refused(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    methods = "marked" if host().has_shipping_metadata else "Parcel"
    running_shop.connect(shipping_methods=methods)
    open_set_up(visitor, running_shop)
    courier = "Courier (Netherlands)"
    visitor.wait_for(lambda: visitor.has_field(courier), "the methods")
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    before = visitor.field(courier).is_selected()
    visitor.tick(courier)
    visitor.wait_for(lambda: courier in visitor.result, "the result")
    running_shop.connect(shipping_methods="all")

    visitor.tick("Parcel (Netherlands)")

    visitor.wait_for(lambda: 'the setting is "all"' in visitor.result, "the refusal")
    parcel = visitor.field("Parcel (Netherlands)")
    visitor.wait_for(lambda: not parcel.get_attribute("aria-disabled"), "the boxes")
    assert visitor.field(courier).is_selected() is not before
    assert visitor.field("Parcel (Netherlands)").is_selected()
    running_shop.connect(shipping_methods=methods)
    visitor.tick(courier)
    visitor.wait_for(lambda: courier in visitor.result, "the result")


def test_first_full_sync_is_previewed_and_started(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    running_shop.shop.product("NEW-IN-SHOP")
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")

    visitor.press("Preview")
    visitor.wait_for_text("The preview waits for a worker")
    running_shop.run_until_idle()

    visitor.wait_for(lambda: visitor.result == "The preview is ready.", "the preview")
    assert "1 product will be created in Picqer" in visitor.text
    assert "Main follows Picqer" in visitor.text
    assert not visitor.scrolls_sideways(CARD)

    visitor.press("Full sync")
    visitor.wait_for_text("The full sync waits for a worker")
    running_shop.run_until_idle()
    visitor.wait_for_text("The full sync is done")
    assert "1 product created in Picqer" in visitor.text
    visitor.wait_for_text("First full sync Done")


def test_first_sync_that_would_sell_out_the_shop_is_confirmed(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    """Failure mode F100."""
    running_shop.connect()
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    visitor.press("Full sync")
    visitor.wait_for_text("The full sync waits for a worker")
    end_run("failed", numbers={"withheld": 3})

    visitor.wait_for_text("Picqer has no stock of 3 SKUs that the shop offers.")
    visitor.press("Stop selling 3 SKUs")

    visitor.wait_for_text("The pull of stock waits for a worker")
    run = SyncRun.objects.latest("pk")
    assert (run.kind, run.confirm_zero, run.dry_run) == ("stock", True, False)
    running_shop.run_until_idle()
    visitor.wait_for_text("The pull of stock is done")
    assert "Stop selling" not in visitor.text


def test_forecast_is_shown_when_picqer_refuses_its_warehouses(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    visitor.press("Preview")
    visitor.wait_for_text("The preview waits for a worker")
    running_shop.control("POST", "/faults", method="GET", route="*", fault="500", times=500)

    end_run("done")

    visitor.wait_for(lambda: visitor.result == "The preview is ready.", "the preview")
    assert "0 products will be created in Picqer" in visitor.text
    assert "Warehouses Picqer " in visitor.text
    assert visitor.can_press("Full sync")
    running_shop.control("DELETE", "/faults")


def test_result_of_another_run_is_not_shown(visitor: Visitor, running_shop: ConnectedShop) -> None:
    running_shop.connect()
    open_set_up(visitor, running_shop)
    visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
    visitor.press("Full sync")
    visitor.wait_for_text("The full sync waits for a worker")

    end_run("failed")
    done = {"status": "done", "finished_at": timezone.now()}
    SyncRun.objects.create(channel=running_shop.shop.channel_pk, kind="stock", **done)

    visitor.wait_for_text("The full sync has ended, and another sync began since.")
    assert "The full sync is done" not in visitor.text


def end_run(status: str, **values: object) -> None:
    """Have the queued run end without a worker."""
    queued = SyncRun.objects.filter(status="queued")
    assert queued.update(status=status, finished_at=timezone.now(), **values) == 1


def test_page_is_not_for_staff_of_orders(visitor: Visitor, running_shop: ConnectedShop) -> None:
    operator = hire(running_shop.shop, "manage_orders")
    if IS_SALEOR_3:
        visitor.open_in_dashboard("/setup", token_of_page(operator))
    else:
        visitor.open_alone("/setup")
        visitor.sign_in(operator.email)

    visitor.wait_for_text("You may not see this")
    assert "Manage plugins" in visitor.text


def test_back_leads_to_the_overview(visitor: Visitor, running_shop: ConnectedShop) -> None:
    running_shop.connect()
    open_overview(visitor, hire(running_shop.shop, "manage_plugins", email=MANAGER))
    visitor.wait_for_text("not see the orders")
    visitor.set_up_button().click()
    visitor.wait_for_text("Choose shipping methods")

    visitor.press("Back to the overview")

    visitor.wait_for_text("Stock only")
    assert visitor.set_up_button()


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_channel_that_is_not_set_up_is_chosen(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    running_shop.connect()
    running_shop.shop.create_channel("second")
    open_set_up(visitor, running_shop)

    # The first channel with something to do.
    visitor.wait_for(lambda: visitor.has_field("Channel"), "the channels")
    assert visitor.field("Channel").get_attribute("value") == "second"
    visitor.wait_for_text("Connect to Picqer To do")
    visitor.wait_for(lambda: visitor.has_button("Save and connect"), "the button")

    visitor.choose("Channel", "webshop (connected)")

    visitor.wait_for_text("Connect to Picqer Done")
    visitor.wait_for(lambda: visitor.has_button("Switch off"), "the connected channel")
