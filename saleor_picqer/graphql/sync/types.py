"""A run, as GraphQL type."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_picqer.domain.run_problems import MAX_CAUSES
from saleor_picqer.domain.runs import stock_warning
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.sync.changes import PicqerSyncPreview, preview
from saleor_picqer.graphql.sync.enums import PicqerSyncKind, PicqerSyncStatus
from saleor_picqer.hosts import host
from saleor_picqer.store import runs

DateTime = host().access.graphql_datetime()


class PicqerSyncRun(graphene.ObjectType):
    id = graphene.GlobalID(required=True, description="ID of the run.")
    channel = graphene.String(required=True, description="Slug of the channel.")
    kind = graphene.Field(PicqerSyncKind, required=True, description="What the run does.")
    dry_run = graphene.Boolean(
        required=True, description="Whether the run writes nothing, and tells what would change."
    )
    confirm_zero = graphene.Boolean(
        required=True, description="Whether the run sells out SKUs, however many there are."
    )
    status = graphene.Field(
        PicqerSyncStatus, required=True, description="How far the run has come."
    )
    total = graphene.Int(
        required=True, description="Number of products in the channel; 0 before the run has begun."
    )
    done = graphene.Int(required=True, description="Number of these products that are done.")
    created = graphene.Int(required=True, description="Number of products created in Picqer.")
    updated = graphene.Int(required=True, description="Number of products updated in Picqer.")
    unchanged = graphene.Int(
        required=True, description="Number of products that Picqer already had as they should be."
    )
    failed = graphene.Int(
        required=True, description="Number of products that could not be written to Picqer."
    )
    read = graphene.Int(required=True, description="Number of products read from Picqer.")
    stock_changed = graphene.Int(
        required=True, description="Number of stocks that changed in Saleor."
    )
    zeroed = graphene.Int(
        required=True,
        description="Number of SKUs on offer that were set to zero in every warehouse of Picqer.",
    )
    withheld = graphene.Int(
        required=True,
        description=(
            "Number of SKUs on offer that Picqer has no stock of, and that stay on sale, because so"
            " many need a confirmation."
        ),
    )
    requests = graphene.Int(required=True, description="Number of requests sent to Picqer.")
    seconds_left = graphene.Int(
        description=(
            "Seconds that the rest of the run needs at least, by Picqer's rate limit: an estimate;"
            " null once the run has ended."
        )
    )
    preview = graphene.Field(PicqerSyncPreview, description="What a dry run would change.")
    problems = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description=(
            f"What went wrong, and with which products: one text for each of the first"
            f" {MAX_CAUSES} causes."
        ),
    )
    problem_count = graphene.Int(required=True, description="Number of all causes, listed or not.")
    queued_at = DateTime(required=True, description="When the run was requested.")
    finished_at = DateTime(description="When the run ended; null before.")

    class Meta:
        description = (
            "A run in one channel: products from Saleor to Picqer, warehouses and stock from Picqer"
            " to Saleor, or both."
        )

    @staticmethod
    def resolve_channel(run: Any, info: Any) -> str:
        return slug_of(info, run.channel)

    @staticmethod
    def resolve_done(run: Any, _info: Any) -> int:
        return runs.progress(run).done

    @staticmethod
    def resolve_read(run: Any, _info: Any) -> int:
        return runs.numbers(run)["read"]

    @staticmethod
    def resolve_stock_changed(run: Any, _info: Any) -> int:
        return runs.numbers(run)["stock_changed"]

    @staticmethod
    def resolve_zeroed(run: Any, _info: Any) -> int:
        return runs.numbers(run)["zeroed"]

    @staticmethod
    def resolve_withheld(run: Any, _info: Any) -> int:
        return runs.numbers(run)["withheld"]

    @staticmethod
    def resolve_problems(run: Any, _info: Any) -> list[str]:
        return runs.problems(run)

    @staticmethod
    def resolve_problem_count(run: Any, _info: Any) -> int:
        return max(runs.numbers(run)["problems"], len(run.problems))

    @staticmethod
    def resolve_requests(run: Any, _info: Any) -> int:
        return runs.numbers(run)["requests"]

    @staticmethod
    def resolve_seconds_left(run: Any, _info: Any) -> int | None:
        return None if run.finished_at else runs.progress(run).seconds_left

    @staticmethod
    def resolve_preview(run: Any, info: Any) -> PicqerSyncPreview | None:
        if not run.dry_run:
            return None
        numbers = runs.numbers(run)
        channel = slug_of(info, run.channel)
        return preview(
            run.report, numbers, stock_warning(run.total, numbers["with_stock"], channel)
        )
