"""Full syncs: at most one per channel at a time, with visible progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from saleor_picqer.models import SyncRun

RunStatus = SyncRun.Status
MAX_PROBLEMS: Final = 100
# Progress is saved after this many products or this much time, whichever comes first.
_SAVE_EVERY: Final = 25
_SAVE_AFTER: Final = timedelta(seconds=10)
# Longer than a request can wait for the rate limit: a live run saves its progress sooner.
_STALE: Final = timedelta(minutes=5)

_ACTIVE: Final = (SyncRun.Status.QUEUED, SyncRun.Status.RUNNING)


def queue(channel: str) -> tuple[SyncRun, bool]:
    """Return the channel's active run, or a new one; True tells that the run is new."""
    _abandon_stale()
    try:
        with transaction.atomic():
            return SyncRun.objects.create(channel=channel), True
    except IntegrityError:
        return SyncRun.objects.get(channel=channel, status__in=_ACTIVE), False


def queued() -> list[int]:
    """Return pks of the runs without a worker."""
    _abandon_stale()
    return list(SyncRun.objects.filter(status=SyncRun.Status.QUEUED).values_list("pk", flat=True))


def latest(channel: str, using: str) -> SyncRun | None:
    """Return the channel's latest run."""
    return SyncRun.objects.using(using).filter(channel=channel).order_by("-pk").first()


def start(pk: int) -> SyncRun | None:
    """Start a queued run; None when another worker has started it."""
    taken = SyncRun.objects.filter(pk=pk, status=SyncRun.Status.QUEUED).update(
        status=SyncRun.Status.RUNNING, saved_at=timezone.now()
    )
    return SyncRun.objects.get(pk=pk) if taken else None


def finish(run: SyncRun, problem: str = "") -> None:
    """Mark a run as done, or as failed if there is a problem."""
    run.status = SyncRun.Status.FAILED if problem else SyncRun.Status.DONE
    run.problems = [*run.problems, problem] if problem else run.problems
    run.finished_at = timezone.now()
    run.save()


def abandon_running() -> None:
    """Mark every running run as failed: call this only while no worker exists."""
    _abandon(timezone.now())


def _abandon_stale() -> None:
    # Otherwise the run of a killed worker would block the channel's next run for ever.
    _abandon(timezone.now() - _STALE)


def _abandon(saved_before: datetime) -> None:
    SyncRun.objects.filter(status=SyncRun.Status.RUNNING, saved_at__lt=saved_before).update(
        status=SyncRun.Status.FAILED,
        finished_at=timezone.now(),
        problems=["The worker of this full sync was stopped. Start the full sync again."],
    )


class RecordedProgress:
    """Progress of a run: implements `sync.ports.Progress`."""

    def __init__(self, run: SyncRun) -> None:
        self.run = run
        self._unsaved = 0

    def start(self, total: int) -> None:
        """Save the number of products to compare."""
        self.run.total = total
        self.run.save()

    def count(self, outcome: str) -> None:
        """Count one product; staff see the numbers at most a few seconds later."""
        setattr(self.run, outcome, getattr(self.run, outcome) + 1)
        self._unsaved += 1
        overdue = timezone.now() - self.run.saved_at > _SAVE_AFTER
        if overdue or self._unsaved >= _SAVE_EVERY:
            self.run.save()
            self._unsaved = 0

    def problem(self, message: str) -> None:
        """Keep a problem for staff, up to a limit."""
        if len(self.run.problems) < MAX_PROBLEMS:
            self.run.problems.append(message)
