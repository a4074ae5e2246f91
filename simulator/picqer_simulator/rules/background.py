"""Owns what happens by time alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.models import Order, Picklist
from picqer_simulator.rules import allocations, order_wire, processing

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator


def run_due(simulator: Simulator) -> None:
    now = simulator.clock.stamp()
    for order in simulator.state.orders.values():
        if order.picklists_due and order.picklists_due <= now:
            _distribute(simulator, order)
    for picklist in simulator.state.picklists.values():
        if picklist.status == "snoozed" and (picklist.snoozed_until or "") <= now:
            wake(simulator, picklist)


def wake(simulator: Simulator, picklist: Picklist) -> None:
    """The snooze ends, by time or by hand."""
    picklist.status, picklist.snoozed_until = "new", None
    picklist.updated = simulator.clock.stamp()
    simulator.emit("picklists.unsnoozed", order_wire.picklist(simulator, picklist))


def _distribute(simulator: Simulator, order: Order) -> None:
    if order.status == "processing" and allocations.candidates(simulator, order):
        processing.announce(simulator, processing.distribute(simulator, order))
