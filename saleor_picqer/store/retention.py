"""Removal of what the plugin's tables hold about people, once it is no longer needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import batched
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.models import CustomerLink, FulfilmentLink, InboxEvent
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


def drop_parcels(before: datetime, limit: int = BATCH_SIZE) -> int:
    """Drop the parcels of picklists that were closed before a moment; return the number.

    Takes one statement if there are none, and two for up to `limit`. An e-mail that is still held
    back needs the parcels.
    """
    rows = FulfilmentLink.objects.filter(notify_at=None, created_at__lt=before, forgotten=False)
    return _forget_parcels(rows.order_by("created_at"), limit)


def drop_parcels_of(order_pks: Collection[str]) -> None:
    """Drop the parcels of orders."""
    rows = FulfilmentLink.objects.filter(order_pk__in=order_pks, forgotten=False)
    _forget_parcels(rows)


@transaction.atomic
def _forget_parcels(rows: QuerySet[FulfilmentLink], limit: int | None = None) -> int:
    # Locked, because a worker may be about to write other parcels.
    found = list(rows.select_for_update(skip_locked=limit is not None)[:limit])
    for row in found:
        row.shipments = [{"id": shipment["id"], "parcels": []} for shipment in row.shipments]
        row.forgotten = True
    if found:
        FulfilmentLink.objects.bulk_update(found, ["shipments", "forgotten"])
    return len(found)


def linked_customers() -> Iterator[tuple[str, ...]]:
    """Yield the primary keys of all linked customers, in batches."""
    rows = CustomerLink.objects.order_by("pk").values_list("customer_pk", flat=True)
    yield from batched(rows.iterator(chunk_size=BATCH_SIZE), BATCH_SIZE)
