"""The events that hooks can subscribe to, and the deliveries to hooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from picqer_simulator.core.models import Wire


class Event(NamedTuple):
    """An event of the account; `data` is a snapshot from the moment of the event."""

    name: str
    triggered_at: str
    data: Wire


@dataclass
class Delivery:
    """An event on its way to a hook."""

    iddelivery: int
    idhook: int
    event: str
    address: str
    body: bytes
    signature: str | None
    # pending, delivered, failed or lost.
    status: str = "pending"
    attempts: int = 0
    last_status: int | None = None
    last_error: str | None = None


# Event -> whether the simulator sends the event.
EVENTS: dict[str, bool] = {
    "comments.created": True,
    "movements.moved": False,
    "orders.created": True,
    "orders.allocated": True,
    "orders.closed": True,
    "orders.paused": True,
    "orders.resumed": True,
    "orders.status_changed": True,
    "orders.completed": True,
    "orders.notes.created": True,
    "picklists.created": True,
    "picklists.changed": True,
    "picklists.paused": True,
    "picklists.resumed": True,
    "picklists.closed": True,
    "picklists.cancelled": True,
    "picklists.snoozed": True,
    "picklists.unsnoozed": True,
    "picklists.shipments.created": True,
    "picklists.shipments.cancelled": True,
    "picklist_batches.created": False,
    "picklist_batches.changed": False,
    "picklist_batches.completed": False,
    "products.created": True,
    "products.changed": True,
    "products.free_stock_changed": True,
    "products.stock_changed": True,
    "products.assembled_stock_changed": True,
    "products.stock_on_location_changed": False,
    "products.parts.changed": True,
    "purchase_orders.created": False,
    "purchase_orders.changed": False,
    "purchase_orders.purchased": False,
    "purchase_orders.receipts.created": False,
    "receipts.created": False,
    "receipts.completed": False,
    "receipts.product_received": False,
    "receipts.product_reverted": False,
    "returns.created": False,
    "returns.changed": False,
    "returns.status_changed": False,
    "returns.products_received": False,
    "location_stock_counts.completed": False,
    "tasks.created": False,
    "tasks.changed": False,
    "tasks.deleted": False,
    "tasks.completed": False,
    "tasks.uncompleted": False,
    "webshop_orders.imported": False,
}
