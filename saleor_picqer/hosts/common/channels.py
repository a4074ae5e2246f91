"""Channels and the plugin's stored configuration in each.

A channel is identified by its primary key as text, because people may change every slug.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from saleor.plugins.models import PluginConfiguration

from saleor_picqer.config import GLOBAL_PLUGIN_ID


class Channels(ABC):
    """Channels of the shop and the plugin's stored configuration in each."""

    @abstractmethod
    def configurations(self, using: str = "default") -> Any:
        """Return a QuerySet of the plugin's stored configurations, read from database `using`."""

    @abstractmethod
    def pk_of(self, configuration: PluginConfiguration) -> str:
        """Return the channel of a stored configuration."""

    @abstractmethod
    def pk_of_plugin(self, plugin: Any) -> str | None:
        """Return the channel of a plugin instance; None for an instance without a channel."""

    @abstractmethod
    def slugs(self, using: str = "default") -> Mapping[str, str]:
        """Return the slug of every channel by primary key."""

    def slug(self, channel: str, using: str = "default") -> str:
        """Return the slug of a channel, or the primary key if the channel no longer exists."""
        return self.slugs(using).get(channel, channel)

    def find(self, slug: str, using: str = "default") -> str | None:
        """Return the channel with the slug."""
        return next((pk for pk, found in self.slugs(using).items() if found == slug), None)

    def configuration(self, channel: str) -> PluginConfiguration | None:
        """Return the stored configuration of a channel, active or not."""
        rows = (row for row in self.configurations() if self.pk_of(row) == channel)
        return next(rows, None)

    @abstractmethod
    def plugins(self, channels: Collection[str]) -> Mapping[str, Any]:
        """Return the Picqer plugins of the channels by channel, active or not."""

    @abstractmethod
    def save_configuration(self, channel: str, data: Mapping[str, Any]) -> bool:
        """Save settings of the plugin as Saleor's own form does; False for a deleted channel.

        `data` has `active`, and `configuration` as a list of `{"name", "value"}`. Raises
        ValidationError, by name of the setting, for what the plugin refuses.
        """

    def webhook_url(self, channel: str) -> str:
        """Return the public address of the channel's webhook endpoint, without trailing slash."""
        # The address must survive a new slug, so it leads to the plugin without a channel.
        return f"{self.public_address()}/plugins/global/{GLOBAL_PLUGIN_ID}/webhooks/{channel}"

    def public_address(self) -> str:
        """Return the public address of Saleor, without trailing slash."""
        return self._absolute_url("/").rstrip("/")

    @abstractmethod
    def _absolute_url(self, path: str) -> str: ...
