"""A webhook delivery, as GraphQL type."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.core.connection import CountableConnection

from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.deliveries.enums import PicqerDeliveryTopic
from saleor_picqer.graphql.deliveries.ids import delivery_id
from saleor_picqer.graphql.orders.ids import order_id
from saleor_picqer.graphql.orders.types import promise_number
from saleor_picqer.graphql.status.enums import PicqerEventStatus
from saleor_picqer.hosts import host

DateTime = host().access.graphql_datetime()


class PicqerDelivery(graphene.ObjectType):
    """A row of the inbox, without the body: the body may have names and addresses."""

    id = graphene.ID(required=True, description="ID of the delivery.")
    channel = graphene.String(
        required=True, description="Slug of the channel whose webhook brought the delivery."
    )
    status = graphene.Field(
        PicqerEventStatus, required=True, description="What became of the delivery."
    )
    topic = graphene.Field(
        PicqerDeliveryTopic, required=True, description="What the delivery is about."
    )
    event = graphene.String(
        required=True, description="Picqer's name of the event; empty before it is read."
    )
    picqer_id = graphene.ID(
        source="object_id",
        description="Picqer's idorder or idproduct; null before it is read, or without one.",
    )
    order_id = graphene.ID(description="ID of the order in Saleor; null if it is about none.")
    order_number = graphene.String(
        required=True,
        description="Number of the order in Saleor; empty if it is about none, or was deleted.",
    )
    triggered_at = graphene.String(
        required=True, description="When the event happened, as Picqer writes it; may be empty."
    )
    received_at = DateTime(required=True, description="When the delivery came.")
    handled_at = DateTime(description="When the plugin was done with it; null before.")
    attempts = graphene.Int(required=True, description="Number of failed attempts.")
    not_before = DateTime(description="When the next attempt is due; null if that is at once.")
    last_error = graphene.String(
        required=True, description="Why the last attempt failed; empty if it did not."
    )

    class Meta:
        description = "A webhook delivery from Picqer."

    @staticmethod
    def resolve_id(row: Any, _info: Any) -> str:
        return delivery_id(row.pk)

    @staticmethod
    def resolve_channel(row: Any, info: Any) -> str:
        return slug_of(info, row.channel)

    @staticmethod
    def resolve_order_id(row: Any, _info: Any) -> str | None:
        return None if row.order_pk is None else order_id(row.order_pk)

    @staticmethod
    def resolve_order_number(row: Any, info: Any) -> Any:
        return "" if row.order_pk is None else promise_number(info, row.order_pk)


class PicqerDeliveryCountableConnection(CountableConnection):
    class Meta:
        node = PicqerDelivery

    @staticmethod
    def resolve_total_count(connection: Any, _info: Any) -> int:
        """Count the deliveries, only when a client asks for the number."""
        return int(connection.total_count())
