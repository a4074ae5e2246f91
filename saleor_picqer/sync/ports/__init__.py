"""Ports of the use cases: Picqer, Saleor and the plugin's tables, each supplied by `wiring`."""

from saleor_picqer.sync.ports.context import Context
from saleor_picqer.sync.ports.picqer import Picqer
from saleor_picqer.sync.ports.shop import ReservedOrders, Shop
from saleor_picqer.sync.ports.state import FullSyncRun, Links, Outbox, Reservations

__all__ = [
    "Context",
    "FullSyncRun",
    "Links",
    "Outbox",
    "Picqer",
    "Reservations",
    "ReservedOrders",
    "Shop",
]
