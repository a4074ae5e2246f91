"""Act on a webhook of Picqer. An event is a hint: what matters is read from Picqer again."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from saleor_picqer.domain.events import OrderEvent, RemoteEvent, StockEvent
from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders import follow, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

# Attempts at which a stock event waits for a push before the event is handled all the same.
MAX_DEFERRALS: Final = 5


def handle(context: Context, event: RemoteEvent | None, *, attempts: int) -> bool:
    """Act on the event; False for an event about no object of the channel.

    `attempts` is the number of earlier attempts.
    """
    match event:
        case OrderEvent():
            return follow.pull(context, event.order_id, event.reference)
        case StockEvent():
            _refresh_stock(context, event, attempts)
            return True
    return False


def _refresh_stock(context: Context, event: StockEvent, attempts: int) -> None:
    """Read the product's stock again. Raises TryLaterError while an order is being pushed."""
    # Until the push is saved, the order's goods are missing from Picqer's free stock and are not
    # added back in Saleor: too little would be offered until the next event.
    if attempts < MAX_DEFERRALS and context.reservations.pushing(context.channel):
        raise TryLaterError("An order is being pushed to Picqer.", delay=2)
    stock.refresh_product(context, event.product_id, event.sku)


def report_failure(context: Context, event: OrderEvent, reason: str) -> None:
    """Flag the order of an event that could not be handled, if the order is one of ours."""
    entry = context.outbox.find(context.account, event.order_id)
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
