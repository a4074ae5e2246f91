"""The single implicit channel of Saleor 2.10."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from saleor.core.utils import build_absolute_uri
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.hosts.common.channels import Channels

# Primary key and slug of the implicit channel.
CHANNEL: Final = "default"


class Saleor2Channels(Channels):
    def configurations(self, using: str = "default") -> Any:
        return PluginConfiguration.objects.using(using).filter(identifier=PLUGIN_ID)

    def pk_of(self, configuration: PluginConfiguration) -> str:
        return CHANNEL

    def pk_of_plugin(self, plugin: Any) -> str | None:
        return CHANNEL

    def slugs(self, using: str = "default") -> Mapping[str, str]:
        return {CHANNEL: CHANNEL}

    def plugins(self, channels: Collection[str]) -> Mapping[str, Any]:
        plugin = get_plugins_manager().get_plugin(PLUGIN_ID) if CHANNEL in channels else None
        return {} if plugin is None else {CHANNEL: plugin}

    def save_configuration(self, channel: str, data: Mapping[str, Any]) -> bool:
        manager = get_plugins_manager()
        return manager.save_plugin_configuration(PLUGIN_ID, dict(data)) is not None

    def _absolute_url(self, path: str) -> str:
        return str(build_absolute_uri(path))
