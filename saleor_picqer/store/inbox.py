"""The inbox: authentic webhook deliveries, each kept once and worked off by a task."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import retry_delay
from saleor_picqer.models import InboxEvent

MAX_ATTEMPTS: Final = 100
_HOLD: Final = timedelta(minutes=10)


class Inbox:
    """Deliveries on the table `InboxEvent`."""

    def receive(self, channel: str, raw: bytes, *, event: str, triggered_at: str) -> int | None:
        """Keeps a delivery; its pk, or None where exactly this body was kept before.

        The body is kept as text: JSON may hold a NUL that PostgreSQL's JSON refuses.
        """
        row, is_new = InboxEvent.objects.get_or_create(
            channel=channel,
            body_hash=hashlib.sha256(raw).hexdigest(),
            defaults={
                "event": _column(event, 64),
                "triggered_at": _column(triggered_at, 32),
                "body": raw.decode(),
            },
        )
        return row.pk if is_new else None

    def claim(self, pk: int) -> InboxEvent | None:
        """Takes an unhandled delivery for a while; None when it is handled, held or not due."""
        now = timezone.now()
        taken = _due().filter(pk=pk).update(not_before=now + _HOLD)
        return InboxEvent.objects.get(pk=pk) if taken else None

    def close(self, event: InboxEvent, *, acted: bool) -> None:
        event.status = InboxEvent.Status.DONE if acted else InboxEvent.Status.IGNORED
        event.handled_at = timezone.now()
        event.last_error = ""
        event.save(update_fields=["status", "handled_at", "last_error"])

    def postpone(self, event: InboxEvent, reason: str, delay: timedelta | None = None) -> None:
        """Gives a delivery back for another try; without a delay each waits longer."""
        event.attempts += 1
        event.last_error = reason
        event.not_before = timezone.now() + (delay or retry_delay(event.attempts - 1))
        if event.attempts >= MAX_ATTEMPTS:
            event.status = InboxEvent.Status.FAILED
        event.save(update_fields=["attempts", "last_error", "not_before", "status"])

    def fail(self, event: InboxEvent, reason: str) -> None:
        event.status = InboxEvent.Status.FAILED
        event.last_error = reason
        event.save(update_fields=["status", "last_error"])

    def due(self, limit: int) -> list[int]:
        return list(_due().order_by("pk").values_list("pk", flat=True)[:limit])


def _column(text: str, length: int) -> str:
    return text.replace("\x00", "")[:length]


def _due() -> QuerySet[InboxEvent]:
    return InboxEvent.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        status=InboxEvent.Status.RECEIVED,
    )
