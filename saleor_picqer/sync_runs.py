"""Carrying out full syncs, in parts by Celery's workers or to the end in one process."""

from __future__ import annotations

import logging
import time
from typing import Final

from saleor_picqer import wiring
from saleor_picqer.domain.full_sync import Phase
from saleor_picqer.errors import IntegrationError, Remedy, TryLaterError
from saleor_picqer.picqer.client import Priority
from saleor_picqer.store import runs
from saleor_picqer.sync import full_sync

logger = logging.getLogger(__name__)

# Seconds until another attempt, when Picqer does not say when.
_RETRY_AFTER: Final = 60.0


def carry_on(run_pk: int, seconds: float | None = None) -> float | None:
    """Work on a full sync, and return in how many seconds another task has to go on.

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
        logger.warning("Full sync %s was taken by another worker.", run_pk)
        return None


def finish(run_pk: int) -> None:
    """Work on a full sync to its end, in this process."""
    while (delay := carry_on(run_pk)) is not None:
        time.sleep(delay)


def _work(run: runs.HeldRun) -> float | None:
    problem = ""
    try:
        context = wiring.context_for_channel(run.channel, Priority.CATALOGUE)
        full_sync.carry_on(context, run)
    except IntegrationError as error:
        if error.remedy is Remedy.RETRY and run.failures < runs.MAX_FAILURES:
            return _postpone(run, error)
        problem = error.explain()
    except runs.RunTakenError:
        raise
    except Exception:
        logger.exception("The full sync of channel %s failed.", run.channel)
        problem = "Unexpected error. See the worker's log."
    if not problem and run.position.phase is not Phase.DONE:
        run.release(0)
        return 0
    run.finish(problem)
    return None


def _postpone(run: runs.HeldRun, error: IntegrationError) -> float:
    """Let go of the run until Picqer can be asked again."""
    # To wait for one's turn is no failure: orders, for example, go before products.
    seconds = "delay" if isinstance(error, TryLaterError) else "retry_after"
    turn: float | None = getattr(error, seconds, None)
    delay = _RETRY_AFTER if turn is None else max(turn, 1.0)
    logger.info("The full sync of channel %s waits %.0f s. %s", run.channel, delay, error)
    run.release(delay, failed=turn is None)
    return delay
