"""Saleor tells its own webhooks which stock has changed."""

from __future__ import annotations

from typing import Any

import pytest
from saleor.app.models import App

from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

pytestmark = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no events about stock")
EVENTS = (
    "product_variant_stock_updated",
    "product_variant_out_of_stock",
    "product_variant_back_in_stock",
)


@pytest.fixture
def listening(stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch) -> ConnectedShop:
    """Return a shop with an app that listens to all events about stock."""
    app: Any = App.objects.create(name="Listener", is_active=True)
    app.permissions.set(stocked_shop.shop.find_permissions(["manage_products"]))
    webhook = app.webhooks.create(name="Stock", target_url="http://127.0.0.1:9/", is_active=True)
    for event in EVENTS:
        webhook.events.create(event_type=event)
    from saleor.webhook.transport.asynchronous import transport

    monkeypatch.setattr(transport.send_webhook_request_async, "apply_async", lambda *_, **__: None)
    return stocked_shop


def told() -> list[str]:
    """Return and forget the events that Saleor was going to send."""
    from saleor.core.models import EventDelivery

    found = sorted(EventDelivery.objects.values_list("event_type", flat=True))
    EventDelivery.objects.all().delete()
    return found


def test_saleor_tells_only_what_has_changed(listening: ConnectedShop) -> None:
    listening.stock("BEANS", 0)
    listening.run_until_idle()
    assert told() == ["product_variant_out_of_stock", "product_variant_stock_updated"]

    listening.stock("BEANS", 4)
    listening.run_until_idle()
    assert told() == ["product_variant_back_in_stock", "product_variant_stock_updated"]

    listening.full_sync()
    assert told() == []


def test_stock_is_written_when_saleors_events_fail(
    listening: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saleor_picqer.hosts.saleor3 import stock

    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(stock, "_call", fail)

    listening.stock("BEANS", 4)
    listening.run_until_idle()

    assert listening.shop.available("BEANS") == 4
