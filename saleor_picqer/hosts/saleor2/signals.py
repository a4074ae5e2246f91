"""What stands in on Saleor 2.10 for what Saleor 3 gives a plugin.

One implicit channel, and a signal for those changes of orders that call no hook there.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db.models.signals import post_save
from saleor.order.models import Order
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.hosts.saleor2.orders import CHANNEL

logger = logging.getLogger(__name__)


class Saleor2Hooks:
    """Mixed into `PicqerPlugin`; its order hooks are those of every line."""

    channel_slug = CHANNEL


def listen() -> None:
    """To changes of addresses, notes and e-mail addresses, of which no plugin is told."""
    post_save.connect(_order_saved, sender=Order, dispatch_uid="picqer-order-saved")


def _order_saved(
    instance: Order, *, created: bool, raw: bool, update_fields: Any = None, **_: Any
) -> None:
    """Saleor's API saves whole orders; what saves single fields is its own work, or ours."""
    if created or raw or update_fields:
        return
    try:
        plugin: Any = get_plugins_manager().get_plugin(PLUGIN_ID)
        if plugin is not None:
            plugin.orders_changed([instance], None)
    except Exception:
        logger.exception("A change of order %s was not noticed", instance.pk)
