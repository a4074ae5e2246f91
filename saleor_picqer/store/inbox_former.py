"""Deliveries from the former Picqer account of a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saleor_picqer.store.hooks import HookRegistrations
from saleor_picqer.store.inbox import Delivery, Inbox


def set_former_aside(accounts: Mapping[str, str | None]) -> int:
    """Ignore waiting deliveries of accounts that channels have left; return the number.

    `accounts` has the account of each active channel, None where the settings do not tell. Takes
    one statement if there is nothing to do.
    """
    inbox = Inbox()
    number = 0
    for channel, account in inbox.waiting():
        # While another channel uses the account, it acts on what is told to any of its hooks.
        if accounts.get(channel) is None or account in accounts.values():
            continue
        # Noted first: if the channel comes back, it reads again what these deliveries told.
        HookRegistrations().mark_lost(channel, account)
        number += inbox.set_aside(channel, account)
    return number


def set_order_aside(deliveries: Sequence[Delivery], channel: str, account: str) -> None:
    """Ignore deliveries about an order of a channel that has left the account."""
    HookRegistrations().mark_lost(channel, account)
    Inbox().set_aside_taken(deliveries)
