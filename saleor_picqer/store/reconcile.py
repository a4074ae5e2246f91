"""Reconciles: a single active run of each kind per channel, in parts by a single worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import ENQUEUE_AGAIN
from saleor_picqer.domain.reconcile import SYMPTOMS, Finding, Phase, Position
from saleor_picqer.models import ReconcileRun
from saleor_picqer.store.held_run import RunTakenError

Run = ReconcileRun
RunStatus = ReconcileRun.Status
Cause = ReconcileRun.Cause

# Findings that are kept in detail; all are counted.
MAX_FINDINGS: Final = 200
# So often a run may fail without any progress.
MAX_FAILURES: Final = 5
# Runs of a channel that are kept.
_KEPT: Final = 60
# Longer than a part takes.
_HOLD: Final = timedelta(minutes=5)
_ACTIVE: Final = (RunStatus.QUEUED, RunStatus.RUNNING)
_RESULTS: Final = ("compared", "found", "repaired", "counts", "symptoms", "findings", "position")


def queue(channel: str, cause: Cause, *, apply: bool) -> tuple[ReconcileRun, bool]:
    """Return the channel's active run of the kind, or a new run and True."""
    try:
        with transaction.atomic():
            return ReconcileRun.objects.create(channel=channel, cause=cause, apply=apply), True
    except IntegrityError:
        active = ReconcileRun.objects.filter(channel=channel, apply=apply, status__in=_ACTIVE)
        run = active.first()
        # The run may have ended meanwhile.
        return (run, False) if run is not None else queue(channel, cause, apply=apply)


def to_enqueue(channels: Sequence[str]) -> list[int]:
    """Return pks of due runs without a message of the last minutes, and note the new message."""
    now = timezone.now()
    quiet = Q(enqueued_at=None) | Q(enqueued_at__lt=now - ENQUEUE_AGAIN)
    pks = list(_due().filter(quiet, channel__in=channels).values_list("pk", flat=True))
    if pks:
        ReconcileRun.objects.filter(pk__in=pks).update(enqueued_at=now)
    return pks


def last_queued(channels: Sequence[str]) -> dict[str, datetime]:
    """Return the latest repair of each channel, without channels without a repair."""
    rows = ReconcileRun.objects.filter(channel__in=channels, apply=True).order_by("queued_at")
    return dict(rows.values_list("channel", "queued_at"))


def latest(channel: str, using: str, limit: int) -> Sequence[ReconcileRun]:
    """Return the channel's latest runs, newest first."""
    rows = ReconcileRun.objects.using(using).filter(channel=channel)
    return list(rows.order_by("-pk")[:limit])


def claim(pk: int) -> HeldReconcile | None:
    """Give a due run to the caller alone; None for a run not due."""
    token = uuid4().hex
    held_until = timezone.now() + _HOLD
    taken = _due().filter(pk=pk)
    if not taken.update(status=RunStatus.RUNNING, worker=token, held_until=held_until):
        return None
    return HeldReconcile(ReconcileRun.objects.get(pk=pk), token)


class HeldReconcile:
    """A reconcile in the hands of one worker."""

    def __init__(self, run: ReconcileRun, token: str) -> None:
        self._run = run
        self._token = token
        self._deadline: float | None = None

    @property
    def channel(self) -> str:
        return self._run.channel

    @property
    def queued_at(self) -> datetime:
        return self._run.queued_at

    @property
    def apply(self) -> bool:
        return self._run.apply

    @property
    def failures(self) -> int:
        return self._run.failures

    @property
    def position(self) -> Position:
        saved = self._run.position
        return Position(**{**saved, "phase": Phase(saved["phase"])}) if saved else Position()

    def limit(self, seconds: float | None) -> None:
        """Set the time of this part; None for a part without end."""
        self._deadline = None if seconds is None else monotonic() + seconds

    def time_is_up(self) -> bool:
        return self._deadline is not None and monotonic() >= self._deadline

    def count_compared(self, number: int) -> None:
        self._run.compared += number

    def add(self, finding: Finding) -> None:
        """Count a difference, and save it at once: the repair cannot be found again."""
        run = self._run
        run.found += finding.count
        run.counts[finding.kind.value] = run.counts.get(finding.kind.value, 0) + finding.count
        if finding.repaired:
            run.repaired += finding.count
            run.symptoms += finding.count if finding.kind in SYMPTOMS else 0
        if len(run.findings) < MAX_FINDINGS:
            run.findings.append(asdict(finding))
        self._save()

    def knows(self, finding: Finding) -> bool:
        """Return whether an earlier part of the run has found the same."""
        key = (finding.kind.value, finding.order_pk)
        return any((one["kind"], one["order_pk"]) == key for one in self._run.findings)

    def save(self, position: Position) -> None:
        """Save everything, and renew the hold."""
        self._run.position = asdict(position)
        self._save(failures=0)

    def release(self, delay: float, *, failed: bool = False) -> None:
        """Leave the rest to another task, which comes after `delay` seconds."""
        now = timezone.now()
        self._save(
            failures=self._run.failures + failed,
            worker="",
            held_until=None,
            enqueued_at=now,
            not_before=now + timedelta(seconds=delay) if delay else None,
        )

    def finish(self, problem: str = "") -> None:
        """Mark the run as done, or as failed if there is a problem."""
        status = RunStatus.FAILED if problem else RunStatus.DONE
        self._save(
            status=status,
            problem=problem,
            finished_at=timezone.now(),
            worker="",
            held_until=None,
        )
        kept = ReconcileRun.objects.filter(channel=self.channel).order_by("-pk")[:_KEPT]
        rows = ReconcileRun.objects.filter(channel=self.channel)
        rows.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()

    def _save(self, **changes: Any) -> None:
        values = {name: getattr(self._run, name) for name in _RESULTS}
        values |= {"held_until": timezone.now() + _HOLD} | changes
        held = ReconcileRun.objects.filter(pk=self._run.pk, worker=self._token)
        if not held.update(**values):
            raise RunTakenError


def _due() -> QuerySet[ReconcileRun]:
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lt=now)
    ready = Q(not_before=None) | Q(not_before__lte=now)
    return ReconcileRun.objects.filter(free, ready, status__in=_ACTIVE)
