"""Captures of payments after shipments, by Celery's workers or by the command `sweep`."""

from __future__ import annotations

import logging
from typing import Final

from saleor_picqer import wiring
from saleor_picqer.sync.orders import payments

logger = logging.getLogger(__name__)

# Payments that one task looks at; each may cost a request to the payment's provider.
BATCH: Final = 20


def is_due() -> bool:
    """Return whether a payment is to be captured, or looked at, now."""
    return bool(wiring.due_captures(1))


def work_off() -> None:
    """Capture the due payments."""
    for channel, order_pk in wiring.due_captures(BATCH):
        entry = wiring.outbox.read(order_pk)
        if entry is None:
            continue
        try:
            payments.capture(wiring.context_for_channel(channel), entry)
        except Exception:  # one payment must not keep back the others
            logger.exception("The capture for order %s was not handled.", order_pk)
