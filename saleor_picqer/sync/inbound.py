"""Acting on a webhook from Picqer. An event is a hint: what matters is read again."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.events import OrderEvent, RemoteEvent, StockEvent
from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders import follow
from saleor_picqer.sync.ports import Context

PATIENCE: Final = 5
"""Attempts at which a stock event waits for a push before it goes ahead."""


def handle(context: Context, event: RemoteEvent | None, *, attempts: int) -> bool:
    """Acts on the event; False when it is none of our business. Raises errors of our tree.

    `attempts` counts the earlier ones.
    """
    match event:
        case OrderEvent():
            return follow.pull(context, event.order_id, event.reference)
        case StockEvent():
            _stock_changed(context, event, attempts)
            return True
    return False


def _stock_changed(context: Context, event: StockEvent, attempts: int) -> None:
    """Waits for a push that is under way: until it is saved, the order's goods are missing
    from Picqer's free stock and not yet added back here. Going ahead errs on the safe side: too
    little is offered until the next event.
    """
    if attempts < PATIENCE and context.reservations.pushing(context.channel):
        raise TryLaterError("an order is being pushed", delay=2)
    stock.refresh_product(context, event.product_id, event.sku)
