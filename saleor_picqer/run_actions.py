"""Start a run, however staff, the warehouse's programs or the schedule ask for it."""

from __future__ import annotations

from saleor_picqer import tasks
from saleor_picqer.domain.runs import Kind
from saleor_picqer.store import runs


def start_run(
    channel: str, kind: Kind, *, dry_run: bool = False, confirm_zero: bool = False
) -> runs.SyncRun:
    """Return a new run, or the channel's unfinished run, without a request to Picqer."""
    run, is_new = runs.queue(channel, kind, dry_run=dry_run, confirm_zero=confirm_zero)
    if is_new:
        tasks.enqueue(tasks.carry_on_run, run.pk)
    return run
