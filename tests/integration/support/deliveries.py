"""Webhook deliveries made by tests, signed like Picqer's."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse

from saleor_picqer import wiring
from saleor_picqer.hosts import host
from saleor_picqer.models import HookRegistration, InboxEvent
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.endpoint_cases import SignedEndpoint

EVENT = {
    "idhook": 1,
    "name": "Saleor",
    "event": "orders.status_changed",
    "event_triggered_at": "2026-02-03 11:20:05",
    "data": {"idorder": 999, "reference": "of another shop", "status": "completed"},
}
BODY = json.dumps(EVENT).encode()


def endpoint_of(connected_shop: ConnectedShop) -> SignedEndpoint:
    """Return the webhook endpoint of the shop's channel."""
    channel = connected_shop.shop.channel_pk
    registrations = HookRegistration.objects.filter(channel=channel)
    return SignedEndpoint(
        path=urlsplit(host().channels.webhook_url(channel)).path,
        body=BODY,
        secret=lambda: registrations.get().current,
        rotate=lambda: wiring.hook_registrations.rotate(channel, registrations.get().account),
        effects=InboxEvent.objects.count,
    )


def signed(connected_shop: ConnectedShop, body: bytes) -> HttpResponse:
    """Deliver a signed body."""
    return endpoint_of(connected_shop).send(body)


def own_event(connected_shop: ConnectedShop, event: str, **data: Any) -> bytes:
    """Return the body of an event of one of the channel's own hooks."""
    hook_id = HookRegistration.objects.get(channel=connected_shop.shop.channel_pk).hook_ids[0]
    return json.dumps(EVENT | {"idhook": hook_id, "event": event, "data": data}).encode()


def order_event(connected_shop: ConnectedShop, pk: str, **data: Any) -> bytes:
    """Return the body of an event about an order of the shop."""
    remote_id = connected_shop.row(pk).remote_id
    return own_event(connected_shop, "orders.status_changed", idorder=remote_id, **data)


def stock_event(connected_shop: ConnectedShop, sku: str, **data: Any) -> bytes:
    """Return the body of an event about the stock of a product."""
    product = connected_shop.product(sku)
    known = {"idproduct": product["idproduct"], "productcode": sku}
    return own_event(connected_shop, "products.free_stock_changed", **known, **data)
