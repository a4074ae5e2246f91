"""The state of one channel, as GraphQL type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import graphene
from graphql.error import GraphQLError
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer import alarms, wiring
from saleor_picqer.domain.alarms import RULES, Alarm
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.orders.enums import PicqerOrderStage
from saleor_picqer.graphql.orders.types import PicqerOrder
from saleor_picqer.graphql.products.types import PicqerProducts
from saleor_picqer.graphql.reconcile.types import PicqerReconcileRun
from saleor_picqer.graphql.status.enums import PicqerAlarmKey, PicqerEventStatus
from saleor_picqer.graphql.status.signs import (
    PicqerBudget,
    PicqerStockDrift,
    PicqerWebhooks,
)
from saleor_picqer.graphql.sync.types import PicqerSyncRun
from saleor_picqer.hosts import host
from saleor_picqer.picqer.client import Budget
from saleor_picqer.store import catalogue, inbox, orders, reconcile, runs, signs

DateTime = host().access.graphql_datetime()
MAX_RECONCILES: Final = 10


def _of_orders(text: str) -> str:
    """Say who may read a field about orders; others get an error, and null for this field only."""
    text = f"{text} Staff must also have access to the channel."
    return describe_permission(text, host().access.manage_orders())


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


class PicqerAlarm(graphene.ObjectType):
    key = graphene.Field(PicqerAlarmKey, required=True, description="What the alarm is about.")
    since = DateTime(description="When it was raised; null if that is not known.")
    count = graphene.Int(required=True, description="Number of orders or events concerned.")
    message = graphene.String(required=True, description="What is wrong.")
    advice = graphene.String(required=True, description="What to do.")

    class Meta:
        description = "An alarm: the integration needs help."

    @staticmethod
    def resolve_advice(alarm: Alarm, _info: Any) -> str:
        return RULES[alarm.key].advice


@dataclass(frozen=True)
class ChannelStatus:
    """Root value of `PicqerStatus`."""

    channel: str
    active: bool
    using: str
    account: str | None


class PicqerStatus(graphene.ObjectType):
    # Each list is read from the database only if a client asks for it.
    channel = graphene.String(required=True, description="Slug of the channel.")
    active = graphene.Boolean(
        required=True, description="Whether the plugin is switched on in the channel."
    )
    orders = graphene.List(
        graphene.NonNull(PicqerOrderCount),
        description=_of_orders("Orders by stage."),
    )
    events = graphene.List(
        graphene.NonNull(PicqerEventCount),
        required=True,
        description="Webhook deliveries from Picqer by status.",
    )
    attention = graphene.List(
        graphene.NonNull(PicqerOrder),
        description=_of_orders(
            "Orders that need the attention of staff or keep failing, the most recently changed"
            " first, at most 100."
        ),
    )
    products = graphene.Field(
        PicqerProducts,
        description=(
            "Products of the channel's Picqer account; null if the settings are not valid. They are"
            " sent by one channel of the account."
        ),
    )
    last_run = graphene.Field(PicqerSyncRun, description="The latest run of the channel.")
    alarms = graphene.List(
        graphene.NonNull(PicqerAlarm),
        required=True,
        description="The alarms of the channel and of the whole shop that are raised now.",
    )
    reconciles = graphene.List(
        graphene.NonNull(PicqerReconcileRun),
        required=True,
        first=graphene.Int(
            default_value=MAX_RECONCILES,
            description=f"Number of reconciles to return, at most {MAX_RECONCILES}.",
        ),
        description="The latest reconciles of the channel, newest first, at most ten.",
    )
    webhooks = graphene.Field(
        PicqerWebhooks,
        description="The webhooks in Picqer; null if the settings are not valid, or before the"
        " plugin is switched on.",
    )
    last_delivery = DateTime(description="When Picqer last sent a webhook; null before the first.")
    budget = graphene.Field(
        PicqerBudget,
        description="What is left of Picqer's rate limit; null while that is not known.",
    )
    stock_drift = graphene.Field(
        PicqerStockDrift,
        description="Stock that differed from Picqer in the last reconcile; null before the first.",
    )
    last_sweep = DateTime(
        description=(
            "When the sweeper, which finds what no hook told of, last finished, for all channels;"
            " null before the first time. It runs every minute: an older time means that Celery"
            " beat, its workers or the schedule is missing."
        )
    )

    class Meta:
        description = "State of the integration with Picqer in one channel."

    @staticmethod
    def resolve_channel(root: ChannelStatus, info: Any) -> str:
        return slug_of(info, root.channel)

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_orders(root: ChannelStatus, info: Any) -> list[PicqerOrderCount]:
        host().access.check_channel_access(info, [root.channel])
        counts = orders.count_by_stage(root.channel, root.using)
        return [PicqerOrderCount(stage=stage, count=count) for stage, count in counts.items()]

    @staticmethod
    def resolve_events(root: ChannelStatus, _info: Any) -> list[PicqerEventCount]:
        counts = inbox.count_by_status(root.channel, root.using)
        return [PicqerEventCount(status=status, count=count) for status, count in counts.items()]

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_attention(root: ChannelStatus, info: Any) -> Any:
        host().access.check_channel_access(info, [root.channel])
        return orders.search(channels=[root.channel], attention=True, using=root.using)[:100]

    @staticmethod
    def resolve_products(root: ChannelStatus, _info: Any) -> catalogue.Counts | None:
        return None if root.account is None else catalogue.count(root.account, root.using)

    @staticmethod
    def resolve_last_sweep(root: ChannelStatus, _info: Any) -> datetime | None:
        return wiring.sweeper.finished_at(root.using)

    @staticmethod
    def resolve_alarms(root: ChannelStatus, _info: Any) -> list[Alarm]:
        return alarms.current(root.channel, root.using)

    @staticmethod
    def resolve_reconciles(root: ChannelStatus, _info: Any, first: int = MAX_RECONCILES) -> Any:
        if not 0 < first <= MAX_RECONCILES:
            raise GraphQLError(f"`first` must be a number from 1 to {MAX_RECONCILES}.")
        return reconcile.latest(root.channel, root.using, first)

    @staticmethod
    def resolve_webhooks(root: ChannelStatus, _info: Any) -> signs.Webhooks | None:
        if root.account is None:
            return None
        return signs.webhooks(root.channel, root.account, root.using)

    @staticmethod
    def resolve_last_delivery(root: ChannelStatus, _info: Any) -> datetime | None:
        return signs.last_delivery(root.channel, root.using)

    @staticmethod
    def resolve_budget(root: ChannelStatus, _info: Any) -> Budget | None:
        return None if root.account is None else wiring.budget(root.channel, root.using)

    @staticmethod
    def resolve_stock_drift(root: ChannelStatus, _info: Any) -> signs.StockDrift | None:
        return signs.stock_drift(root.channel, root.using)

    @staticmethod
    def resolve_last_run(root: ChannelStatus, _info: Any) -> Any:
        return runs.latest(root.channel, root.using)
