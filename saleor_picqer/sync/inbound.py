"""Act on a webhook of Picqer. An event is a hint: what matters is read from Picqer again."""

from __future__ import annotations

from contextlib import suppress

from saleor_picqer.domain.events import OrderEvent
from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync.orders import follow, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.orders.follow import find_entry
from saleor_picqer.sync.ports import Context

__all__ = ["find_entry", "handle", "report_failure"]


def handle(context: Context, event: OrderEvent) -> bool:
    """Act on an event about an order; False for an order that is not the shop's."""
    return follow.pull(context, event)


def report_failure(context: Context, order_id: int, reason: str) -> None:
    """Flag an order of which an event could not be handled, if the order is one of ours."""
    entry = context.outbox.find(context.account, order_id)
    if entry is None:
        return
    claimed = ClaimedOrder(context, entry)
    text = texts.event_not_handled(reason)
    # A worker that has taken the order further has read the order since.
    with suppress(TryLaterError):
        if entry.attention:
            claimed.note(text)
        else:
            claimed.flag(text)
            claimed.publish()
