"""The companion plugin: takes the hooks that Saleor 3 sends for no channel in particular.

Those reach a plugin that is configured per channel only by accident: a manager runs what it has
happened to load. This one is global, always active, in nobody's list, and has no settings.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.hosts import host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saleor.order.models import Order

logger = logging.getLogger(__name__)


class GlobalPicqerPlugin(BasePlugin):
    """Hands what it is told to the plugin of the channel that is concerned."""

    PLUGIN_ID = f"{PLUGIN_ID}-everywhere"
    PLUGIN_NAME = "Picqer, for what belongs to no channel"
    CONFIGURATION_PER_CHANNEL = False
    DEFAULT_ACTIVE = True
    HIDDEN = True

    def order_bulk_created(
        self, orders: Sequence[Order], previous_value: Any = None, **_: Any
    ) -> Any:
        """All of them, whatever their channels. Never raises: the sweeper makes up for it."""
        try:
            _hand_out(orders)
        except Exception:
            logger.exception("Orders could not be handed to their channels; the sweeper will")
        return previous_value


def _hand_out(orders: Sequence[Order]) -> None:
    """One query for all orders, then what each channel's plugin does."""
    by_channel: dict[str, list[Order]] = defaultdict(list)
    for order in host().orders.with_delivery([order.pk for order in orders]):
        by_channel[host().orders.channel_slug(order)].append(order)
    manager = get_plugins_manager(allow_replica=False)
    for channel, of_channel in by_channel.items():
        plugin = manager.get_plugin(PLUGIN_ID, channel)
        if plugin is not None:
            plugin.orders_placed(of_channel, None)
