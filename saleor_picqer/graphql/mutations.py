"""`triggerPicqerFullSync`."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.core.mutations import BaseMutation

from saleor_picqer import tasks
from saleor_picqer.graphql.channels import active_channel
from saleor_picqer.graphql.errors import PicqerError
from saleor_picqer.graphql.types import PicqerSyncRun
from saleor_picqer.hosts import host
from saleor_picqer.store import runs


class TriggerPicqerFullSync(BaseMutation):
    run = graphene.Field(PicqerSyncRun, description="The run, or the one that is under way.")

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; not needed where the plugin has only one."
        )

    class Meta:
        description = "Pushes all products to Picqer and pulls all warehouses and stock from it."
        permissions = (host().access.manage_plugins(),)
        error_type_class = PicqerError
        error_type_field = "picqer_errors"

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> TriggerPicqerFullSync:
        channel = active_channel(data.get("channel"))
        run, is_new = runs.queue(channel)
        if is_new:
            tasks.enqueue(tasks.full_sync, run.pk)
        return cls(run=run)


class PicqerMutations(graphene.ObjectType):
    trigger_picqer_full_sync = TriggerPicqerFullSync.Field()
