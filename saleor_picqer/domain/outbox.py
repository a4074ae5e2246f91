"""The stages an order goes through on its way to Picqer, and how long a failed step waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Saved before the next request goes out, so that a crash at any point can be resumed."""

    PENDING = "pending"
    CREATING = "creating"
    CREATED = "created"
    PROCESSED = "processed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    SKIPPED = "skipped"


OPEN_STAGES: Final = frozenset({Stage.PENDING, Stage.CREATING, Stage.CREATED})
"""Stages with something left to push."""

RESERVED_STAGES: Final = frozenset({Stage.PROCESSED})
"""Stages in which Picqer's free stock already excludes the order's goods."""

MAX_ATTEMPTS: Final = 400
_FIRST_DELAY: Final = timedelta(seconds=15)
_LONGEST_DELAY: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in the outbox.

    `remote_id` is Picqer's idorder once it is known; `lease` names the worker that holds it.
    """

    order_pk: str
    channel: str
    stage: Stage = Stage.PENDING
    remote_id: int | None = None
    remote_number: str = ""
    attempts: int = 0
    lease: str = ""


def retry_delay(attempts: int) -> timedelta:
    """Doubling from 15 seconds to 15 minutes: a day of silence costs under a hundred tries."""
    return min(_FIRST_DELAY * (1 << min(attempts, 10)), _LONGEST_DELAY)
