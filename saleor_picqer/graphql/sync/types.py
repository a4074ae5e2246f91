"""A full sync, as GraphQL type."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.sync.enums import PicqerSyncStatus
from saleor_picqer.hosts import host

DateTime = host().access.graphql_datetime()


class PicqerSyncRun(graphene.ObjectType):
    id = graphene.GlobalID(required=True, description="ID of the run.")
    channel = graphene.String(required=True, description="Slug of the channel.")
    status = graphene.Field(
        PicqerSyncStatus, required=True, description="How far the run has come."
    )
    total = graphene.Int(
        required=True, description="Number of products to compare; 0 before the run has begun."
    )
    created = graphene.Int(required=True, description="Number of products created in Picqer.")
    updated = graphene.Int(required=True, description="Number of products updated in Picqer.")
    unchanged = graphene.Int(
        required=True, description="Number of products that Picqer already had as they should be."
    )
    failed = graphene.Int(
        required=True, description="Number of products that could not be written to Picqer."
    )
    problems = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="What went wrong, and with which product.",
    )
    queued_at = DateTime(required=True, description="When the run was requested.")
    finished_at = DateTime(description="When the run ended; null before.")

    class Meta:
        description = (
            "A full sync of one channel: products from Saleor to Picqer, warehouses and stock from"
            " Picqer to Saleor."
        )

    @staticmethod
    def resolve_channel(run: Any, info: Any) -> str:
        return slug_of(info, run.channel)
