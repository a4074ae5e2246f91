"""Which webhooks a channel wants in Picqer, and what to change so that it has them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from saleor_picqer.domain.mapping.events import EVENTS


@dataclass(frozen=True, slots=True)
class RemoteHook:
    """A webhook as Picqer lists it; deactivated ones are listed too."""

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
    """Picqer never shows a secret again: its fingerprint in the name tells which one was used."""
    fingerprint = hashlib.sha256(secret.encode()).hexdigest()[:8]
    return f"Saleor {channel} {fingerprint}"


def hook_changes(hooks: Iterable[RemoteHook], address: str, name: str) -> HookChanges:
    """Makes sure of one active hook per event, with the current secret.

    (address, event) must be unique among active hooks, so an outdated one goes first.
    """
    ours = [hook for hook in hooks if hook.address == address and hook.active]
    right = {hook.event for hook in ours if hook.name == name and hook.event in EVENTS}
    outdated = tuple(hook.id for hook in ours if hook.name != name or hook.event not in EVENTS)
    return HookChanges(outdated, tuple(event for event in EVENTS if event not in right))
