"""The query of a channel's state."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer import wiring
from saleor_picqer.graphql.core.channels import find_channel
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.status.types import ChannelStatus, PicqerStatus
from saleor_picqer.hosts import host


class PicqerStatusQueries(graphene.ObjectType):
    picqer_status = graphene.Field(
        PicqerStatus,
        channel=graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        ),
        description=describe_permission(
            "State of the integration with Picqer in one channel; null if the plugin is not set up"
            " for it.",
            host().access.manage_plugins(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_picqer_status(
        _root: Any, info: Any, channel: str | None = None
    ) -> ChannelStatus | None:
        reader = host().access.reader(info)
        found = find_channel(channel, host().channels.configurations(reader), reader)
        if found is None:
            return None
        pk = host().channels.pk_of(found)
        account = wiring.account_in(pk, found)
        return ChannelStatus(pk, active=found.active, using=reader, account=account)
