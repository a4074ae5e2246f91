"""The Celery application of the real workers: Saleor's own, with short waiting times.

The folder `PICQER_WORKER_PROCESSES` has a file per process of the pool, named after the process id;
the content is the order or event that the process works on. The clock of every second process is
fast by `PICQER_WORKER_AHEAD_SECONDS`, as on a machine of its own.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from billiard import current_process
from celery.signals import (
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_ready,
)
from django.utils import timezone
from saleor.celeryconf import app

__all__ = ["app"]

# How soon a message that a killed worker has lost is sent again.
ENQUEUE_AGAIN = timedelta(seconds=1)

# By how much the clocks of two processes differ.
AHEAD = timedelta(seconds=float(os.environ["PICQER_WORKER_AHEAD_SECONDS"]))
# The delays of a shop are minutes, so clocks that differ by seconds hardly shorten them.
LEASE = timedelta(seconds=6) + AHEAD
UNSURE = timedelta(milliseconds=500) + AHEAD

PROCESSES = Path(os.environ["PICQER_WORKER_PROCESSES"])
_PR_SET_PDEATHSIG = 1

# End the worker when the tests are killed.
ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


@worker_init.connect
def be_impatient(**_: Any) -> None:
    """Shorten all waiting times and leases."""
    from saleor_picqer import wiring
    from saleor_picqer.domain import outbox as stages
    from saleor_picqer.picqer import rate_limiter, retry
    from saleor_picqer.picqer.client import PicqerClient
    from saleor_picqer.store import channels, inbox, inbox_endpoint, outbox, periodic

    constants: tuple[tuple[object, str, object], ...] = (
        (stages, "_FIRST_DELAY", timedelta(milliseconds=50)),
        (stages, "_LONGEST_DELAY", timedelta(milliseconds=200)),
        (outbox, "LEASE", LEASE),
        (outbox, "UNSURE", UNSURE),
        (channels, "CLOCK_SKEW", timedelta(seconds=5)),
        *((module, "_LEASE", timedelta(seconds=2)) for module in (inbox, periodic)),
        *(
            (module, "ENQUEUE_AGAIN", ENQUEUE_AGAIN)
            for module in (inbox_endpoint, outbox, periodic)
        ),
        (retry, "BACKOFF", 0.02),
        (rate_limiter, "PAUSES", (0.1 / rate_limiter.WINDOW,)),
    )
    for module, name, value in constants:
        assert hasattr(module, name), name
        setattr(module, name, value)
    for priority in wiring._MAX_WAIT:
        wiring._MAX_WAIT[priority] = 2
    defaults = PicqerClient.__init__.__kwdefaults__
    assert defaults is not None
    defaults["timeout"] = (1, 0.7)


@app.task(name="tests.probe")
def probe(path: str) -> None:
    """Stand for a task of Saleor's own."""
    Path(path).touch()


@worker_ready.connect
def say_ready(**_: Any) -> None:
    (PROCESSES / "ready").touch()


@worker_process_init.connect
def say_born(**_: Any) -> None:
    _note("")


@worker_process_init.connect
def set_clock(**_: Any) -> None:
    """Set the clock of every second process of the pool ahead."""
    process: Any = current_process()
    if AHEAD and process.index % 2:
        own_time, own_now = time.time, timezone.now
        time.time = lambda: own_time() + AHEAD.total_seconds()
        timezone.now = lambda: own_now() + AHEAD


@task_prerun.connect
def say_busy(args: Sequence[Any], **_: Any) -> None:
    _note(str(args[0]) if args else "something")


@task_postrun.connect
def say_idle(**_: Any) -> None:
    _note("")


def _note(work: str) -> None:
    (PROCESSES / str(os.getpid())).write_text(work)
