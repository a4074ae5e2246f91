"""Judgements about the installation: Django's checks, migrations, sweeper, cache and clocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from saleor_picqer.domain.doctor.findings import Finding, error, ok, quoted, warning
from saleor_picqer.domain.order_situation import SWEEP_OVERDUE

# Seconds by which clocks may differ. Readings of stock are ordered by the database's clock; times
# that Picqer tells are only shown.
_DATABASE_TOLERANCE: Final = 5
_PICQER_TOLERANCE: Final = 60

_SYNCHRONISE: Final = "Synchronise the clocks of all machines, for example by NTP."


class SystemMessage(NamedTuple):
    """A message of Django's system checks about the plugin."""

    text: str
    hint: str
    is_serious: bool


def judge_installation(messages: Sequence[SystemMessage]) -> Iterator[Finding]:
    for message in messages:
        judge = error if message.is_serious else warning
        yield judge(message.text, message.hint)
    if not messages:
        yield ok("Django's system checks find nothing wrong with the plugin.")


def judge_migrations(pending: Sequence[str]) -> Iterator[Finding]:
    if pending:
        yield error(
            f"The plugin's tables lack the migrations {quoted(pending)}.",
            "Run `manage.py migrate`, then restart Saleor's web processes and workers.",
            len(pending),
        )
    else:
        yield ok("The plugin's tables have all migrations.")


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Time of the last finished sweep, None before the first, and the present time."""

    finished: datetime | None
    now: datetime


def judge_sweeper(sweeps: Sweeps) -> Iterator[Finding]:
    finished, now = sweeps.finished, sweeps.now
    when = "has never finished"
    if finished is not None:
        ago = max(round((now - finished).total_seconds()), 0)
        when = f"last finished {ago // 60} min {ago % 60} s ago"
    if finished is not None and now - finished < SWEEP_OVERDUE:
        yield ok(f"The sweeper {when}: Celery beat and a worker run.")
        return
    yield error(
        f"The sweeper {when}.",
        'Celery beat has to run the schedule "picqer-sweep" every minute, and a worker has to take'
        " its task saleor_picqer.sweep; a shop without Celery runs `manage.py picqer sweep` from"
        ' cron. Without it, orders that no hook told of are not sent. See "The sweeper" in'
        " docs/operating.md.",
    )


class CacheKind(NamedTuple):
    """Django's default cache: the class of its backend, and whether it keeps what is written."""

    backend: str
    keeps: bool


# Backends of Django that no second process shares.
_NOT_SHARED: Final = ("locmem", "dummy")


def judge_cache(cache: CacheKind) -> Iterator[Finding]:
    advice = "Set CACHE_URL to a Redis that all web processes and workers of Saleor use."
    if any(name in cache.backend.lower() for name in _NOT_SHARED):
        yield warning(
            f"Django's cache ({cache.backend}) is not shared between processes, so each process"
            " counts its own requests to Picqer: together they may exceed Picqer's rate limit.",
            advice,
        )
    elif not cache.keeps:
        yield error(
            f"Django's cache ({cache.backend}) does not keep what is written to it. Orders go out"
            " all the same, but Picqer's rate limit is not shared between processes.",
            f"Check that the cache's server runs and has room. {advice}",
        )
    else:
        yield ok(f"Django's cache ({cache.backend}) is shared between processes.")


def judge_database_clock(seconds_ahead: float) -> Iterator[Finding]:
    """Judge by how many seconds the database's clock is ahead of this process's."""
    if abs(seconds_ahead) <= _DATABASE_TOLERANCE:
        yield ok("The clocks of the database and of this machine agree.")
        return
    yield warning(
        f"The clock of the database is {_difference(seconds_ahead)} this machine's.", _SYNCHRONISE
    )


def judge_picqer_clock(seconds_ahead: float | None) -> Iterator[Finding]:
    """Judge by how many seconds Picqer's clock is ahead of this process's."""
    if seconds_ahead is None:
        yield ok("Picqer's answers tell no time.")
    elif abs(seconds_ahead) <= _PICQER_TOLERANCE:
        yield ok("The clocks of Picqer and of this machine agree.")
    else:
        yield warning(
            f"Picqer's clock is {_difference(seconds_ahead)} this machine's.", _SYNCHRONISE
        )


def _difference(seconds_ahead: float) -> str:
    side = "ahead of" if seconds_ahead > 0 else "behind"
    return f"{abs(round(seconds_ahead)):,} seconds {side}"
