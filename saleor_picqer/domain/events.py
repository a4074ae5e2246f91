"""What Picqer's webhooks tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An order changed in Picqer. Another shop's order may have the same reference."""

    order_id: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class StockEvent:
    """The stock of a product changed in Picqer."""

    product_id: int
    sku: str


RemoteEvent = OrderEvent | StockEvent
