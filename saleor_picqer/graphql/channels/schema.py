"""The query of the channels in which the plugin is set up."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer import wiring
from saleor_picqer.graphql.channels.types import PicqerChannel
from saleor_picqer.graphql.status.types import ChannelStatus
from saleor_picqer.hosts import host

_PERMISSIONS = [host().access.manage_orders(), host().access.manage_plugins()]


class PicqerChannelQueries(graphene.ObjectType):
    picqer_channels = graphene.List(
        graphene.NonNull(PicqerChannel),
        all=graphene.Boolean(
            default_value=False,
            description="Also return channels in which the plugin is not set up yet.",
        ),
        description=(
            "The channels in which the plugin is set up, active or not. Staff who may not manage"
            " plugins see the channels that they may access.\n\nRequires one of the following"
            f" permissions: {', '.join(one.name for one in _PERMISSIONS)}."
        ),
    )

    @staticmethod
    @one_of_permissions_required(_PERMISSIONS)
    def resolve_picqer_channels(_root: Any, info: Any, **wanted: bool) -> list[ChannelStatus]:
        reader = host().access.reader(info)
        found = [_state(row, reader) for row in host().channels.configurations(reader)]
        if wanted.get("all"):
            known = {one.channel for one in found}
            slugs = host().channels.slugs(reader)
            found += [_not_set_up(pk, reader) for pk in slugs if pk not in known]
        visible = host().access.visible_channels(info)
        if visible is None or host().access.has_permission(info, host().access.manage_plugins()):
            return found
        return [one for one in found if one.channel in visible]


def _state(row: Any, using: str) -> ChannelStatus:
    channel = host().channels.pk_of(row)
    account = wiring.account_in(channel, row)
    return ChannelStatus(channel, active=row.active, using=using, account=account)


def _not_set_up(channel: str, using: str) -> ChannelStatus:
    return ChannelStatus(channel, active=False, using=using, account=None)
