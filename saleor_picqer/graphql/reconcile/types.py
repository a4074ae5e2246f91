"""A reconcile, as GraphQL type."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.domain.reconcile import KINDS, Kind
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.orders.ids import order_id
from saleor_picqer.graphql.reconcile.enums import (
    PicqerDifferenceKind,
    PicqerReconcileCause,
    PicqerReconcileStatus,
)
from saleor_picqer.hosts import host

DateTime = host().access.graphql_datetime()


class PicqerDifferenceCount(graphene.ObjectType):
    kind = graphene.Field(PicqerDifferenceKind, required=True, description="What differs.")
    count = graphene.Int(required=True, description="Number of differences of this kind.")
    text = graphene.String(
        required=True, description="What differs, and what a repair does, in sentences for staff."
    )

    class Meta:
        description = "Number of differences of one kind."


class PicqerDifference(graphene.ObjectType):
    kind = graphene.Field(PicqerDifferenceKind, required=True, description="What differs.")
    order_id = graphene.ID(description="ID of the order in Saleor, if it is about one.")
    number = graphene.String(required=True, description="Number of the order in Picqer.")
    detail = graphene.String(required=True, description="More about the difference.")
    repaired = graphene.Boolean(required=True, description="Whether it was repaired.")

    class Meta:
        description = "A difference between Saleor and Picqer."

    @staticmethod
    def resolve_order_id(finding: Any, _info: Any) -> str | None:
        return order_id(finding["order_pk"]) if finding["order_pk"] else None


class PicqerReconcileRun(graphene.ObjectType):
    id = graphene.GlobalID(required=True, description="ID of the reconcile.")
    channel = graphene.String(required=True, description="Slug of the channel.")
    cause = graphene.Field(PicqerReconcileCause, required=True, description="Why it was started.")
    apply = graphene.Boolean(
        required=True, description="Whether differences are repaired, or only listed."
    )
    status = graphene.Field(
        PicqerReconcileStatus, required=True, description="How far the reconcile has come."
    )
    compared = graphene.Int(required=True, description="Number of orders compared with Picqer.")
    found = graphene.Int(required=True, description="Number of differences.")
    repaired = graphene.Int(required=True, description="Number of repaired differences.")
    counts = graphene.List(
        graphene.NonNull(PicqerDifferenceCount),
        required=True,
        description="Differences by kind.",
    )
    differences = graphene.List(
        graphene.NonNull(PicqerDifference),
        description=describe_permission(
            "The differences, at most 200. Staff must also have access to the channel.",
            host().access.manage_orders(),
        ),
    )
    problem = graphene.String(required=True, description="Why the reconcile was stopped.")
    queued_at = DateTime(required=True, description="When the reconcile was requested.")
    finished_at = DateTime(description="When the reconcile ended; null before.")

    class Meta:
        description = (
            "A comparison of one channel's open orders, waiting work and webhooks with Picqer."
        )

    @staticmethod
    def resolve_channel(run: Any, info: Any) -> str:
        return slug_of(info, run.channel)

    @staticmethod
    def resolve_counts(run: Any, _info: Any) -> list[PicqerDifferenceCount]:
        return [
            PicqerDifferenceCount(kind=kind, count=number, text=KINDS[Kind(kind)])
            for kind, number in run.counts.items()
        ]

    @staticmethod
    @one_of_permissions_required([host().access.manage_orders()])
    def resolve_differences(run: Any, info: Any) -> Any:
        host().access.check_channel_access(info, [run.channel])
        return run.findings
