"""The inbox: authentic webhook deliveries, each stored once and handled by a task."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import ENQUEUE_AGAIN, RECHECK, retry_delay
from saleor_picqer.models import InboxEvent

Delivery = InboxEvent
EventStatus = InboxEvent.Status
MAX_ATTEMPTS: Final = 100
_SWITCHED_OFF: Final = "The plugin is switched off in the order's channel."
_OPEN: Final = (InboxEvent.Status.RECEIVED, InboxEvent.Status.HANDLING)
# How long a claimed delivery stays with one worker, in case that worker is killed.
_LEASE: Final = timedelta(minutes=10)


class Inbox:
    """Webhook deliveries from Picqer."""

    def receive(
        self, channel: str, account: str, raw: bytes, *, event: str, triggered_at: str
    ) -> int | None:
        """Store a delivery and return its pk, or None if the same body still waits."""
        row, is_new = InboxEvent.objects.get_or_create(
            channel=channel,
            account=account,
            body_hash=hashlib.sha256(raw).hexdigest(),
            status=InboxEvent.Status.RECEIVED,
            defaults={
                "event": _column(event, 64),
                "triggered_at": _column(triggered_at, 32),
                "body": raw,
                "enqueued_at": timezone.now(),
            },
        )
        return row.pk if is_new else None

    def claim(self, pk: int) -> InboxEvent | None:
        """Lease a delivery to the calling worker; None if handled, leased or not due."""
        taken = (
            _due()
            .filter(pk=pk)
            .update(
                status=InboxEvent.Status.HANDLING,
                not_before=timezone.now() + _LEASE,
                enqueued_at=None,
            )
        )
        return InboxEvent.objects.get(pk=pk) if taken else None

    def close(self, event: InboxEvent, *, acted: bool) -> None:
        """Mark a delivery as done, or as ignored if it needed no action."""
        event.status = InboxEvent.Status.DONE if acted else InboxEvent.Status.IGNORED
        event.handled_at = timezone.now()
        event.last_error = ""
        event.save(update_fields=["status", "handled_at", "last_error"])

    def postpone(self, event: InboxEvent, reason: str, delay: timedelta | None = None) -> None:
        """End the lease and plan a retry, by default with a growing delay."""
        event.attempts += 1
        if event.attempts >= MAX_ATTEMPTS:
            self.fail(event, reason)
        else:
            self._put_back(event, reason, delay or retry_delay(event.attempts - 1))

    def wait(self, event: InboxEvent, reason: str, delay: timedelta) -> None:
        """End the lease of a delivery for which the rate limit has no room; no attempt counts."""
        self._put_back(event, reason, delay)

    def put_back(self, event: InboxEvent) -> None:
        """End the lease of a delivery that waits until its channel is switched on."""
        self._put_back(event, _SWITCHED_OFF, RECHECK)

    def _put_back(self, event: InboxEvent, reason: str, delay: timedelta) -> None:
        event.status = InboxEvent.Status.RECEIVED
        event.last_error = reason
        event.not_before = timezone.now() + delay
        try:
            with transaction.atomic():
                event.save(update_fields=["attempts", "last_error", "not_before", "status"])
        except IntegrityError:
            # The same body has come again meanwhile, and waits instead of this one.
            self.close(event, acted=False)

    def wake(self, account: str) -> None:
        """Make deliveries due that wait until their channel is switched on."""
        rows = InboxEvent.objects.filter(account=account, last_error=_SWITCHED_OFF)
        rows.filter(status=InboxEvent.Status.RECEIVED).update(not_before=None)

    def fail(self, event: InboxEvent, reason: str) -> None:
        """Make the delivery a dead letter."""
        event.status = InboxEvent.Status.FAILED
        event.last_error = reason
        event.save(update_fields=["status", "last_error", "attempts"])

    def due(self, accounts: Collection[str], limit: int) -> list[int]:
        """Return pks of the accounts' deliveries to claim now, oldest first."""
        rows = _due().filter(account__in=accounts).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    def to_enqueue(self, accounts: Collection[str], limit: int) -> list[int]:
        """Return deliveries to claim now for which no task waits, and note their tasks."""
        now = timezone.now()
        lost = Q(enqueued_at=None) | Q(enqueued_at__lte=now - ENQUEUE_AGAIN)
        rows = _due().filter(lost, account__in=accounts).order_by("pk")
        pks = list(rows.values_list("pk", flat=True)[:limit])
        if pks:
            InboxEvent.objects.filter(pk__in=pks).update(enqueued_at=now)
        return pks


def count_by_status(channel: str, using: str) -> Mapping[str, int]:
    """Return the number of the channel's deliveries with each status that has any."""
    rows = InboxEvent.objects.using(using).filter(channel=channel).values_list("status")
    return dict(rows.annotate(Count("pk")).order_by("status"))


def _column(text: str, length: int) -> str:
    # PostgreSQL's text refuses NUL and halves of surrogate pairs.
    return text.replace("\x00", "").encode(errors="replace").decode()[:length]


def _due() -> QuerySet[InboxEvent]:
    return InboxEvent.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        status__in=_OPEN,
    )
