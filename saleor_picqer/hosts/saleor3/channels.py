"""Channels of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from saleor.channel.models import Channel
from saleor.core.utils import build_absolute_uri
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.hosts.common.channels import Channels


class Saleor3Channels(Channels):
    def configurations(self, using: str = "default") -> Any:
        rows = PluginConfiguration.objects.using(using).select_related("channel")
        return rows.filter(identifier=PLUGIN_ID, channel__isnull=False)

    def pk_of(self, configuration: PluginConfiguration) -> str:
        return str(configuration.channel_id)

    def pk_of_plugin(self, plugin: Any) -> str | None:
        # Saleor's legacy URL /plugins/<id>/ reaches an instance that has no channel.
        return None if plugin.channel is None else str(plugin.channel.pk)

    def slugs(self, using: str = "default") -> Mapping[str, str]:
        rows = Channel.objects.using(using).values_list("pk", "slug")
        return {str(pk): slug for pk, slug in rows}

    def plugins(self, channels: Collection[str]) -> Mapping[str, Any]:
        manager = get_plugins_manager(allow_replica=False)
        slugs = {channel: slug for channel, slug in self.slugs().items() if channel in channels}
        found = {channel: manager.get_plugin(PLUGIN_ID, slug) for channel, slug in slugs.items()}
        return {channel: plugin for channel, plugin in found.items() if plugin is not None}

    def save_configuration(self, channel: str, data: Mapping[str, Any]) -> bool:
        if (slug := self.slugs().get(channel)) is None:
            return False
        manager = get_plugins_manager(allow_replica=False)
        return manager.save_plugin_configuration(PLUGIN_ID, slug, dict(data)) is not None

    def _absolute_url(self, path: str) -> str:
        return build_absolute_uri(path)
