"""Enums of the state of a channel."""

from __future__ import annotations

from typing import Final

import graphene

from saleor_picqer.graphql.core.enums import describe
from saleor_picqer.store.inbox import EventStatus

_TEXTS: Final = {
    EventStatus.RECEIVED: "The delivery waits for a worker, or for its next attempt.",
    EventStatus.HANDLING: "A worker acts on the delivery.",
    EventStatus.DONE: "The plugin acted on the delivery.",
    EventStatus.IGNORED: "The delivery concerned nothing that the plugin handles.",
    EventStatus.FAILED: "The plugin could not act on the delivery and gave up.",
}

PicqerEventStatus = graphene.Enum(
    "PicqerEventStatus",
    [(status.name, status.value) for status in EventStatus],
    description=describe("What became of a webhook delivery from Picqer.", _TEXTS),
)
