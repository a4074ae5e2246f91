"""Webhook deliveries to be handled again, whichever way staff ask for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from saleor_picqer import tasks, wiring
from saleor_picqer.store import deliveries
from saleor_picqer.store.deliveries import ReplayResult

__all__ = ["ReplayResult", "replay", "start"]


def replay(pks: Sequence[int]) -> ReplayResult:
    """Put deliveries back into the inbox; the caller has them worked off."""
    return deliveries.replay(pks)


def start(accounts: Collection[str]) -> None:
    """Have workers work off the inboxes of these accounts."""
    for account in accounts:
        if wiring.inbox.task(account).may_enqueue():
            tasks.enqueue_inbox(account)
