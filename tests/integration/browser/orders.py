"""Orders and deliveries for the tests in a browser."""

from __future__ import annotations

from django.utils import timezone

from saleor_picqer.models import InboxEvent, OutboxOrder
from tests.integration.support.api import to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3


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


def add_failed_orders(shop: ConnectedShop, numbers: range, error: str) -> None:
    """Add rows of orders that have failed and were deleted in Saleor."""
    pk = "00000000-0000-4000-8000-{:012}" if IS_SALEOR_3 else "1{:09}"
    fields = {"stage": "failed", "last_error": error, "attention": error}
    OutboxOrder.objects.bulk_create(
        OutboxOrder(order_pk=pk.format(number), channel=shop.shop.channel_pk, **fields)
        for number in numbers
    )


def add_deliveries(shop: ConnectedShop, count: int) -> None:
    """Add deliveries that were handled, all received now."""
    fields = {"channel": shop.shop.channel_pk, "status": "done", "received_at": timezone.now()}
    InboxEvent.objects.bulk_create(
        InboxEvent(body_hash=str(number), **fields) for number in range(count)
    )
