"""Carrying out runs, in parts by Celery's workers or to the end in one process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from django.db import OperationalError
from django.utils import timezone

from saleor_picqer import wiring
from saleor_picqer.domain.runs import Kind, Phase, latest_occurrence
from saleor_picqer.errors import IntegrationError, Remedy, TryLaterError
from saleor_picqer.store import catalogue, runs
from saleor_picqer.sync.runs import steps

logger = logging.getLogger(__name__)

# Seconds until another attempt, when Picqer does not say when.
_RETRY_AFTER: Final = 60.0


def carry_on(run_pk: int, seconds: float | None = None) -> float | None:
    """Work on a run, and return the seconds until another task has to go on.

    Returns None if the run has ended or another worker has it. Without `seconds` this goes on to
    the end, or until Picqer cannot be asked.
    """
    run = runs.claim(run_pk)
    if run is None:
        return None
    run.limit(seconds)
    try:
        return _work(run)
    except runs.RunTakenError:
        logger.warning("Run %s was taken by another worker.", run_pk)
        return None


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
    while (delay := carry_on(run_pk, seconds)) is not None:
        if show_progress is not None:
            show_progress()
        time.sleep(delay)


def _work(run: runs.HeldRun) -> float | None:
    problem = ""
    try:
        context = wiring.context_for_run(run.channel)
        run.measure(lambda: context.picqer.requests, wiring.rate_limit(context.settings))
        steps.carry_on(context, run)
    except IntegrationError as error:
        if error.remedy is Remedy.RETRY and run.failures < runs.MAX_FAILURES:
            return _postpone(run, error)
        problem = error.explain()
    except runs.RunTakenError:
        raise
    except OperationalError as error:
        # A lost connection or a deadlock passes.
        if run.failures < runs.MAX_FAILURES:
            return _postpone(run, error)
        problem = "The database does not answer. See the worker's log."
    except Exception:
        logger.exception("The %s run of channel %s failed.", run.kind, run.channel)
        problem = "Unexpected error. See the worker's log."
    if not problem and run.position.phase is not Phase.DONE:
        run.release(0)
        return 0
    run.finish(problem)
    _begin_catalogue(run, problem)
    runs.prune(run.channel)
    return None


def _begin_catalogue(run: runs.HeldRun, problem: str) -> None:
    """Have products kept in step once a run has sent all of them."""
    if problem or run.dry_run or not run.kind.pushes_products:
        return
    if wiring.catalogue_owners().get(run.account) == run.channel:
        catalogue.begin(run.account)


def _postpone(run: runs.HeldRun, error: Exception) -> float:
    """Let go of the run until Picqer can be asked again."""
    # To wait for one's turn is no failure: orders, for example, go before products.
    seconds = "delay" if isinstance(error, TryLaterError) else "retry_after"
    turn: float | None = getattr(error, seconds, None)
    delay = _RETRY_AFTER if turn is None else max(turn, 1.0)
    logger.info("The %s run of channel %s waits %.0f s. %s", run.kind, run.channel, delay, error)
    run.release(delay, failed=turn is None)
    return delay
