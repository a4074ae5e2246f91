"""Runs: at most one per channel, carried out in parts by a single worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.run_problems import RunProblems
from saleor_picqer.domain.runs import Kind, Phase, Progress, Task
from saleor_picqer.models import SyncItem, SyncRun
from saleor_picqer.store import work
from saleor_picqer.store.held_run import HeldRun
from saleor_picqer.store.work import ACTIVE, STOPPED

__all__ = ["HeldRun", "RunStatus", "SyncRun"]

RunStatus = SyncRun.Status
# Ended runs of a channel that are kept.
KEPT: Final = 50
DRY_RUN_STOPPED: Final = "Picqer's stock had to be pulled at once. Start the dry run again."


def queue(channel: str, kind: Kind, *, anew: bool = True) -> tuple[SyncRun, bool]:
    """Return a run that does what the kind says, and True for one that has to be carried out.

    An active run of another kind begins again as a full run, and a dry run ends. So does with
    `anew` a run that has begun to read stock, which misses what has changed since.
    """
    while True:
        run, is_new = queue_unless_active(channel, kind)
        if is_new or _will_do(run, kind, anew=anew):
            return run, is_new
        active = SyncRun.objects.filter(pk=run.pk, status__in=ACTIVE)
        if run.dry_run:
            _stop(active)
        elif _begin_again(active, run, kind):
            run.refresh_from_db()
            return run, True


def task_of(run: SyncRun) -> Task:
    """Return what a run was asked to do."""
    return Task(Kind(run.kind), run.dry_run, run.confirm_zero)


def _will_do(run: SyncRun, kind: Kind, *, anew: bool) -> bool:
    if not task_of(run).covers(Task(kind)):
        return False
    has_read = run.position and run.position["phase"] not in (Phase.START, Phase.WAREHOUSES)
    return not (anew and kind.pulls_stock and has_read)


def _stop(active: QuerySet[SyncRun]) -> None:
    """End a dry run, of which the worker takes notice with the next save."""
    problems = RunProblems()
    problems.add(DRY_RUN_STOPPED)
    now, pks = timezone.now(), list(active.values_list("pk", flat=True))
    active.update(status=RunStatus.FAILED, finished_at=now, worker="", problems=problems.dump())
    SyncItem.objects.filter(run__in=pks).exclude(run__status__in=ACTIVE).delete()


def _begin_again(active: QuerySet[SyncRun], run: SyncRun, kind: Kind) -> bool:
    """Send an active run back to the start; False if it has ended."""
    wider = run.kind if Kind(run.kind).covers(kind) else Kind.FULL
    changed = active.update(
        kind=wider,
        position={},
        account="",
        queued_at=timezone.now(),
        worker="",
        # The worker may be within a step, in which it creates products.
        not_before=F("held_until"),
        held_until=None,
        enqueued_at=None,
    )
    return bool(changed)


def queue_unless_active(
    channel: str, kind: Kind = Kind.FULL, *, dry_run: bool = False, confirm_zero: bool = False
) -> tuple[SyncRun, bool]:
    """Return the channel's active run, whatever it does, or a new run and True."""
    wanted = SyncRun(channel=channel, kind=kind, dry_run=dry_run, confirm_zero=confirm_zero)
    while True:
        try:
            with transaction.atomic():
                wanted.save(force_insert=True)
        except IntegrityError:
            # It may have ended by now.
            if active := SyncRun.objects.filter(channel=channel, status__in=ACTIVE).first():
                return active, False
        else:
            return wanted, True


def require_full(channel: str) -> SyncRun:
    """Return a full run of the channel after a move to another Picqer account.

    An active run begins again in the new account, and becomes a full run.
    """
    run, is_new = queue_unless_active(channel)
    if not is_new:
        active = SyncRun.objects.filter(pk=run.pk, status__in=ACTIVE)
        active.update(kind=Kind.FULL, dry_run=False)
    return run


def due() -> list[int]:
    """Return pks of the runs that a worker can go on with."""
    return list(work.due(SyncRun.objects.all()).values_list("pk", flat=True))


def to_enqueue() -> list[int]:
    """Return pks of due runs without a message of the last minutes, and note the new message."""
    return work.to_enqueue(SyncRun.objects.all())


def latest(channel: str, using: str) -> SyncRun | None:
    """Return the channel's latest run."""
    return SyncRun.objects.using(using).filter(channel=channel).order_by("-pk").first()


def has_pull_since(channels: Collection[str], moment: datetime) -> bool:
    """Return whether a pull of stock was requested in the channels since a moment."""
    pulls = SyncRun.objects.exclude(kind=Kind.PRODUCTS).filter(dry_run=False)
    return pulls.filter(channel__in=list(channels), queued_at__gte=moment).exists()


def has_synced(channel: str, using: str) -> bool:
    """Return whether a full sync of the channel is done, all stock included."""
    first = _full_syncs(channel).order_by("pk").values("pk")[:1]
    pulls = SyncRun.objects.using(using).exclude(kind=Kind.PRODUCTS).filter(dry_run=False)
    return pulls.filter(channel=channel, status=SyncRun.Status.DONE, pk__gte=first).exists()


def _full_syncs(channel: str) -> QuerySet[SyncRun]:
    """Return the full syncs that have sent all products."""
    # A run that withheld stock has failed after that. A later pull writes the stock.
    done = Q(status=SyncRun.Status.DONE) | Q(numbers__withheld__gt=0)
    return SyncRun.objects.filter(done, channel=channel, kind=Kind.FULL, dry_run=False)


def numbers(run: SyncRun) -> Counter[str]:
    """Return the further numbers of a run, 0 by default."""
    return Counter(run.numbers)


def problems(run: SyncRun) -> list[str]:
    """Return the problems of a run in words, one for each cause."""
    return [str(problem) for problem in RunProblems.load(run.problems)]


def progress(run: SyncRun) -> Progress:
    """Return how far a run has come."""
    further = numbers(run)
    return Progress(
        kind=Kind(run.kind),
        phase=Phase(run.position["phase"]) if run.position else Phase.START,
        total=run.total,
        read=further["read"],
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        failed=run.failed,
        requests=further["requests"],
        limit=further["limit"],
    )


def prune(channel: str) -> None:
    """Delete the channel's runs but for the latest ones and the last full sync."""
    ended = SyncRun.objects.filter(channel=channel).exclude(status__in=ACTIVE)
    kept = ended.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    full = _full_syncs(channel).order_by("-pk").values_list("pk", flat=True)[:1]
    ended.filter(pk__lt=min(kept, default=0)).exclude(pk__in=list(full)).delete()


def claim(pk: int) -> HeldRun | None:
    """Give a due run to the caller alone; None for a run not due."""
    return work.claim(HeldRun, SyncRun.objects.all(), pk)


def abandon_running() -> None:
    """Mark every running run as failed: call this only while no worker exists."""
    stopped = RunProblems()
    stopped.add(STOPPED)
    SyncRun.objects.filter(status=SyncRun.Status.RUNNING).update(
        status=SyncRun.Status.FAILED, finished_at=timezone.now(), problems=stopped.dump()
    )
    SyncItem.objects.exclude(run__status__in=ACTIVE).delete()
