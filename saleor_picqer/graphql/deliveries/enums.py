"""Enums of webhook deliveries."""

from __future__ import annotations

from typing import Final

from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.store.inbox import Topic

_TEXTS: Final = {
    Topic.UNREAD: "No worker has read the delivery yet.",
    Topic.ORDER: "The delivery is about an order.",
    Topic.STOCK: "The delivery is about the stock of a product.",
    Topic.OTHER: "The delivery is about nothing that the plugin handles.",
}

PicqerDeliveryTopic = described_enum(
    "PicqerDeliveryTopic", Topic, "What a webhook delivery from Picqer is about.", _TEXTS
)
