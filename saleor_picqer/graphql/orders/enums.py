"""Enums of orders on their way to Picqer."""

from __future__ import annotations

from saleor_picqer.domain.order_actions import ACTION_TEXTS, STAGE_TEXTS, OrderAction
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.graphql.core.enums import described_enum

PicqerOrderStage = described_enum(
    "PicqerOrderStage", Stage, "How far an order has come on its way to Picqer.", STAGE_TEXTS
)
PicqerOrderAction = described_enum(
    "PicqerOrderAction", OrderAction, "What staff can do about an order.", ACTION_TEXTS
)
