"""`picqerReconcile`."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_picqer import tasks
from saleor_picqer.graphql.core.channels import active_channel
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.reconcile.types import PicqerReconcileRun
from saleor_picqer.hosts import host
from saleor_picqer.store import reconcile


class PicqerReconcile(PicqerMutation):
    run = graphene.Field(
        PicqerReconcileRun, description="The new run, or the channel's run that has not ended yet."
    )

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        )
        apply = graphene.Boolean(
            default_value=False,
            description="Repair what can be repaired; otherwise differences are only listed.",
        )

    class Meta:
        description = (
            "Compares the channel's open orders, waiting work and webhooks with Picqer. Works in"
            " the background: `picqerStatus` shows what it found."
        )
        permission = host().access.manage_plugins()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> PicqerReconcile:
        channel = active_channel(data.get("channel"))
        cause = reconcile.Cause.REQUEST
        run, is_new = reconcile.queue(channel, cause, apply=bool(data.get("apply")))
        if is_new:
            tasks.enqueue(tasks.reconcile, run.pk)
        return cls(run=run)
