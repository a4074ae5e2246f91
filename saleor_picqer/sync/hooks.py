"""Register, check and remove the webhooks of a channel in Picqer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from saleor_picqer.domain.hooks import HookChanges, RemoteHook, hook_changes, hook_name, own_hooks
from saleor_picqer.errors import RefusedError
from saleor_picqer.sync.ports import Context


def find_changes(context: Context, secret: str, known: Collection[int] = ()) -> HookChanges:
    """Return what is due to the channel's hooks, given the ids of earlier hooks of the channel."""
    return compare(context, list(context.picqer.hooks.list()), secret, known)


def register(context: Context, secret: str, due: HookChanges) -> list[int]:
    """Make the changes, so that each event has a single active hook; return the ids of those.

    After an error in between, Picqer's list no longer tells which deliveries were lost.
    """
    for hook_id in due.deactivate:
        context.picqer.hooks.deactivate(hook_id)
    refused = [event for hook_id, event in due.reactivate if not _reactivate(context, hook_id)]
    switched_on = [hook_id for hook_id, event in due.reactivate if event not in refused]
    created = [_create(context, event, secret) for event in (*due.create, *refused)]
    return [*due.keep, *switched_on, *created]


def compare(
    context: Context, hooks: Sequence[RemoteHook], secret: str, known: Collection[int]
) -> HookChanges:
    """Return what is due to the channel's hooks, given the account's list."""
    address = context.shop.channels.webhook_url(context.channel)
    return hook_changes(hooks, address, hook_name(context.channel, secret), known)


def remove(context: Context, known: Collection[int] = ()) -> None:
    """Deactivate the channel's hooks in Picqer."""
    address = context.shop.channels.webhook_url(context.channel)
    for hook in own_hooks(list(context.picqer.hooks.list()), address, known):
        context.picqer.hooks.deactivate(hook.id)


def _reactivate(context: Context, hook_id: int) -> bool:
    """Switch a hook on again; False where Picqer refuses, or does not know how."""
    try:
        return context.picqer.hooks.reactivate(hook_id)
    except RefusedError:
        return False


def _create(context: Context, event: str, secret: str) -> int:
    address = context.shop.channels.webhook_url(context.channel)
    return context.picqer.hooks.create(hook_name(context.channel, secret), event, address, secret)
