"""Acting on a webhook from Picqer. An event is a hint: what matters is read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from saleor_picqer.errors import DataError, TryLaterError
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders import follow
from saleor_picqer.sync.ports import Context

Data = Mapping[str, Any]
Handler = Callable[[Context, Data, int], bool]

PATIENCE: Final = 5
"""Attempts at which a stock event waits for a push before it goes ahead."""


def handle(context: Context, event: str, data: Data, *, attempts: int) -> bool:
    """Acts on the event; False when it is none of our business. Raises errors of our tree.

    `attempts` counts the earlier ones.
    """
    handler = HANDLERS.get(event)
    return handler is not None and handler(context, data, attempts)


def _order_changed(context: Context, data: Data, _attempts: int) -> bool:
    return follow.pull(context, _id(data, "idorder"), str(data.get("reference") or ""))


def _stock_changed(context: Context, data: Data, attempts: int) -> bool:
    """Waits for a push that is under way: until it is saved, the order's goods are missing
    from Picqer's free stock and not yet added back here. Going ahead errs on the safe side: too
    little is offered until the next event.
    """
    if attempts < PATIENCE and context.reservations.pushing(context.channel):
        raise TryLaterError("an order is being pushed", delay=2)
    product_id, sku = _id(data, "idproduct"), str(data.get("productcode") or "")
    stock.refresh_product(context, product_id, sku.strip())
    return True


def _id(data: Data, name: str) -> int:
    try:
        return int(data[name])
    except (KeyError, TypeError, ValueError):
        raise DataError(f"the event's data has no {name}") from None


HANDLERS: Final[Mapping[str, Handler]] = {
    "orders.status_changed": _order_changed,
    "picklists.closed": _order_changed,
    "products.assembled_stock_changed": _stock_changed,
    "products.free_stock_changed": _stock_changed,
}
