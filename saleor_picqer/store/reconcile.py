"""Reconciles: a single active run of each kind per channel, in parts by a single worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from saleor_picqer.domain.reconcile import SYMPTOMS, Finding, Phase, Position
from saleor_picqer.models import ReconcileRun
from saleor_picqer.store import work
from saleor_picqer.store.work import ACTIVE, Hold

Run = ReconcileRun
RunStatus = ReconcileRun.Status
Cause = ReconcileRun.Cause

# Findings that are kept in detail; all are counted.
MAX_FINDINGS: Final = 200
# Runs of a channel that are kept.
_KEPT: Final = 60
_RESULTS: Final = ("compared", "found", "repaired", "counts", "symptoms", "findings", "position")


def queue(channel: str, cause: Cause, *, apply: bool) -> tuple[ReconcileRun, bool]:
    """Return the channel's active run of the kind, or a new run and True."""
    try:
        with transaction.atomic():
            return ReconcileRun.objects.create(channel=channel, cause=cause, apply=apply), True
    except IntegrityError:
        active = ReconcileRun.objects.filter(channel=channel, apply=apply, status__in=ACTIVE)
        run = active.first()
        # The run may have ended meanwhile.
        return (run, False) if run is not None else queue(channel, cause, apply=apply)


def to_enqueue(channels: Sequence[str]) -> list[int]:
    """Return pks of due runs without a message of the last minutes, and note the new message."""
    return work.to_enqueue(ReconcileRun.objects.filter(channel__in=channels))


def last_queued(channels: Sequence[str]) -> dict[str, datetime]:
    """Return the latest repair of each channel, without channels without a repair."""
    rows = ReconcileRun.objects.filter(channel__in=channels, apply=True).order_by("queued_at")
    return dict(rows.values_list("channel", "queued_at"))


def last_repair(channel: str) -> datetime | None:
    """Return when the channel's last repair was requested that has reached its end."""
    rows = ReconcileRun.objects.filter(channel=channel, apply=True, status=RunStatus.DONE)
    return rows.order_by("-queued_at").values_list("queued_at", flat=True).first()


def latest(channel: str, using: str, limit: int) -> Sequence[ReconcileRun]:
    """Return the channel's latest runs, newest first."""
    rows = ReconcileRun.objects.using(using).filter(channel=channel)
    return list(rows.order_by("-pk")[:limit])


def claim(pk: int) -> HeldReconcile | None:
    """Give a due run to the caller alone; None for a run not due."""
    return work.claim(HeldReconcile, ReconcileRun.objects.all(), pk)


class HeldReconcile(Hold[ReconcileRun]):
    """A reconcile in the hands of one worker."""

    @property
    def apply(self) -> bool:
        return self._row.apply

    @property
    def is_requested(self) -> bool:
        """Whether staff, an app or the command line have asked for the reconcile."""
        return self._row.cause == Cause.REQUEST

    @property
    def position(self) -> Position:
        saved = self._row.position
        return Position(**{**saved, "phase": Phase(saved["phase"])}) if saved else Position()

    @property
    def is_done(self) -> bool:
        return self.position.phase is Phase.DONE

    def count_compared(self, number: int) -> None:
        self._row.compared += number

    def add(self, *findings: Finding) -> None:
        """Count differences, and save them at once: the repair cannot be found again."""
        for finding in findings:
            self._count(finding)
        self._renew(**self._kept())

    def _count(self, finding: Finding) -> None:
        run = self._row
        run.found += finding.count
        run.counts[finding.kind.value] = run.counts.get(finding.kind.value, 0) + finding.count
        if finding.repaired:
            run.repaired += finding.count
            run.symptoms += finding.count if finding.kind in SYMPTOMS else 0
        if len(run.findings) < MAX_FINDINGS:
            run.findings.append(asdict(finding))

    def knows(self, finding: Finding) -> bool:
        """Return whether an earlier part of the run has found the same."""
        key = (finding.kind.value, finding.order_pk)
        return any((one["kind"], one["order_pk"]) == key for one in self._row.findings)

    def save(self, position: Position, *findings: Finding) -> None:
        """Save differences and position in one statement, and renew the hold.

        After a crash, a part is repeated whose differences are not counted yet.
        """
        for finding in findings:
            self._count(finding)
        self._row.position = asdict(position)
        self._row.failures = 0
        self._renew(failures=0, **self._kept())

    def finish(self, problem: str = "") -> None:
        """Mark the run as done, or as failed if there is a problem."""
        status = RunStatus.FAILED if problem else RunStatus.DONE
        self._end(status, problem=problem, **self._kept())
        kept = ReconcileRun.objects.filter(channel=self.channel).order_by("-pk")[:_KEPT]
        rows = ReconcileRun.objects.filter(channel=self.channel)
        rows.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()

    def _kept(self) -> Mapping[str, Any]:
        return {name: getattr(self._row, name) for name in _RESULTS}
