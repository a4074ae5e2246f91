"""Work that is due by the clock: late picklists and ends of snoozes."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import Order, Picklist
from picqer_simulator.rules import allocations, order_wire, processing


def run_due(account: Account) -> None:
    """Create late picklists and end the snoozes that are over."""
    now = account.clock.stamp()
    for order in account.state.orders.values():
        if order.picklists_due and order.picklists_due <= now:
            _distribute(account, order)
    for picklist in account.state.picklists.values():
        if picklist.status == "snoozed" and (picklist.snoozed_until or "") <= now:
            wake(account, picklist)


def wake(account: Account, picklist: Picklist) -> None:
    """End the snooze of a picklist."""
    picklist.status, picklist.snoozed_until = "new", None
    picklist.updated = account.clock.stamp()
    account.emit("picklists.unsnoozed", order_wire.picklist(account, picklist))


def _distribute(account: Account, order: Order) -> None:
    """Create the picklists of an order, unless no warehouse accepts the order now."""
    if order.status == "processing" and allocations.candidates(account, order):
        processing.announce(account, processing.distribute(account, order))
