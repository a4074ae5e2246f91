"""Acting on a webhook from Picqer. An event is a hint: what matters is read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync import fulfilments, stock
from saleor_picqer.sync.ports import Context

Data = Mapping[str, Any]


def handle(context: Context, event: str, data: Data) -> bool:
    """Acts on the event; False when it is none of our business. Raises errors of our tree."""
    handler = HANDLERS.get(event)
    return handler is not None and handler(context, data)


def _order_changed(context: Context, data: Data) -> bool:
    return fulfilments.follow(context, int(data["idorder"]))


def _stock_changed(context: Context, data: Data) -> bool:
    """Waits for a push that is under way: until it is saved, the order's goods are missing
    from Picqer's free stock and not yet added back here.
    """
    if context.outbox.pushing(context.channel):
        raise TryLaterError("an order is being pushed", delay=2)
    stock.refresh_product(context, int(data["idproduct"]), str(data["productcode"]))
    return True


HANDLERS: Final[Mapping[str, Callable[[Context, Data], bool]]] = {
    "orders.status_changed": _order_changed,
    "picklists.closed": _order_changed,
    "products.assembled_stock_changed": _stock_changed,
    "products.free_stock_changed": _stock_changed,
}
