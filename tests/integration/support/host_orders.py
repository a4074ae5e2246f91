"""Orders as the plugin's host adapter reads them."""

from __future__ import annotations

from saleor_picqer.domain.orders import Order
from saleor_picqer.hosts import host


def read_order(pk: str) -> Order:
    """Return the order as read by the host adapter; fail when the order does not exist."""
    order = host().orders.get(pk)
    assert order is not None
    return order
