"""Enums of orders on their way to Picqer."""

from __future__ import annotations

import graphene

from saleor_picqer.domain.order_actions import STAGE_TEXTS
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.graphql.core.enums import describe

PicqerOrderStage = graphene.Enum(
    "PicqerOrderStage",
    [(stage.name, stage.value) for stage in Stage],
    description=describe("How far an order has come on its way to Picqer.", STAGE_TEXTS),
)
