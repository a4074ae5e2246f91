"""The app on the page of a product and on the home page, in a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from saleor.product.models import ProductVariant

from saleor_picqer import alarms, wiring
from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.models import CatalogueProduct, HookRegistration, OutboxOrder, SyncRun
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import (
    APP,
    hire,
    in_dashboard,
    open_home,
    open_product,
    token_of_order,
    token_of_product,
)
from tests.integration.browser.visitor import CARD

CLERK = "products@example.com"
VAT = "Picqer has no VAT group of 8 %."


@pytest.fixture
def product(running_shop: ConnectedShop) -> str:
    """Return the global id of the product BEANS, which Picqer has."""
    variant = ProductVariant.objects.get(sku="BEANS")
    CatalogueProduct.objects.update(last_error="", dirty=False)
    return to_global_id("Product", variant.product_id)


@pytest.fixture
def clerk(running_shop: ConnectedShop) -> Any:
    """Return a member of staff with the permission *Manage products* only."""
    return hire(running_shop.shop, "manage_products", email=CLERK)


@pytest.fixture
def quiet_shop(running_shop: ConnectedShop) -> ConnectedShop:
    """Return the shop while nothing needs attention."""
    OutboxOrder.objects.all().delete()
    HookRegistration.objects.update(stale_since=None)
    SyncRun.objects.filter(status="failed").delete()
    wiring.sweeper.mark_finished()
    alarms.evaluate(sweeping=True)
    return running_shop


# --- the product


def test_product_shows_what_picqer_has_and_is_pushed(
    visitor: Visitor, running_shop: ConnectedShop, clerk: Any, product: str
) -> None:
    open_product(visitor, clerk, product, "/product-card")
    visitor.wait_for_text("Picqer has the product")
    assert "Stock comes from Picqer: what you type in Saleor is overwritten." in visitor.text
    assert "Main" in visitor.text
    assert not visitor.scrolls_sideways(CARD)

    visitor.press_by_keyboard("Push this product")

    sent = "1 variant will be sent to Picqer in a moment."
    visitor.wait_for(lambda: visitor.result == sent, "the result")
    visitor.wait_for_text("The variant waits for a worker")
    running_shop.worker.run_later()
    running_shop.run_until_idle()
    visitor.wait_for_text("Picqer has the product")
    assert visitor.origins() == {visitor.saleor}


def test_stock_is_read_from_the_page_of_the_product(
    visitor: Visitor, running_shop: ConnectedShop, clerk: Any, product: str
) -> None:
    open_product(visitor, clerk, product)
    visitor.wait_for_text("Free in Picqer")
    running_shop.stock("BEANS", 4321)
    running_shop.webhooks.pending.clear()

    visitor.press("Read stock")

    visitor.wait_for(lambda: "will be read from Picqer" in visitor.result, "the result")
    running_shop.worker.run_later()
    running_shop.run_until_idle()
    visitor.wait_for_text("4321 4321")


def test_failed_variant_says_why(
    visitor: Visitor, running_shop: ConnectedShop, clerk: Any, product: str
) -> None:
    error = '<img src=x onerror="window.hacked=1"> is no weight.'
    CatalogueProduct.objects.update(last_error=error, dirty=True)

    open_product(visitor, clerk, product)

    visitor.wait_for_text("1 variant could not be sent to Picqer")
    assert error in visitor.text
    assert visitor.script("window.hacked") is None
    assert visitor.script("document.images.length") == 0


@in_dashboard
def test_page_of_a_product_says_so_when_the_permission_is_missing(
    visitor: Visitor, running_shop: ConnectedShop, product: str
) -> None:
    operator = hire(running_shop.shop, "manage_orders")
    assert token_of_product(operator) == ""

    visitor.open_in_dashboard("/product", "", productId=product)
    visitor.wait_for_text('needs the permission "Manage products"')

    visitor.open_in_dashboard("/product", token_of_order(operator), productId=product)
    visitor.wait_for_text("You may not see this")


# --- the home page


def test_home_says_that_all_is_well(visitor: Visitor, quiet_shop: ConnectedShop) -> None:
    open_home(visitor, hire(quiet_shop.shop, "manage_orders"))

    visitor.wait_for_text("All is well.")
    assert not visitor.scrolls_sideways(CARD)


def test_home_says_where_picqer_is_switched_off(
    visitor: Visitor, quiet_shop: ConnectedShop
) -> None:
    shop = quiet_shop.shop
    shop.configure_plugin(active=False)
    try:
        open_home(visitor, hire(shop, "manage_orders"))

        visitor.wait_for_text(f"Picqer is switched off in: {shop.channel_slug}.")
        assert "All is well" not in visitor.text
    finally:
        quiet_shop.connect()


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_home_says_that_all_is_well_of_active_channels_only(
    visitor: Visitor, quiet_shop: ConnectedShop
) -> None:
    from saleor.plugins.models import PluginConfiguration

    second = quiet_shop.shop.create_channel("second")
    PluginConfiguration.objects.create(identifier=PLUGIN_ID, channel=second, active=False)
    try:
        open_home(visitor, hire(quiet_shop.shop, "manage_orders"))

        visitor.wait_for_text("Picqer is switched off in: second.")
        assert "All is well where Picqer is switched on." in visitor.text
    finally:
        second.delete()


def test_home_shows_what_needs_attention(visitor: Visitor, quiet_shop: ConnectedShop) -> None:
    channel = quiet_shop.shop.channel_pk
    for number in range(3):
        OutboxOrder.objects.create(
            order_pk=f"failed-{number}",
            channel=channel,
            stage="failed",
            last_error=VAT,
            attention=VAT,
        )
    HookRegistration.objects.update(stale_since=timezone.now() - timedelta(days=1))
    alarms.evaluate(sweeping=True)
    SyncRun.objects.create(
        channel=channel, kind="stock", status="failed", problems=[{"cause": "Picqer was gone."}]
    )

    open_home(visitor, hire(quiet_shop.shop, "manage_orders"))

    visitor.wait_for_text(f"3 orders need attention: {VAT}")
    assert "The webhooks in Picqer are not as they should be" in visitor.text
    assert "failed (Stock). Picqer was gone." in visitor.text
    assert "All is well" not in visitor.text
    assert not visitor.scrolls_sideways(CARD)
    if IS_SALEOR_3:
        visitor.press("Open Picqer")
        sent = visitor.redirect()
        assert sent["to"] == f"/extensions/app/{APP.replace('=', '%3D')}/overview"
        assert not sent["newContext"]
