"""Queries and mutations about webhook deliveries."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.core.channels import channels_to_search
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.deliveries.connection import PAGE_SIZE, paginate
from saleor_picqer.graphql.deliveries.filters import PicqerDeliveryFilterInput, read_filter
from saleor_picqer.graphql.deliveries.mutations import PicqerReplayDeliveries
from saleor_picqer.graphql.deliveries.types import PicqerDeliveryCountableConnection
from saleor_picqer.hosts import host
from saleor_picqer.store import deliveries


class PicqerDeliveryQueries(graphene.ObjectType):
    picqer_deliveries = graphene.Field(
        PicqerDeliveryCountableConnection,
        required=True,
        channel=graphene.String(description="Slug of a channel; every channel by default."),
        filter=PicqerDeliveryFilterInput(description="Which deliveries to list."),
        first=graphene.Int(
            default_value=PAGE_SIZE,
            description=f"Number of deliveries to return, at most {PAGE_SIZE}.",
        ),
        after=graphene.String(description="Cursor of the delivery after which the page begins."),
        description=describe_permission(
            "Webhook deliveries from Picqer, the latest first, without their bodies. Staff see"
            " those of the channels that they may access.",
            host().access.manage_orders(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_picqer_deliveries(
        _root: Any,
        info: Any,
        first: int | None = None,
        after: str | None = None,
        channel: str | None = None,
        **given: Any,
    ) -> PicqerDeliveryCountableConnection:
        using = host().access.reader(info)
        wanted = read_filter(channels_to_search(info, channel, using), given.get("filter"), using)
        rows = deliveries.search(wanted, using)
        return paginate(rows, PAGE_SIZE if first is None else first, after, using)


class PicqerDeliveryMutations(graphene.ObjectType):
    picqer_replay_deliveries = PicqerReplayDeliveries.Field()
