"""`picqerStatus`: how a channel is doing."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.channels import find_channel
from saleor_picqer.graphql.types import PicqerStatus, Snapshot
from saleor_picqer.hosts import host


class PicqerQueries(graphene.ObjectType):
    picqer_status = graphene.Field(
        PicqerStatus,
        channel=graphene.String(
            description="Slug of the channel; not needed where the plugin has only one."
        ),
        description="How the integration with Picqer is doing. Requires MANAGE_PLUGINS.",
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_picqer_status(_root: Any, info: Any, channel: str | None = None) -> Snapshot | None:
        reader = host().access.reader(info)
        found = find_channel(channel, host().channels.configurations(reader))
        if found is None:
            return None
        return Snapshot(host().channels.slug_of(found), active=found.active, using=reader)
