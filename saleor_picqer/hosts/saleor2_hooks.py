"""What stands in on Saleor 2.10 for what Saleor 3 gives a plugin: one implicit channel."""

from __future__ import annotations

from saleor_picqer.hosts.saleor2_orders import CHANNEL


class Saleor2Hooks:
    """Mixed into `PicqerPlugin`; its order hooks are those of every line."""

    channel_slug = CHANNEL
