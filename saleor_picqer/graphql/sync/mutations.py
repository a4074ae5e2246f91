"""`triggerPicqerFullSync`."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_picqer import tasks
from saleor_picqer.graphql.core.channels import active_channel
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.sync.types import PicqerSyncRun
from saleor_picqer.hosts import host
from saleor_picqer.store import runs


class TriggerPicqerFullSync(PicqerMutation):
    run = graphene.Field(
        PicqerSyncRun, description="The new run, or the channel's run that has not ended yet."
    )

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        )

    class Meta:
        description = (
            "Writes all products of the channel to Picqer, and Picqer's warehouses and stock to"
            " Saleor."
        )
        permission = host().access.manage_plugins()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> TriggerPicqerFullSync:
        run, is_new = runs.queue(active_channel(data.get("channel")))
        if is_new:
            tasks.enqueue(tasks.full_sync, run.pk)
        return cls(run=run)
