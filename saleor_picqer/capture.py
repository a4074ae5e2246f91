"""Recording Saleor orders in the outbox, from hooks and from the sweeper.

Each function returns the pks of the orders that a worker has to process now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import batched
from typing import Any, Final

from django.utils import timezone

from saleor_picqer import wiring
from saleor_picqer.config import Settings
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.hosts import host

# The longest time from a change's time stamp to its commit.
OVERLAP: Final = timedelta(minutes=10)


def capture_placed(settings: Settings, orders: Sequence[Any]) -> list[str]:
    """Record the new orders for Picqer, in one statement.

    Takes one more statement if the mark of a shipping method decides that is not loaded yet.
    """
    handled = _handled(settings, orders)
    if handled:
        wiring.outbox.record(handled, settings.channel)
    return handled


def capture_changed(orders: Sequence[Any]) -> list[str]:
    """Mark recorded orders as changed, in one statement."""
    pks = [str(order.pk) for order in orders]
    return pks if wiring.outbox.touch(pks) else []


def capture_missed(settings: Settings) -> list[str]:
    """Record orders whose hook never ran, among all that changed since the last sweep."""
    now = timezone.now()
    since = wiring.watermark.swept_until(settings.channel) - OVERLAP
    found: list[str] = []
    for orders in batched(host().orders.modified_since(settings.channel, since), BATCH_SIZE):
        known = wiring.outbox.known([str(order.pk) for order in orders])
        new = _handled(settings, [order for order in orders if str(order.pk) not in known])
        if new:
            # CREATING makes the worker look each order up first: staff may have entered it in
            # Picqer by hand meanwhile.
            wiring.outbox.record(new, settings.channel, stage=Stage.CREATING)
        found += new
    wiring.watermark.set_swept_until(settings.channel, now)
    return found


def _handled(settings: Settings, orders: Sequence[Any]) -> list[str]:
    """Return pks of the placed orders whose shipping method Picqer handles."""
    policy = settings.shipping_methods
    return [
        str(order.pk)
        for order in orders
        if host().orders.is_placed(order)
        and policy.handles(host().orders.delivery(order, with_mark=policy.reads_marks))
    ]
