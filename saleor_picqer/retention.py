"""When the plugin forgets what it knows about people."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from saleor_picqer import extensions, wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.hosts import host
from saleor_picqer.store import retention

logger = logging.getLogger(__name__)

# At most so many batches of bodies, and of parcels, are dropped by one sweep.
_BATCHES: Final = 10
# How often links of customers are compared with Saleor's customers.
_COMPARE_EVERY: Final = timedelta(days=1)


def clean_up() -> None:
    """Drop what is kept too long, and once a day links of deleted customers."""
    drop_old_bodies()
    drop_old_parcels()
    finished = wiring.customer_check.finished_at()
    if finished is None or finished < timezone.now() - _COMPARE_EVERY:
        forget_missing_customers()
        wiring.customer_check.mark_finished()


def drop_old_bodies() -> int:
    """Drop bodies after the retention time, in bounded batches; return the number of bodies."""
    days = extensions.inbox_retention_days()
    reason = f"The delivery was not handled within {days} days, and its body was dropped."
    return _in_batches(lambda before: retention.drop_bodies(before, reason))


def drop_old_parcels() -> int:
    """Drop parcels after the retention time, in bounded batches; return the number of picklists."""
    return _in_batches(retention.drop_parcels)


def _in_batches(drop: Callable[[datetime], int]) -> int:
    before = timezone.now() - timedelta(days=extensions.inbox_retention_days())
    dropped = 0
    for _ in range(_BATCHES):
        found = drop(before)
        dropped += found
        if found < BATCH_SIZE:
            break
    return dropped


def forget_missing_customers() -> None:
    """Delete links of customers deleted without a signal."""
    for pks in retention.linked_customers():
        if missing := {*pks} - host().orders.existing_customers(pks):
            retention.forget_customers(missing)


def forget_customer(instance: Any, **_: Any) -> None:
    """Forget a customer whom Saleor is about to delete: links, and bodies and parcels of orders.

    Called by Django's signal, which must not fail for our sake.
    """
    try:
        with transaction.atomic():
            retention.forget_customers([str(instance.pk)])
            orders = host().orders.of_customer(instance)
            retention.drop_bodies_about(orders)
            retention.drop_parcels_of(orders)
    except Exception:
        logger.exception("A deleted customer will be forgotten by the sweeper")
