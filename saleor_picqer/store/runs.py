"""Sync runs: one at a time per channel, with progress that others can watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from saleor_picqer.models import SyncRun

MAX_PROBLEMS: Final = 100
_SAVE_EVERY: Final = 25
_SAVE_AFTER: Final = timedelta(seconds=10)
_STALE: Final = timedelta(minutes=5)
"""Longer than one request can wait for the rate limit: a run says sooner that it is alive."""

_ACTIVE: Final = (SyncRun.Status.QUEUED, SyncRun.Status.RUNNING)


def queue(channel: str) -> tuple[SyncRun, bool]:
    """The channel's run that is under way, else a new one; and whether it is new."""
    _abandon_stale()
    try:
        with transaction.atomic():
            return SyncRun.objects.create(channel=channel), True
    except IntegrityError:
        return SyncRun.objects.get(channel=channel, status__in=_ACTIVE), False


def queued() -> list[int]:
    """Runs that no worker has taken yet; those whose worker died are closed first."""
    _abandon_stale()
    return list(SyncRun.objects.filter(status=SyncRun.Status.QUEUED).values_list("pk", flat=True))


def start(pk: int) -> SyncRun | None:
    """Takes a queued run; None when another worker has it."""
    taken = SyncRun.objects.filter(pk=pk, status=SyncRun.Status.QUEUED).update(
        status=SyncRun.Status.RUNNING, touched_at=timezone.now()
    )
    return SyncRun.objects.get(pk=pk) if taken else None


def finish(run: SyncRun, problem: str = "") -> None:
    """Closes a run: done, or failed with a reason."""
    run.status = SyncRun.Status.FAILED if problem else SyncRun.Status.DONE
    run.problems = [*run.problems, problem] if problem else run.problems
    run.finished_at = timezone.now()
    run.save()


def _abandon_stale() -> None:
    """A run whose worker died must not block the next one for ever."""
    SyncRun.objects.filter(
        status=SyncRun.Status.RUNNING, touched_at__lt=timezone.now() - _STALE
    ).update(
        status=SyncRun.Status.FAILED,
        finished_at=timezone.now(),
        problems=["its worker died: start it again"],
    )


class RecordedProgress:
    """`sync.ports.Progress` on a `SyncRun`, saved every few items."""

    def __init__(self, run: SyncRun) -> None:
        self.run = run
        self._unsaved = 0

    def start(self, total: int) -> None:
        self.run.total = total
        self.run.save()

    def count(self, outcome: str) -> None:
        setattr(self.run, outcome, getattr(self.run, outcome) + 1)
        self._unsaved += 1
        overdue = timezone.now() - self.run.touched_at > _SAVE_AFTER
        if overdue or self._unsaved >= _SAVE_EVERY:
            self.run.save()
            self._unsaved = 0

    def problem(self, message: str) -> None:
        if len(self.run.problems) < MAX_PROBLEMS:
            self.run.problems.append(message)
