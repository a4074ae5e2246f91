"""Which of the shop's orders enter the outbox: told by a hook, or found by the sweeper.

Each function answers with the pks of the orders that some worker has to look at now.
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

OVERLAP: Final = timedelta(minutes=10)
"""How long a change may take from its time stamp to its commit."""


def capture_placed(settings: Settings, orders: Sequence[Any]) -> list[str]:
    """Records those of the new orders that Picqer handles: one statement, and one more where
    the mark of a shipping method that is not loaded decides.
    """
    handled = _handled(settings, orders)
    if handled:
        wiring.outbox.record(handled, settings.channel)
    return handled


def capture_changed(orders: Sequence[Any]) -> list[str]:
    """Notes that something about recorded orders changed: one statement."""
    pks = [str(order.pk) for order in orders]
    return pks if wiring.outbox.touch(pks) else []


def capture_missed(settings: Settings) -> list[str]:
    """Records orders whose hook never ran: all that were touched since the last time are looked at.

    They may have been entered in Picqer by hand meanwhile, so they are looked for there first.
    """
    now = timezone.now()
    since = wiring.watermark.swept_until(settings.channel) - OVERLAP
    found: list[str] = []
    for orders in batched(host().orders.modified_since(settings.channel, since), BATCH_SIZE):
        known = wiring.outbox.known([str(order.pk) for order in orders])
        new = _handled(settings, [order for order in orders if str(order.pk) not in known])
        if new:
            wiring.outbox.record(new, settings.channel, stage=Stage.CREATING)
        found += new
    wiring.watermark.set_swept_until(settings.channel, now)
    return found


def _handled(settings: Settings, orders: Sequence[Any]) -> list[str]:
    policy = settings.shipping_methods
    return [
        str(order.pk)
        for order in orders
        if host().orders.is_placed(order)
        and policy.handles(host().orders.delivery(order, with_mark=policy.reads_marks))
    ]
