"""The webhooks of a channel in Picqer, and the changes due."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from saleor_picqer.domain.mapping.events import EVENTS


@dataclass(frozen=True, slots=True)
class RemoteHook:
    """A webhook in Picqer, active or not."""

    id: int
    name: str
    event: str
    address: str
    active: bool


@dataclass(frozen=True, slots=True)
class HookChanges:
    """Hooks to keep and to switch off, by id, and events to create hooks for."""

    keep: tuple[int, ...]
    deactivate: tuple[int, ...]
    create: tuple[str, ...]


def hook_name(channel: str, secret: str) -> str:
    """Return the name of a channel's webhooks, which has a fingerprint of the secret."""
    # Picqer never shows a secret again, so only the name tells which secret a hook has.
    fingerprint = hashlib.sha256(secret.encode()).hexdigest()[:8]
    return f"Saleor channel {channel} {fingerprint}"


def own_hooks(
    hooks: Iterable[RemoteHook], address: str, known: Collection[int]
) -> list[RemoteHook]:
    """Return the active hooks with our address, and those with a known id and an old address."""
    return [hook for hook in hooks if hook.active and (hook.address == address or hook.id in known)]


def hook_changes(
    hooks: Iterable[RemoteHook], address: str, name: str, known: Collection[int] = ()
) -> HookChanges:
    """Compare Picqer's hooks with the wanted hooks: an active hook per event, named `name`.

    Deactivate hooks before creating others: Picqer accepts a single active hook per address and
    event. `known` are the ids of hooks that were registered earlier, perhaps with another address.
    """
    own = own_hooks(hooks, address, known)
    right: dict[str, int] = {}
    for hook in own:
        if (hook.address, hook.name) == (address, name) and hook.event in EVENTS:
            right.setdefault(hook.event, hook.id)
    keep = tuple(right.values())
    outdated = tuple(hook.id for hook in own if hook.id not in keep)
    return HookChanges(keep, outdated, tuple(event for event in EVENTS if event not in right))
