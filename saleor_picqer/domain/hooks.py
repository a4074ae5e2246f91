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
    """What is due to the hooks of a channel.

    `keep`, `deactivate` and `reactivate` are hooks by id, `create` are events to create hooks for;
    each event in `reactivate` has the hook that was switched off. `lost` are events for which the
    channel had a hook before and has no active hook now: deliveries of these events are missing.
    """

    keep: tuple[int, ...]
    deactivate: tuple[int, ...]
    create: tuple[str, ...]
    reactivate: tuple[tuple[int, str], ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.deactivate or self.create or self.reactivate)


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

    Deactivate hooks before switching others on: Picqer accepts a single active hook per address
    and event. `known` are the ids of hooks that were registered earlier, perhaps with another
    address or secret.
    """
    hooks = list(hooks)
    own = own_hooks(hooks, address, known)
    right = _by_event(own, address, name)
    missing = [event for event in EVENTS if event not in right]
    off = _by_event((h for h in hooks if not h.active and h.id in known), address, name)
    active = {hook.event for hook in own}
    return HookChanges(
        keep=tuple(right.values()),
        deactivate=tuple(hook.id for hook in own if hook.id not in right.values()),
        create=tuple(event for event in missing if event not in off),
        reactivate=tuple((off[event], event) for event in missing if event in off),
        lost=tuple(event for event in missing if known and event not in active),
    )


def _by_event(hooks: Iterable[RemoteHook], address: str, name: str) -> dict[str, int]:
    """Return the first hook of each subscribed event with the address and name: event -> id."""
    found: dict[str, int] = {}
    for hook in hooks:
        if (hook.address, hook.name) == (address, name) and hook.event in EVENTS:
            found.setdefault(hook.event, hook.id)
    return found
