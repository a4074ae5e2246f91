"""The stages an order goes through on its way to Picqer, and how long a failed step waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Saved before the next request goes out, so that a crash at any point can be resumed."""

    PENDING = "pending"
    CREATING = "creating"
    CREATED = "created"
    ALLOCATED = "allocated"
    PROCESSED = "processed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    SKIPPED = "skipped"


OPEN_STAGES: Final = frozenset({Stage.PENDING, Stage.CREATING, Stage.CREATED, Stage.ALLOCATED})
"""Stages with something left to push."""

RESERVED_STAGES: Final = frozenset({Stage.ALLOCATED, Stage.PROCESSED})
"""Stages in which Picqer's free stock already excludes the order's goods."""

FINAL_STAGES: Final = frozenset({Stage.COMPLETED, Stage.CANCELLED, Stage.SKIPPED})
"""Stages that nothing leads out of but somebody's wish."""

MAX_ATTEMPTS: Final = 400
_FIRST_DELAY: Final = timedelta(seconds=15)
_LONGEST_DELAY: Final = timedelta(minutes=15)
_LONGEST_SLOW_DELAY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in the outbox.

    `reference` is the one it was sent with, to that `account`; `remote_id` is Picqer's idorder once
    it is known and `remote_status` what Picqer said of it last; `sent_digests` has a short digest
    of each field's value as it was sent last; `requested` is true where staff asked for the push,
    whatever the rules say; `fresh` is true on the first attempt at an order that nobody can have
    entered by hand yet; `attention` says what somebody has to look at, `waiting_for` what has to
    happen first or why it is skipped; `lease` names the worker that reads this, if it holds the
    row; `leased` is true while any worker does, or may have a request under way.
    """

    order_pk: str
    channel: str
    stage: Stage = Stage.PENDING
    account: str = ""
    reference: str = ""
    remote_id: int | None = None
    remote_number: str = ""
    remote_status: str = ""
    status_page: str = ""
    sent_digests: Mapping[str, str] = field(default_factory=dict)
    requested: bool = False
    fresh: bool = False
    attention: str = ""
    waiting_for: str = ""
    last_error: str = ""
    attempts: int = 0
    lease: str = ""
    leased: bool = False


def retry_delay(attempts: int, *, slowly: bool = False) -> timedelta:
    """Doubling from 15 seconds to 15 minutes: a day of silence costs a hundred tries.

    `slowly`, up to an hour: where somebody has to change something first.
    """
    longest = _LONGEST_SLOW_DELAY if slowly else _LONGEST_DELAY
    return min(_FIRST_DELAY * (1 << min(attempts, 10)), longest)


UNSURE: Final = timedelta(minutes=2)
"""How long a request that got no answer may still be carried out: only then looking tells."""

FAILURES_TO_OPEN: Final = 3
"""So many orders in a row that got no answer mean that Picqer, not the order, is the trouble."""


def open_duration(consecutive_failures: int) -> timedelta | None:
    """How long nobody tries after that many orders in a row found Picqer silent."""
    return (
        retry_delay(consecutive_failures - FAILURES_TO_OPEN)
        if consecutive_failures >= FAILURES_TO_OPEN
        else None
    )
