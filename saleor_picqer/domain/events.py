"""What Picqer's webhooks tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShipmentHint:
    """A picklist was closed, or one of its shipments was created or cancelled.

    `shipment_id` is 0 for a hint about the picklist itself.
    """

    picklist_id: int
    shipment_id: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An order changed in Picqer. Another shop's order may have the same reference."""

    order_id: int
    reference: str = ""
    # False when nothing but the hints has changed.
    is_changed: bool = True
    hints: tuple[ShipmentHint, ...] = ()


@dataclass(frozen=True, slots=True)
class StockEvent:
    """The stock of a product changed in Picqer."""

    product_id: int
    sku: str


RemoteEvent = OrderEvent | StockEvent


def merge(events: Iterable[RemoteEvent]) -> RemoteEvent | None:
    """Return what several events about the same object tell together, given the oldest first."""
    told = list(events)
    orders = [event for event in told if isinstance(event, OrderEvent)]
    if not orders:
        # Of hints about a product the latest tells all.
        return told[-1] if told else None
    return OrderEvent(
        orders[-1].order_id,
        next((event.reference for event in reversed(orders) if event.reference), ""),
        any(event.is_changed for event in orders),
        tuple(dict.fromkeys(hint for event in orders for hint in event.hints)),
    )
