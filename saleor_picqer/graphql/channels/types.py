"""A channel in which the plugin is set up, as GraphQL types."""

from __future__ import annotations

from typing import Any, Final

import graphene
from graphql.error import GraphQLError
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.channels.steps import PicqerSetUpStep, SetUpStep, open_steps
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.status.types import (
    ChannelStatus,
    PicqerAlarm,
    PicqerOrderCount,
    PicqerStatus,
)
from saleor_picqer.graphql.sync.types import PicqerSyncRun
from saleor_picqer.hosts import host
from saleor_picqer.store import orders

DateTime = host().access.graphql_datetime()
MAX_CAUSES: Final = 100


def _of_orders(text: str) -> str:
    text = f"{text} Staff must also have access to the channel."
    return describe_permission(text, host().access.manage_orders())


class PicqerCause(graphene.ObjectType):
    text = graphene.String(
        required=True, description="What staff have to do, or why the last attempt failed."
    )
    count = graphene.Int(required=True, description="Number of orders with this cause.")
    since = DateTime(
        required=True, description="When the plugin recorded the oldest of these orders."
    )

    retryable = graphene.Int(
        required=True, description="Number of these orders that can be retried."
    )
    skippable = graphene.Int(
        required=True, description="Number of these orders that can be kept from Picqer."
    )

    class Meta:
        description = "What stops orders on their way to Picqer, and how many."


class PicqerChannel(graphene.ObjectType):
    # Each field is read from the database only if a client asks for it.
    slug = graphene.String(required=True, description="Slug of the channel.")
    active = graphene.Boolean(
        required=True, description="Whether the plugin is switched on in the channel."
    )
    orders = graphene.List(
        graphene.NonNull(PicqerOrderCount), description=_of_orders("Orders by stage.")
    )
    causes = graphene.List(
        graphene.NonNull(PicqerCause),
        first=graphene.Int(
            default_value=20, description=f"Number of causes to return, at most {MAX_CAUSES}."
        ),
        description=_of_orders(
            "What stops orders that need attention or keep failing, the most frequent cause first."
        ),
    )
    alarms = graphene.List(
        graphene.NonNull(PicqerAlarm),
        required=True,
        description="The alarms of the channel and of the whole shop that are raised now.",
    )
    last_run = graphene.Field(PicqerSyncRun, description="The latest run of the channel.")
    status = graphene.Field(
        PicqerStatus,
        description=describe_permission(
            "State of the integration in the channel.", host().access.manage_plugins()
        ),
    )

    set_up_steps = graphene.List(
        graphene.NonNull(PicqerSetUpStep),
        description=describe_permission(
            "What is still to be done before orders go to Picqer; empty once all is done.",
            host().access.manage_plugins(),
        ),
    )

    class Meta:
        description = "A channel, and the state of the plugin in the channel."

    @staticmethod
    def resolve_slug(root: ChannelStatus, info: Any) -> str:
        return slug_of(info, root.channel)

    @staticmethod
    def resolve_orders(root: ChannelStatus, info: Any) -> Any:
        return PicqerStatus.resolve_orders(root, info)

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_causes(root: ChannelStatus, info: Any, first: int = 20) -> list[PicqerCause]:
        host().access.check_channel_access(info, [root.channel])
        if not 0 < first <= MAX_CAUSES:
            raise GraphQLError(f"`first` must be a number from 1 to {MAX_CAUSES}.")
        found = orders.causes(root.channel, first, root.using)
        return [
            PicqerCause(
                text=one.text,
                count=one.orders,
                since=one.since,
                retryable=one.retryable,
                skippable=one.skippable,
            )
            for one in found
        ]

    @staticmethod
    def resolve_alarms(root: ChannelStatus, info: Any) -> Any:
        return PicqerStatus.resolve_alarms(root, info)

    @staticmethod
    def resolve_last_run(root: ChannelStatus, info: Any) -> Any:
        return PicqerStatus.resolve_last_run(root, info)

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_set_up_steps(root: ChannelStatus, _info: Any) -> list[SetUpStep]:
        with host().access.allow_db():
            return open_steps(
                root.channel, active=root.active, account=root.account, using=root.using
            )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_status(root: ChannelStatus, _info: Any) -> ChannelStatus:
        return root
