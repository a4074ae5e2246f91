"""Channels and the plugin's stored configuration in each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from saleor.plugins.models import PluginConfiguration

from saleor_picqer.config import PLUGIN_ID


class Channels(ABC):
    """Channels of the shop and the plugin's stored configuration in each."""

    @abstractmethod
    def configurations(self, using: str = "default") -> Any:
        """Return a QuerySet of the plugin's stored configurations, read from database `using`."""

    @abstractmethod
    def slug_of(self, configuration: PluginConfiguration) -> str:
        """Return the slug of a stored configuration's channel."""

    def configuration(self, channel: str) -> PluginConfiguration | None:
        """Return the stored configuration of a channel, active or not."""
        rows = (row for row in self.configurations() if self.slug_of(row) == channel)
        return next(rows, None)

    @abstractmethod
    def slug_of_plugin(self, plugin: Any) -> str | None:
        """Return the slug of a plugin instance's channel."""

    @abstractmethod
    def plugins(self, channels: Collection[str]) -> Mapping[str, Any]:
        """Return the Picqer plugins of the channels by slug, active or not."""

    def webhook_url(self, channel: str) -> str:
        """Return the public address of the plugin's webhook endpoint, without trailing slash."""
        return self._absolute_url(f"/plugins/channel/{channel}/{PLUGIN_ID}/webhooks")

    @abstractmethod
    def _absolute_url(self, path: str) -> str: ...
