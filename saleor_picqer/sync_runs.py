"""Carrying out runs, in parts by Celery's workers or to the end in one process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from saleor_picqer import carrying_on, wiring
from saleor_picqer.domain.runs import Kind, latest_occurrence
from saleor_picqer.store import catalogue, runs
from saleor_picqer.sync.runs import steps


def carry_on(run_pk: int, seconds: float | None = None) -> float | None:
    """Work on a run, and return the seconds until another task has to go on.

    Returns None if the run has ended or another worker has it. Without `seconds` this goes on to
    the end, or until Picqer cannot be asked.
    """
    run = runs.claim(run_pk)
    if run is None:
        return None
    run.limit(seconds)
    return carrying_on.carry_on(run, partial(_work, run), partial(_end, run))


def queue_scheduled() -> None:
    """Queue a pull of stock for each account with a scheduled time since the last pull.

    A night without workers is made up for once. The first pull of a shop is left to staff, after a
    look at the preview.
    """
    now = timezone.now()
    for account, channels in wiring.channels_by_account().items():
        times = {channel: wiring.load_settings(channel).pull_schedule for channel in channels}
        daily = sorted((at, channel) for channel, at in times.items() if at is not None)
        if not daily:
            continue
        at, channel = daily[0]
        if runs.has_pull_since(channels, latest_occurrence(at, now)):
            continue
        if wiring.has_mirrors(account):
            runs.queue(channel, Kind.STOCK)


def finish(
    run_pk: int, seconds: float | None = None, show_progress: Callable[[], None] | None = None
) -> None:
    """Work on a run to the end, in this process, and show the progress in between."""
    carrying_on.finish(partial(carry_on, run_pk, seconds), show_progress)


def _work(run: runs.HeldRun) -> None:
    context = wiring.context_for_run(run.channel)
    run.measure(lambda: context.picqer.requests, wiring.rate_limit(context.settings))
    steps.carry_on(context, run)


def _end(run: runs.HeldRun, problem: str) -> None:
    _begin_catalogue(run, problem)
    runs.prune(run.channel)


def _begin_catalogue(run: runs.HeldRun, problem: str) -> None:
    """Have products kept in step once a run has sent all of them."""
    if problem or run.dry_run or not run.kind.pushes_products:
        return
    if wiring.catalogue_owners().get(run.account) == run.channel:
        catalogue.begin(run.account)
