"""Shipping methods and collection points of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from saleor.shipping.models import ShippingMethod
from saleor.warehouse import WarehouseClickAndCollectOption
from saleor.warehouse.models import Warehouse
from saleor.webhook.event_types import WebhookEventSyncType
from saleor.webhook.models import Webhook

from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.hosts.common.shipping import Shipping
from saleor_picqer.hosts.saleor3.order_reader import mark_in


class Saleor3Shipping(Shipping):
    def deliveries(self, channel: str) -> Collection[Delivery]:
        methods = ShippingMethod.objects.filter(channel_listings__channel_id=channel)
        points = _collection_points().filter(channels=channel)
        return [
            *(Delivery(row.name, mark_in(row.private_metadata)) for row in methods),
            *(
                Delivery(row.name, mark_in(row.private_metadata), is_collection=True)
                for row in points
            ),
        ]

    def names(self) -> Collection[str]:
        methods = ShippingMethod.objects.values_list("name", flat=True)
        return [*methods, *_collection_points().values_list("name", flat=True)]

    def has_others(self) -> bool:
        webhooks = Webhook.objects.filter(is_active=True, app__is_active=True)
        event = WebhookEventSyncType.SHIPPING_LIST_METHODS_FOR_CHECKOUT
        return bool(webhooks.filter(events__event_type=event).exists())


def _collection_points() -> Any:
    return Warehouse.objects.exclude(
        click_and_collect_option=WarehouseClickAndCollectOption.DISABLED
    )
