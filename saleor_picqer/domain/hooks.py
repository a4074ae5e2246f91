"""The webhooks of a channel in Picqer, and the changes due."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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
    """Hooks to switch off, by id, and events to create hooks for."""

    deactivate: tuple[int, ...]
    create: tuple[str, ...]


def hook_name(channel: str, secret: str) -> str:
    """Return the name of a channel's webhooks, which has a fingerprint of the secret."""
    # Picqer never shows a secret again, so only the name tells which secret a hook has.
    fingerprint = hashlib.sha256(secret.encode()).hexdigest()[:8]
    return f"Saleor {channel} {fingerprint}"


def hook_changes(hooks: Iterable[RemoteHook], address: str, name: str) -> HookChanges:
    """Compare Picqer's hooks with the wanted hooks: an active hook per event, named `name`.

    Deactivate hooks before creating others: Picqer accepts a single active hook per address and
    event.
    """
    own = [hook for hook in hooks if hook.address == address and hook.active]
    right = {hook.event for hook in own if hook.name == name and hook.event in EVENTS}
    outdated = tuple(hook.id for hook in own if hook.name != name or hook.event not in EVENTS)
    return HookChanges(outdated, tuple(event for event in EVENTS if event not in right))
