"""Conditions on rows of the outbox, shared by its readers and writers."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import FRESH, OPEN_STAGES, SAVED_FIELDS, Entry, Stage
from saleor_picqer.models import OutboxOrder


def unleased() -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=timezone.now())


def due() -> QuerySet[OutboxOrder]:
    """Return the rows to claim now."""
    # A row whose lease has expired belongs to a worker that was killed, perhaps while handling a
    # change, so that row is due whatever its stage.
    return OutboxOrder.objects.filter(
        unleased(),
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        Q(stage__in=OPEN_STAGES) | Q(dirty=True) | Q(leased_until__isnull=False),
    )


def entry_of(row: OutboxOrder) -> Entry:
    """Translate a row into an entry."""
    saved = {name: getattr(row, name) for name in SAVED_FIELDS}
    return Entry(
        **saved | {"stage": Stage(row.stage)},
        fresh=row.attempts == 0 and row.created_at > timezone.now() - FRESH,
        leased=row.leased,
    )
