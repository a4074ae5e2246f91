"""Every page of the app asks its own origin only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from saleor.product.models import ProductVariant

from saleor_picqer.dashboard import pages
from saleor_picqer.models import InboxEvent, OutboxOrder
from tests.integration.browser.orders import failed_order
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import order_event, signed

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import hire, open_page

VAT = "Picqer has no VAT group of 8 %."
# What each page shows once it has read everything.
DRAWN = {
    "": "orders.status_changed",
    "/": "orders.status_changed",
    "/overview": "orders.status_changed",
    "/doctor": "What is well: ",
    "/setup": "Picqer answers at 127.0.0.1",
    "/order": "orders.status_changed",
    "/order-card": "orders.status_changed",
    "/product": "Free in Picqer",
    "/product-card": "Free in Picqer",
    "/home": VAT,
}


@pytest.mark.parametrize("path", pages._PAGES)
def test_page_requests_nothing_from_another_origin(
    visitor: Visitor, running_shop: ConnectedShop, path: str
) -> None:
    """The query string of the dashboard names another address of Saleor's API."""
    OutboxOrder.objects.all().delete()
    failed_order(running_shop, VAT)
    order = running_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    signed(running_shop, order_event(running_shop, order))
    running_shop.run_until_idle()
    product = to_global_id("Product", ProductVariant.objects.get(sku="BEANS").product_id)
    permissions = ("manage_orders", "manage_plugins", "manage_products")
    owner = hire(running_shop.shop, *permissions, email="everything@example.com")
    shown = {"orderId": to_global_id("Order", order), "productId": product}

    open_page(visitor, owner, path, **shown)
    if path in ("", "/", "/overview"):
        visitor.wait_for_text("Show the orders")
        visitor.unfold("Show the orders")
        visitor.wait_for_text("Retry selected")
    if DRAWN[path] == "orders.status_changed":
        visitor.wait_for_text("Deliveries from Picqer")
        visitor.unfold("Deliveries from Picqer")
    if path == "/setup":
        visitor.wait_for(lambda: visitor.has_field("Storefront"), "the fields")
        visitor.press("Test connection")
    visitor.wait_for_text(DRAWN[path])

    assert visitor.origins() == {visitor.saleor}
    assert not [one for one in visitor.dashboard.requests if "graphql" in one]
