"""The query and the mutations of settings."""

from __future__ import annotations

from typing import Any

import graphene
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer.graphql.core.channels import find_any_channel
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.settings.check import PicqerCheckConnection
from saleor_picqer.graphql.settings.mutations import PicqerUpdateSettings
from saleor_picqer.graphql.settings.types import ChannelSettings, PicqerSettings
from saleor_picqer.hosts import host


class PicqerSettingsQueries(graphene.ObjectType):
    picqer_settings = graphene.Field(
        PicqerSettings,
        channel=graphene.String(
            description="Slug of the channel; needed only if the shop has several."
        ),
        description=describe_permission(
            "The plugin's settings in a channel, with their defaults where the plugin is not set up"
            " yet; null for an unknown channel.",
            host().access.manage_plugins(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_picqer_settings(
        _root: Any, info: Any, channel: str | None = None
    ) -> ChannelSettings | None:
        reader = host().access.reader(info)
        found = find_any_channel(channel, reader)
        return None if found is None else ChannelSettings.of(found, reader)


class PicqerSettingsMutations(graphene.ObjectType):
    picqer_update_settings = PicqerUpdateSettings.Field()
    picqer_check_connection = PicqerCheckConnection.Field()
