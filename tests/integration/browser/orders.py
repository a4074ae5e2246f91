"""Orders for the tests in a browser."""

from __future__ import annotations

from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop


def unsent_order(shop: ConnectedShop) -> str:
    """Place an order outside Picqer; return the global id."""
    return to_global_id("Order", shop.shop.checkout({"BEANS": 1}, shipping_method="Courier"))


def failed_order(shop: ConnectedShop, error: str) -> str:
    """Place an order and have the plugin give up; return the global id."""
    pk = shop.shop.checkout({"BEANS": 1})
    shop.worker.queue.clear()
    OutboxOrder.objects.filter(order_pk=pk).update(
        stage="failed", dirty=False, attempts=9, last_error=error, attention=error
    )
    return to_global_id("Order", pk)
