"""Work in parts, each carried out by a single worker.

Runs and reconciles are rows of two tables. A worker claims a row, renews the hold with each save,
and releases the row. The hold of a killed worker ends after a while.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import ENQUEUE_AGAIN
from saleor_picqer.models.work import Work, WorkStatus

ACTIVE: Final = (WorkStatus.QUEUED, WorkStatus.RUNNING)
# Longer than a step takes, even when each request to Picqer is repeated. Every page that is read
# renews the hold.
HOLD: Final = timedelta(minutes=5)
# So often may an attempt fail, or a worker be killed, without any progress.
MAX_FAILURES: Final = 5
STOPPED: Final = "The worker of this run was stopped. Start the run again."


class RunTakenError(Exception):
    """Another worker has taken the row: the former worker was presumed dead."""


class Hold[Row: Work](ABC):
    """A row in the hands of a worker."""

    def __init__(self, row: Row, token: str) -> None:
        self._row = row
        self._token = token
        self._deadline: float | None = None

    def __str__(self) -> str:
        return f"The {self._row}"

    @property
    def channel(self) -> str:
        return str(self._row.channel)

    @property
    def failures(self) -> int:
        return self._row.failures

    @property
    def queued_at(self) -> datetime:
        return self._row.queued_at

    def limit(self, seconds: float | None) -> None:
        """Set the time of the part; None for a part without end."""
        self._deadline = None if seconds is None else monotonic() + seconds

    def time_is_up(self) -> bool:
        return self._deadline is not None and monotonic() >= self._deadline

    @property
    @abstractmethod
    def is_done(self) -> bool:
        """Whether the work is complete."""

    @abstractmethod
    def finish(self, problem: str = "") -> None:
        """Mark the work as done, or as failed with a problem."""

    def release(self, delay: float, *, failed: bool = False) -> None:
        """Leave the rest to another task, which comes after `delay` seconds."""
        now = timezone.now()
        self._row.failures += failed
        self._update(
            failures=self._row.failures,
            worker="",
            held_until=None,
            enqueued_at=now,
            not_before=now + timedelta(seconds=delay) if delay else None,
            **self._kept(),
        )

    @abstractmethod
    def _kept(self) -> Mapping[str, Any]:
        """Return the columns to save with a release."""

    def _renew(self, **changes: Any) -> None:
        """Save changes, and renew the hold. Raises RunTakenError for a lost hold."""
        self._update(held_until=timezone.now() + HOLD, **changes)

    def _end(self, status: WorkStatus, **changes: Any) -> None:
        """Mark the work as done or failed."""
        now = timezone.now()
        self._update(status=status, finished_at=now, worker="", held_until=None, **changes)

    def _update(self, **changes: Any) -> None:
        rows = type(self._row)._default_manager.filter(pk=self._row.pk, worker=self._token)
        if not rows.update(**changes):
            raise RunTakenError


def claim[Held: Hold[Any]](
    hold: Callable[[Any, str], Held], rows: QuerySet[Any], pk: int
) -> Held | None:
    """Give a due row to the caller alone; None for a row not due.

    Ends a row after too many killed workers.
    """
    # An earlier worker that never let go was killed.
    killed = due(rows).filter(pk=pk).exclude(worker="").update(failures=F("failures") + 1)
    token = uuid4().hex
    held_until = timezone.now() + HOLD
    taken = due(rows).filter(pk=pk)
    if not taken.update(status=WorkStatus.RUNNING, worker=token, held_until=held_until):
        return None
    held = hold(rows.get(pk=pk), token)
    if killed and held.failures > MAX_FAILURES:
        held.finish(STOPPED)
        return None
    return held


def due[Row: Work](rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows for a worker to go on with."""
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lt=now)
    ready = Q(not_before=None) | Q(not_before__lte=now)
    return rows.filter(free, ready, status__in=ACTIVE)


def to_enqueue(rows: QuerySet[Any]) -> list[int]:
    """Return pks of due rows without a message of the last minutes, and note the new message."""
    now = timezone.now()
    quiet = Q(enqueued_at=None) | Q(enqueued_at__lt=now - ENQUEUE_AGAIN)
    pks = list(due(rows).filter(quiet).values_list("pk", flat=True))
    if pks:
        rows.filter(pk__in=pks).update(enqueued_at=now)
    return pks
