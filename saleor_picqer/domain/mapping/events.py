"""The mapping of Picqer's webhook events: the subscribed events, and how to read each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from saleor_picqer.domain.events import OrderEvent, RemoteEvent, ShipmentHint, StockEvent
from saleor_picqer.domain.skus import normalize
from saleor_picqer.errors import DataError

Data = Mapping[str, Any]

# Databases store ids in 64 bits.
_TOO_LARGE: Final = 1 << 63


def read_event(name: str, data: Data) -> RemoteEvent | None:
    """Return the content of an event, None for an event that the plugin ignores.

    Raises DataError for an event without the id of the order or product.
    """
    read = _READERS.get(name)
    return None if read is None else read(data)


def _order_event(data: Data) -> OrderEvent:
    return OrderEvent(_id(data, "idorder"), str(data.get("reference") or ""))


def _shipment_event(data: Data) -> OrderEvent:
    event = _order_event(data)
    # An event is a hint: without its picklist, the order tells all the same.
    if not data.get("idpicklist"):
        return event
    shipment_id = _id(data, "idshipment") if data.get("idshipment") else 0
    hint = ShipmentHint(_id(data, "idpicklist"), shipment_id)
    return replace(event, is_changed=False, hints=(hint,))


def _cancelled_shipment_event(data: Data) -> OrderEvent:
    event = _shipment_event(data)
    return replace(event, hints=tuple(replace(hint, is_cancelled=True) for hint in event.hints))


def _stock_event(data: Data) -> StockEvent:
    return StockEvent(_id(data, "idproduct"), normalize(str(data.get("productcode") or "")))


def _id(data: Data, name: str) -> int:
    try:
        found = int(data[name])
    except (KeyError, TypeError, ValueError, OverflowError):
        found = 0
    if not 0 < found < _TOO_LARGE:
        raise DataError(f"Picqer's event has no usable {name}.")
    return found


_READERS: Final[Mapping[str, Callable[[Data], RemoteEvent]]] = {
    "orders.status_changed": _order_event,
    "picklists.closed": _shipment_event,
    "picklists.shipments.created": _shipment_event,
    "picklists.shipments.cancelled": _cancelled_shipment_event,
    "products.assembled_stock_changed": _stock_event,
    "products.free_stock_changed": _stock_event,
}

# The events that every channel has a webhook for in Picqer.
EVENTS: Final = tuple(_READERS)
