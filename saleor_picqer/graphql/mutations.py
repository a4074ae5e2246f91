"""`triggerPicqerFullSync`."""

from __future__ import annotations

from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.graphql.core.mutations import BaseMutation

from saleor_picqer import tasks
from saleor_picqer.graphql.channels import find_channel
from saleor_picqer.graphql.types import PicqerError, PicqerErrorCode, PicqerSyncRun
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
        permissions = (host().manage_plugins(),)
        error_type_class = PicqerError
        error_type_field = "picqer_errors"

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, **data: Any) -> TriggerPicqerFullSync:
        channel = active_channel(data.get("channel"))
        run, is_new = runs.queue(channel)
        if is_new:
            tasks.enqueue(tasks.full_sync, run.pk)
        return cls(run=run)


def active_channel(slug: str | None) -> str:
    """Raises ValidationError on the field `channel` unless the plugin is on there."""
    found = find_channel(slug, host().configurations())
    if found is None:
        message = "Name the channel." if slug is None else f'No Picqer settings for "{slug}".'
        raise _channel_error(message, PicqerErrorCode.NOT_FOUND)
    if not found.active:
        raise _channel_error("The plugin is switched off here.", PicqerErrorCode.NOT_ACTIVE)
    return host().channel_of(found)


def _channel_error(message: str, code: PicqerErrorCode) -> ValidationError:
    return ValidationError({"channel": ValidationError(message, code=code.value)})


class PicqerMutations(graphene.ObjectType):
    trigger_picqer_full_sync = TriggerPicqerFullSync.Field()
