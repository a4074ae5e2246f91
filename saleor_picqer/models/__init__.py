"""The plugin's tables. Only `saleor_picqer.store` uses them."""

from __future__ import annotations

from saleor_picqer.models.alarms import AlarmState
from saleor_picqer.models.catalogue import CatalogueProduct, CatalogueState
from saleor_picqer.models.channels import ChannelState, HookRegistration
from saleor_picqer.models.dashboard import InstalledApp
from saleor_picqer.models.inbox import InboxEvent
from saleor_picqer.models.links import CustomerLink, FulfilmentLink, ProductLink, WarehouseLink
from saleor_picqer.models.outbox import OutboxOrder
from saleor_picqer.models.payments import PaymentCapture
from saleor_picqer.models.periodic import PeriodicTask
from saleor_picqer.models.reconcile import ReconcileRun
from saleor_picqer.models.runs import SyncItem, SyncRun
from saleor_picqer.models.stock import (
    StockReading,
    StockRecount,
    StockRequest,
    StockReservation,
)

# No foreign key points into Saleor: primary keys differ between its lines, and the tables survive
# Saleor's migrations.
__all__ = [
    "AlarmState",
    "CatalogueProduct",
    "CatalogueState",
    "ChannelState",
    "CustomerLink",
    "FulfilmentLink",
    "HookRegistration",
    "InboxEvent",
    "InstalledApp",
    "OutboxOrder",
    "PaymentCapture",
    "PeriodicTask",
    "ProductLink",
    "ReconcileRun",
    "StockReading",
    "StockRecount",
    "StockRequest",
    "StockReservation",
    "SyncItem",
    "SyncRun",
    "WarehouseLink",
]
