"""Fulfilments by hand, in Saleor, of orders that Picqer ships."""

from __future__ import annotations

from typing import Final

from saleor_picqer import wiring
from saleor_picqer.domain.order_actions import is_shipped_by_picqer
from saleor_picqer.domain.outbox import Entry
from saleor_picqer.hosts import host
from saleor_picqer.sync.orders import texts

_ALLOW: Final = 'To allow it for all orders, switch on the setting "Allow fulfilment by hand".'


def refusal(order_pk: str) -> str | None:
    """Return why an order must not be fulfilled by hand; None if it may be.

    Takes one statement for an order that Picqer does not ship.
    """
    entry = wiring.outbox.read(order_pk)
    if entry is None or not is_shipped_by_picqer(entry):
        return None
    if entry.channel not in wiring.active_channels():
        return None
    if wiring.load_settings(entry.channel).manual_fulfilment:
        host().orders.add_note(order_pk, texts.fulfilled_by_hand(entry.remote_number))
        return None
    return f"{_reason(entry)} {_ALLOW}"


def _reason(entry: Entry) -> str:
    if entry.remote_id is None:
        return (
            "Picqer is to ship this order, so it cannot be fulfilled by hand. Skip the order for"
            " Picqer first."
        )
    return (
        f"Picqer ships this order as order {entry.remote_number}, so it cannot be fulfilled by"
        " hand. Ship it in Picqer, or cancel it there first."
    )
