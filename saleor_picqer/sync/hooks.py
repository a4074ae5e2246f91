"""Register and remove the webhooks of a channel in Picqer."""

from __future__ import annotations

from saleor_picqer.domain.hooks import hook_changes, hook_name
from saleor_picqer.sync.ports import Context


def register(context: Context) -> None:
    """Keep a single active hook per event, with the channel's secret; write only differences."""
    address = context.shop.channels.webhook_url(context.channel)
    secret = context.secrets.current(context.channel)
    name = hook_name(context.channel, secret)
    wanted = hook_changes(context.picqer.hooks.list(), address, name)
    for hook_id in wanted.deactivate:
        context.picqer.hooks.deactivate(hook_id)
    for event in wanted.create:
        context.picqer.hooks.create(name, event, address, secret)


def remove(context: Context) -> None:
    """Deactivate the channel's hooks in Picqer."""
    address = context.shop.channels.webhook_url(context.channel)
    for hook in list(context.picqer.hooks.list()):
        if hook.address == address and hook.active:
            context.picqer.hooks.deactivate(hook.id)
