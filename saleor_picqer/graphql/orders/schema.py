"""Queries and mutations about orders on their way to Picqer."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.explain import ExplainedOrder, explain_order
from saleor_picqer.graphql.core.channels import channels_to_search
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.orders.connection import PAGE_SIZE, paginate
from saleor_picqer.graphql.orders.enums import PicqerOrderStage
from saleor_picqer.graphql.orders.explanation import PicqerOrderExplanation
from saleor_picqer.graphql.orders.ids import order_pk
from saleor_picqer.graphql.orders.mutations import (
    PicqerPushOrders,
    PicqerRetryOrders,
    PicqerSkipOrders,
)
from saleor_picqer.graphql.orders.types import PicqerOrderCountableConnection
from saleor_picqer.hosts import host
from saleor_picqer.store import orders


class PicqerOrderQueries(graphene.ObjectType):
    picqer_orders = graphene.Field(
        PicqerOrderCountableConnection,
        required=True,
        channel=graphene.String(description="Slug of a channel; every channel by default."),
        stage=PicqerOrderStage(description="Only orders in this stage."),
        attention=graphene.Boolean(
            description=(
                "True: only orders that need the attention of staff or keep failing. False: only"
                " the others."
            )
        ),
        number=graphene.String(
            description="Number of the order in Saleor or in Picqer, or its reference in Picqer."
        ),
        cause=graphene.String(
            description="Only orders that are stopped by this cause, as `picqerChannels` names it."
        ),
        first=graphene.Int(
            default_value=PAGE_SIZE, description=f"Number of orders to return, at most {PAGE_SIZE}."
        ),
        after=graphene.String(description="Cursor of the order after which the page begins."),
        description=describe_permission(
            "Orders on their way to Picqer, the most recently changed first. Staff see those of the"
            " channels that they may access.",
            host().access.manage_orders(),
        ),
    )

    picqer_order = graphene.Field(
        PicqerOrderExplanation,
        order=graphene.ID(required=True, description="ID of the Saleor order."),
        description=describe_permission(
            "Where an order is on its way to Picqer, or why it is not sent. Null if there is no"
            " such order, or if the requestor may not see it.",
            host().access.manage_orders(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_picqer_order(_root: Any, info: Any, order: str) -> ExplainedOrder | None:
        explained = explain_order(order_pk(order), host().access.reader(info))
        visible = host().access.visible_channels(info)
        if explained is None or visible is None or explained.channel in visible:
            return explained
        return None

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_picqer_orders(
        _root: Any,
        info: Any,
        first: int | None = None,
        after: str | None = None,
        number: str | None = None,
        channel: str | None = None,
        **wanted: Any,
    ) -> PicqerOrderCountableConnection:
        using = host().access.reader(info)
        channels = channels_to_search(info, channel, using)
        cause = wanted.pop("cause", None)
        rows = orders.search(channels=channels, using=using, **wanted)
        if cause is not None:
            rows = orders.with_cause(rows, cause)
        if number is not None:
            rows = orders.with_number(rows, number, host().orders.find([number], using).values())
        return paginate(rows, PAGE_SIZE if first is None else first, after)


class PicqerOrderMutations(graphene.ObjectType):
    picqer_push_orders = PicqerPushOrders.Field()
    picqer_retry_orders = PicqerRetryOrders.Field()
    picqer_skip_orders = PicqerSkipOrders.Field()
