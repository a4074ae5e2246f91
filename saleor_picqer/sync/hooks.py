"""Register and remove the webhooks of a channel in Picqer."""

from __future__ import annotations

from collections.abc import Collection

from saleor_picqer.domain.hooks import hook_changes, hook_name, own_hooks
from saleor_picqer.sync.ports import Context


def register(context: Context, secret: str, known: Collection[int] = ()) -> list[int]:
    """Keep a single active hook per event, signed with the secret; write only differences.

    `known` are the ids of earlier hooks of the channel. Returns the ids of the present hooks.
    """
    address = context.shop.channels.webhook_url(context.channel)
    name = hook_name(context.channel, secret)
    wanted = hook_changes(context.picqer.hooks.list(), address, name, known)
    for hook_id in wanted.deactivate:
        context.picqer.hooks.deactivate(hook_id)
    created = [context.picqer.hooks.create(name, event, address, secret) for event in wanted.create]
    return [*wanted.keep, *created]


def remove(context: Context, known: Collection[int] = ()) -> None:
    """Deactivate the channel's hooks in Picqer."""
    address = context.shop.channels.webhook_url(context.channel)
    for hook in own_hooks(list(context.picqer.hooks.list()), address, known):
        context.picqer.hooks.deactivate(hook.id)
