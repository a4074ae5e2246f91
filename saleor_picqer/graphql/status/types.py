"""The state of one channel, as GraphQL type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graphene

from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.orders.enums import PicqerOrderStage
from saleor_picqer.graphql.orders.types import PicqerOrder
from saleor_picqer.graphql.status.enums import PicqerEventStatus
from saleor_picqer.graphql.sync.types import PicqerSyncRun
from saleor_picqer.store import inbox, orders, runs


class PicqerOrderCount(graphene.ObjectType):
    stage = graphene.Field(PicqerOrderStage, required=True, description="The stage.")
    count = graphene.Int(required=True, description="Number of orders in the stage.")

    class Meta:
        description = "Number of orders in one stage on their way to Picqer."


class PicqerEventCount(graphene.ObjectType):
    status = graphene.Field(PicqerEventStatus, required=True, description="The status.")
    count = graphene.Int(required=True, description="Number of deliveries with the status.")

    class Meta:
        description = "Number of webhook deliveries from Picqer with one status."


@dataclass(frozen=True)
class ChannelStatus:
    """Root value of `PicqerStatus`."""

    channel: str
    active: bool
    using: str


class PicqerStatus(graphene.ObjectType):
    # Each list is read from the database only if a client asks for it.
    channel = graphene.String(required=True, description="Slug of the channel.")
    active = graphene.Boolean(
        required=True, description="Whether the plugin is switched on in the channel."
    )
    orders = graphene.List(
        graphene.NonNull(PicqerOrderCount), required=True, description="Orders by stage."
    )
    events = graphene.List(
        graphene.NonNull(PicqerEventCount),
        required=True,
        description="Webhook deliveries from Picqer by status.",
    )
    attention = graphene.List(
        graphene.NonNull(PicqerOrder),
        required=True,
        description=(
            "Orders that need the attention of staff or keep failing, the most recently changed"
            " first, at most 100."
        ),
    )
    last_run = graphene.Field(PicqerSyncRun, description="The latest full sync of the channel.")

    class Meta:
        description = "State of the integration with Picqer in one channel."

    @staticmethod
    def resolve_channel(root: ChannelStatus, info: Any) -> str:
        return slug_of(info, root.channel)

    @staticmethod
    def resolve_orders(root: ChannelStatus, _info: Any) -> list[PicqerOrderCount]:
        counts = orders.count_by_stage(root.channel, root.using)
        return [PicqerOrderCount(stage=stage, count=count) for stage, count in counts.items()]

    @staticmethod
    def resolve_events(root: ChannelStatus, _info: Any) -> list[PicqerEventCount]:
        counts = inbox.count_by_status(root.channel, root.using)
        return [PicqerEventCount(status=status, count=count) for status, count in counts.items()]

    @staticmethod
    def resolve_attention(root: ChannelStatus, _info: Any) -> Any:
        return orders.search(channels=[root.channel], attention=True, using=root.using)[:100]

    @staticmethod
    def resolve_last_run(root: ChannelStatus, _info: Any) -> Any:
        return runs.latest(root.channel, root.using)
