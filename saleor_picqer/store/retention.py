"""Removal of what the plugin's tables hold about people, once it is no longer needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import batched
from typing import Final

from django.db.models import Q
from django.utils import timezone

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.models import CustomerLink, InboxEvent
from saleor_picqer.store.deliveries import about_orders

_OPEN: Final = (InboxEvent.Status.RECEIVED, InboxEvent.Status.HANDLING)


def drop_bodies(before: datetime, reason: str, limit: int = BATCH_SIZE) -> int:
    """Drop bodies of deliveries that were handled before a moment; return the number of bodies.

    Takes one statement if there are none, and three for up to `limit`. A delivery that came before
    the moment and was never handled becomes a dead letter with the reason. Hashes stay.
    """
    is_over = Q(handled_at__lt=before) | Q(handled_at=None)
    rows = InboxEvent.objects.filter(is_over, received_at__lt=before).exclude(body=b"")
    pks = list(rows.order_by("received_at").values_list("pk", flat=True)[:limit])
    if pks:
        rows = InboxEvent.objects.filter(pk__in=pks)
        rows.filter(status__in=_OPEN).update(
            body=b"",
            status=InboxEvent.Status.FAILED,
            last_error=reason,
            handled_at=timezone.now(),
        )
        rows.exclude(status__in=_OPEN).update(body=b"")
    return len(pks)


def forget_customers(customer_pks: Collection[str]) -> None:
    """Delete the links of customers to their records in Picqer."""
    CustomerLink.objects.filter(customer_pk__in=customer_pks).delete()


def drop_bodies_about(order_pks: Collection[str]) -> int:
    """Drop the bodies of deliveries about these orders; return the number of bodies."""
    rows = InboxEvent.objects.filter(about_orders(order_pks)) if order_pks else None
    return 0 if rows is None else rows.exclude(body=b"").update(body=b"")


def linked_customers() -> Iterator[tuple[str, ...]]:
    """Yield the primary keys of all linked customers, in batches."""
    rows = CustomerLink.objects.order_by("pk").values_list("customer_pk", flat=True)
    yield from batched(rows.iterator(chunk_size=BATCH_SIZE), BATCH_SIZE)
