"""When the plugin forgets what it knows about people."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from saleor_picqer import extensions, wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.hosts import host
from saleor_picqer.store import retention

logger = logging.getLogger(__name__)

# At most so many batches of bodies are dropped by one sweep.
_BATCHES: Final = 10
# How often links of customers are compared with Saleor's customers.
_COMPARE_EVERY: Final = timedelta(days=1)


def clean_up() -> None:
    """Drop bodies whose retention time is over, and once a day links of deleted customers."""
    drop_old_bodies()
    finished = wiring.customer_check.finished_at()
    if finished is None or finished < timezone.now() - _COMPARE_EVERY:
        forget_missing_customers()
        wiring.customer_check.mark_finished()


def drop_old_bodies() -> int:
    """Drop bodies after the retention time, in bounded batches; return the number of bodies."""
    days = extensions.inbox_retention_days()
    before = timezone.now() - timedelta(days=days)
    reason = f"The delivery was not handled within {days} days, and its body was dropped."
    dropped = 0
    for _ in range(_BATCHES):
        found = retention.drop_bodies(before, reason)
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
    """Forget a customer whom Saleor is about to delete: links, and bodies about the orders.

    Called by Django's signal, which must not fail for our sake.
    """
    try:
        with transaction.atomic():
            retention.forget_customers([str(instance.pk)])
            retention.drop_bodies_about(host().orders.of_customer(instance))
    except Exception:
        logger.exception("A deleted customer will be forgotten by the sweeper")
