"""Start a run, however staff, the warehouse's programs or the schedule ask for it."""

from __future__ import annotations

from saleor_picqer import tasks
from saleor_picqer.domain.runs import Kind, Task
from saleor_picqer.store import runs


class RunUnderWayError(Exception):
    """The channel's unfinished run does not do what was asked."""

    def __init__(self, run: runs.SyncRun) -> None:
        super().__init__(_describe(run))
        self.run = run


def start_run(
    channel: str, kind: Kind, *, dry_run: bool = False, confirm_zero: bool = False
) -> runs.SyncRun:
    """Return a new run, or the channel's unfinished run, without a request to Picqer.

    Raises RunUnderWayError for an unfinished run that does less or something else.
    """
    run, is_new = runs.queue_unless_active(
        channel, kind, dry_run=dry_run, confirm_zero=confirm_zero
    )
    if is_new:
        tasks.enqueue(tasks.carry_on_run, run.pk)
    elif not runs.task_of(run).covers(Task(kind, dry_run, confirm_zero)):
        raise RunUnderWayError(run)
    return run


def pull_stock(channel: str) -> runs.SyncRun:
    """Return a run that pulls the stock, without a request to Picqer."""
    run, is_new = runs.queue(channel, Kind.STOCK, anew=False)
    if is_new:
        tasks.enqueue(tasks.carry_on_run, run.pk)
    return run


def _describe(run: runs.SyncRun) -> str:
    name = "dry run" if run.dry_run else f"{run.kind} run"
    return f"A {name} of the channel is under way, which does not do this. Try again after its end."
