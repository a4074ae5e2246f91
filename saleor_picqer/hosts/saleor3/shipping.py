"""Shipping methods and collection points of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.db import transaction
from saleor.shipping.models import ShippingMethod
from saleor.warehouse import WarehouseClickAndCollectOption
from saleor.warehouse.models import Warehouse
from saleor.webhook.event_types import WebhookEventSyncType
from saleor.webhook.models import Webhook

from saleor_picqer.domain.shipping import MARK_KEY, Delivery
from saleor_picqer.hosts.common.shipping import OfferedDelivery, Shipping
from saleor_picqer.hosts.saleor3.order_reader import mark_in


class Saleor3Shipping(Shipping):
    graphql_type: ClassVar[str] = "ShippingMethodType"

    def offered(self, channel: str) -> Sequence[OfferedDelivery]:
        methods = ShippingMethod.objects.filter(channel_listings__channel_id=channel)
        zones = methods.select_related("shipping_zone")
        points = _collection_points().filter(channels=channel)
        return [
            *(
                OfferedDelivery(
                    Delivery(row.name, mark_in(row.private_metadata), method_pk=str(row.pk)),
                    row.shipping_zone.name,
                )
                for row in zones.order_by("shipping_zone__name", "name", "pk")
            ),
            *(
                OfferedDelivery(
                    Delivery(
                        row.name,
                        mark_in(row.private_metadata),
                        is_collection=True,
                        method_pk=str(row.pk),
                    )
                )
                for row in points.order_by("name", "pk")
            ),
        ]

    def names(self) -> Collection[str]:
        methods = ShippingMethod.objects.values_list("name", flat=True)
        return [*methods, *_collection_points().values_list("name", flat=True)]

    def has_others(self) -> bool:
        webhooks = Webhook.objects.filter(is_active=True, app__is_active=True)
        event = WebhookEventSyncType.SHIPPING_LIST_METHODS_FOR_CHECKOUT
        return bool(webhooks.filter(events__event_type=event).exists())

    @transaction.atomic
    def mark(self, deliveries: Collection[Delivery], *, handled: bool) -> None:
        for model, is_collection in ((ShippingMethod, False), (Warehouse, True)):
            pks = [one.method_pk for one in deliveries if one.is_collection is is_collection]
            # The lock keeps what others write into the metadata at this moment.
            for row in model.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
                if handled:
                    row.store_value_in_private_metadata({MARK_KEY: "true"})
                else:
                    row.delete_value_from_private_metadata(MARK_KEY)
                row.save(update_fields=["private_metadata"])


def _collection_points() -> Any:
    return Warehouse.objects.exclude(
        click_and_collect_option=WarehouseClickAndCollectOption.DISABLED
    )
