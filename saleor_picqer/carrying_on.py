"""Carrying out work in parts, by Celery's workers or to the end in a process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.db import OperationalError

from saleor_picqer.errors import IntegrationError, RateLimitedError, Remedy, TryLaterError
from saleor_picqer.store.work import MAX_FAILURES, Hold, RunTakenError

logger = logging.getLogger(__name__)

# Seconds until another attempt, when Picqer does not say when.
_RETRY_AFTER: Final = 60.0


def carry_on(
    held: Hold[Any], do_part: Callable[[], None], on_end: Callable[[str], None]
) -> float | None:
    """Do a part of the work, and return in how many seconds another task has to go on.

    Returns None when the work has ended, or another worker has the row. `on_end` is called with the
    problem of ended work, empty for none.
    """
    try:
        return _carry_on(held, do_part, on_end)
    except RunTakenError:
        logger.warning("%s was taken by another worker.", held)
        return None


def finish(
    carry_on_once: Callable[[], float | None], show_progress: Callable[[], None] | None = None
) -> None:
    """Work to the end in the calling process, and show the progress in between."""
    while (delay := carry_on_once()) is not None:
        if show_progress is not None:
            show_progress()
        time.sleep(delay)


def _carry_on(
    held: Hold[Any], do_part: Callable[[], None], on_end: Callable[[str], None]
) -> float | None:
    problem = ""
    try:
        do_part()
    except RunTakenError:
        raise
    except (IntegrationError, OperationalError) as error:
        if _passes(error) and held.failures < MAX_FAILURES:
            return _postpone(held, error)
        problem = _explain(error)
    except Exception:
        logger.exception("%s failed.", held)
        problem = "Unexpected error. See the worker's log."
    if not problem and not held.is_done:
        held.release(0)
        return 0
    held.finish(problem)
    on_end(problem)
    return None


def _passes(error: Exception) -> bool:
    # A lost connection to the database, or a deadlock, passes too.
    return not isinstance(error, IntegrationError) or error.remedy is Remedy.RETRY


def _explain(error: Exception) -> str:
    if isinstance(error, IntegrationError):
        return error.explain()
    return "The database does not answer. See the worker's log."


def _postpone(held: Hold[Any], error: Exception) -> float:
    """Let go of the work until Picqer can be asked again."""
    turn: float | None = None
    # To wait for one's turn is no failure: orders, for example, go before products.
    if isinstance(error, TryLaterError):
        turn = error.delay
    elif isinstance(error, RateLimitedError):
        turn = error.retry_after
    delay = _RETRY_AFTER if turn is None else max(turn, 1.0)
    logger.info("%s waits %.0f s. %s", held, delay, error)
    held.release(delay, failed=turn is None)
    return delay
