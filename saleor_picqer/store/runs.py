"""Full syncs: at most one per channel at a time, carried out in parts by one worker at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from saleor_picqer.models import SyncItem, SyncRun
from saleor_picqer.store.held_run import HOLD, HeldRun, RunTakenError

__all__ = ["HeldRun", "RunStatus", "RunTakenError"]

RunStatus = SyncRun.Status
# No second message within this time, unless a worker has taken the first.
_ENQUEUED: Final = timedelta(minutes=5)
# So often a run may fail without any progress.
MAX_FAILURES: Final = 5

_ACTIVE: Final = (SyncRun.Status.QUEUED, SyncRun.Status.RUNNING)
_STOPPED: Final = "The worker of this full sync was stopped. Start the full sync again."


def queue(channel: str) -> tuple[SyncRun, bool]:
    """Return the channel's active run, or a new one; True tells that the run is new."""
    try:
        with transaction.atomic():
            return SyncRun.objects.create(channel=channel), True
    except IntegrityError:
        return SyncRun.objects.get(channel=channel, status__in=_ACTIVE), False


def due() -> list[int]:
    """Return pks of the runs that a worker can go on with."""
    return list(_due().values_list("pk", flat=True))


def to_enqueue() -> list[int]:
    """Return pks of due runs without a message of the last minutes, and note the new message."""
    now = timezone.now()
    quiet = Q(enqueued_at=None) | Q(enqueued_at__lt=now - _ENQUEUED)
    pks = list(_due().filter(quiet).values_list("pk", flat=True))
    SyncRun.objects.filter(pk__in=pks).update(enqueued_at=now)
    return pks


def latest(channel: str, using: str) -> SyncRun | None:
    """Return the channel's latest run."""
    return SyncRun.objects.using(using).filter(channel=channel).order_by("-pk").first()


def claim(pk: int) -> HeldRun | None:
    """Give a due run to the caller alone; None when there is nothing to do."""
    token = uuid4().hex
    # An earlier worker that never let go was killed.
    killed = _due().filter(pk=pk).exclude(worker="").update(failures=F("failures") + 1)
    taken = _due().filter(pk=pk)
    if not taken.update(
        status=SyncRun.Status.RUNNING, worker=token, held_until=timezone.now() + HOLD
    ):
        return None
    run = HeldRun(SyncRun.objects.get(pk=pk), token)
    if killed and run.failures > MAX_FAILURES:
        run.finish(_STOPPED)
        return None
    return run


def abandon_running() -> None:
    """Mark every running run as failed: call this only while no worker exists."""
    SyncRun.objects.filter(status=SyncRun.Status.RUNNING).update(
        status=SyncRun.Status.FAILED, finished_at=timezone.now(), problems=[_STOPPED]
    )
    SyncItem.objects.exclude(run__status__in=_ACTIVE).delete()


def _due() -> QuerySet[SyncRun]:
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lt=now)
    ready = Q(not_before=None) | Q(not_before__lte=now)
    return SyncRun.objects.filter(free, ready, status__in=_ACTIVE)
