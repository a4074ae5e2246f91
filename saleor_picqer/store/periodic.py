"""Tasks enqueued once at a time, and run by a single worker at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from saleor_picqer.domain.outbox import ENQUEUE_AGAIN
from saleor_picqer.models import PeriodicTask as Row

# How long a killed worker can keep others from running the task.
_LEASE: Final = timedelta(minutes=5)


class PeriodicTask:
    """A task that is enqueued all the time."""

    # A lease instead of PostgreSQL's advisory lock: a lock of the session is lost or kept for
    # ever where a pooler lends one connection to many clients.

    def __init__(self, name: str, lease: timedelta | None = None) -> None:
        self._name = name
        self._lease = lease

    def may_enqueue(self) -> bool:
        """Tell whether to enqueue the task, and note that it is enqueued.

        False while an earlier message waits for a worker, for at most five minutes.
        """
        now = timezone.now()
        Row.objects.bulk_create([Row(name=self._name)], ignore_conflicts=True)
        free = Q(enqueued_at=None) | Q(enqueued_at__lte=now - ENQUEUE_AGAIN)
        return bool(Row.objects.filter(free, name=self._name).update(enqueued_at=now))

    def mark_lost(self) -> None:
        """Note the failure to send the message, and let the next caller send another."""
        Row.objects.filter(name=self._name).update(enqueued_at=None)

    @contextmanager
    def run(self) -> Iterator[bool]:
        """Yield True if no other worker runs the task now."""
        now = timezone.now()
        rows = Row.objects.filter(name=self._name)
        rows.update(enqueued_at=None)
        Row.objects.bulk_create([Row(name=self._name)], ignore_conflicts=True)
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        until = now + (self._lease or _LEASE)
        if not rows.filter(free).update(leased_until=until):
            yield False
            return
        try:
            yield True
            rows.update(finished_at=timezone.now())
        finally:
            # A worker that was slower than its lease leaves the lease of the next one alone.
            rows.filter(leased_until=until).update(leased_until=None)

    def finished_at(self, using: str = "default") -> datetime | None:
        """Return when a worker last finished the task; None if that never happened."""
        rows = Row.objects.using(using).filter(name=self._name)
        return rows.values_list("finished_at", flat=True).first()

    def mark_finished(self) -> None:
        """Note that the work of the task was done outside of Celery."""
        Row.objects.bulk_create([Row(name=self._name)], ignore_conflicts=True)
        Row.objects.filter(name=self._name).update(finished_at=timezone.now())
