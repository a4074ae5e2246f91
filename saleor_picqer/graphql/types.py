"""What operators see, as GraphQL types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graphene
from django.db.models import Count

from saleor_picqer.graphql.order_types import OrderNode, PicqerOrder, with_order_numbers
from saleor_picqer.hosts import host
from saleor_picqer.models import InboxEvent, OutboxOrder, SyncRun
from saleor_picqer.store import orders

DateTime = host().access.graphql_datetime()


class PicqerSyncRun(graphene.ObjectType):
    id = graphene.ID(required=True, description="The ID of the run.")
    channel = graphene.String(required=True, description="Slug of the channel.")
    status = graphene.String(required=True, description="queued, running, done or failed.")
    total = graphene.Int(required=True, description="Number of products to compare.")
    created = graphene.Int(required=True, description="Products created in Picqer.")
    updated = graphene.Int(required=True, description="Products updated in Picqer.")
    unchanged = graphene.Int(required=True, description="Products that were right already.")
    failed = graphene.Int(required=True, description="Products that could not be pushed.")
    problems = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What went wrong, in words."
    )
    queued_at = DateTime(required=True, description="When the run was asked for.")
    finished_at = DateTime(description="When the run ended.")

    class Meta:
        description = "A full sync of products to Picqer and of stock from it."


class PicqerCount(graphene.ObjectType):
    name = graphene.String(required=True, description="The state that is counted.")
    count = graphene.Int(required=True, description="How many are in it.")

    class Meta:
        description = "A number of things in one state."


@dataclass(frozen=True)
class Snapshot:
    """Root value of `PicqerStatus`; each part is read only when it is asked for."""

    channel: str
    active: bool
    using: str

    def rows(self, model: Any) -> Any:
        return model.objects.using(self.using).filter(channel=self.channel)

    def counts(self, model: Any, field: str) -> list[dict[str, Any]]:
        rows = self.rows(model).values(field).annotate(count=Count("pk")).order_by(field)
        return [{"name": row[field], "count": row["count"]} for row in rows]


class PicqerStatus(graphene.ObjectType):
    channel = graphene.String(required=True, description="Slug of the channel.")
    active = graphene.Boolean(required=True, description="Whether the plugin is switched on.")
    orders = graphene.List(
        graphene.NonNull(PicqerCount), required=True, description="Orders in the outbox by stage."
    )
    events = graphene.List(
        graphene.NonNull(PicqerCount), required=True, description="Webhooks in the inbox by status."
    )
    attention = graphene.List(
        graphene.NonNull(PicqerOrder),
        required=True,
        description=(
            "Orders that somebody has to look at, or that keep failing; what changed last comes"
            " first, at most 100."
        ),
    )
    last_run = graphene.Field(PicqerSyncRun, description="The latest full sync.")

    class Meta:
        description = "How the integration with Picqer is doing in one channel."

    @staticmethod
    def resolve_orders(snapshot: Snapshot, _info: Any) -> list[dict[str, Any]]:
        return snapshot.counts(OutboxOrder, "stage")

    @staticmethod
    def resolve_events(snapshot: Snapshot, _info: Any) -> list[dict[str, Any]]:
        return snapshot.counts(InboxEvent, "status")

    @staticmethod
    def resolve_attention(snapshot: Snapshot, _info: Any) -> list[OrderNode]:
        rows = orders.search(channels=[snapshot.channel], attention=True, using=snapshot.using)
        return with_order_numbers(rows[:100], snapshot.using)

    @staticmethod
    def resolve_last_run(snapshot: Snapshot, _info: Any) -> SyncRun | None:
        return snapshot.rows(SyncRun).order_by("-pk").first()
