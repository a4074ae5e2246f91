"""The outbox: the stages of an order on the way to Picqer, the row, and the delays of retries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final


class Stage(StrEnum):
    """The stage of an order, saved before the next request: every crash can be resumed."""

    PENDING = "pending"
    CREATING = "creating"
    CREATED = "created"
    ALLOCATED = "allocated"
    PROCESSED = "processed"
    # Processed, and then reopened by Picqer's staff, who process the order again.
    REOPENED = "reopened"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    SKIPPED = "skipped"


# Stages with something left to push.
OPEN_STAGES: Final = frozenset({Stage.PENDING, Stage.CREATING, Stage.CREATED, Stage.ALLOCATED})
# Stages of an order that Picqer has, and has neither shipped nor cancelled.
LIVE_STAGES: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.PROCESSED, Stage.REOPENED})
# Stages that only an action of staff ends.
FINAL_STAGES: Final = frozenset({Stage.COMPLETED, Stage.CANCELLED, Stage.SKIPPED})

# How long a worker holds a row: longer than one request with all its time-outs and retries.
LEASE: Final = timedelta(minutes=10)
# How often an order that waits for a change in Saleor is looked at without a hook.
RECHECK: Final = timedelta(hours=1)
# No task for the same order, delivery or sweep is enqueued twice within this time.
ENQUEUE_AGAIN: Final = timedelta(minutes=5)
# How long staff cannot have missed an order in Picqer yet, and entered it by hand.
FRESH: Final = timedelta(minutes=10)
SKIPPED_BY_STAFF: Final = "Skipped by staff."

# How long Picqer may still carry out a request that got no answer: a look-up has to wait.
UNSURE: Final = timedelta(minutes=2)

# Trouble with the network is shown on the order after so many failed attempts, about 45 minutes.
SHOWN_AFTER: Final = 8
# After so many failed attempts an order is a dead letter: stage FAILED, until staff retry it.
MAX_ATTEMPTS: Final = 400
# Failed attempts that are kept of each order, and the longest text of each.
KEPT_ATTEMPTS: Final = 10
_LONGEST_TEXT: Final = 500
_FIRST_DELAY: Final = timedelta(seconds=15)
_LONGEST_DELAY: Final = timedelta(minutes=15)
_LONGEST_SLOW_DELAY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OutboxFields:
    """The saved fields of an order in the outbox, declared once for table, entry and API."""

    order_pk: str
    # Primary key of the order's channel.
    channel: str
    stage: Stage = Stage.PENDING
    # The Picqer account, reference, idorder and number with which the order was sent.
    account: str = ""
    reference: str = ""
    remote_id: int | None = None
    remote_number: str = ""
    # Ids that the order had in the account before: it was cancelled or shipped, and sent or entered
    # as a new order.
    former_ids: Sequence[int] = ()
    # Picqer's product of each SKU of the order in Picqer: codes and SKUs may change.
    products: Mapping[str, int] = field(default_factory=dict)
    # Picqer's latest status of the order, and the page on which the customer can follow the order.
    remote_status: str = ""
    status_page: str = field(default="", repr=False)
    # `Delivery.key` of the method with which the order was recorded; empty for any method.
    method: str = ""
    # The version of Saleor's order that a worker has read last.
    seen_version: str = ""
    # A digest of each field's value as it was sent last.
    sent_digests: Mapping[str, str] = field(default_factory=dict)
    # What staff have taken back in Saleor and were told of, as in `TakenBack`.
    taken_back: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    # True after staff have asked for the push, whatever the channel's rules say.
    requested: bool = False
    # What staff have to look at.
    attention: str = ""
    # What has to happen first, or why the order is skipped.
    waiting_for: str = ""
    last_error: str = ""
    # The latest failed attempts, oldest first, each with the keys `at`, `stage` and `error`.
    failed_attempts: Sequence[Mapping[str, str]] = ()
    attempts: int = 0
    # Names the worker that holds the row; empty in an entry that was read without a lease.
    lease: str = ""


SAVED_FIELDS: Final = tuple(each.name for each in fields(OutboxFields))


@dataclass(frozen=True, slots=True)
class Entry(OutboxFields):
    """An order of the outbox as read at a moment."""

    # True on the first attempt, as long as staff cannot have missed the order in Picqer and
    # entered it by hand.
    fresh: bool = False
    # True while a worker holds the row, or a request for the order may be under way.
    leased: bool = False


def add_attempt(entry: Entry, reason: str, now: datetime) -> list[Mapping[str, str]]:
    """Return the kept failed attempts of an order with a new one; the oldest goes.

    `reason` has neither personal data nor secrets, as it is shown on the order, too.
    """
    attempt = {"at": now.isoformat(), "stage": entry.stage.value, "error": reason[:_LONGEST_TEXT]}
    return [*entry.failed_attempts, attempt][-KEPT_ATTEMPTS:]


def ended(stage: Stage | None) -> Mapping[str, Any]:
    """Return the columns that are emptied when the order enters a stage."""
    if stage is Stage.SKIPPED:
        return {"sent_digests": {}}
    # Nothing is compared any more with what was sent.
    over = (Stage.COMPLETED, Stage.CANCELLED)
    return {"sent_digests": {}, "failed_attempts": []} if stage in over else {}


def retry_delay(attempts: int, *, slowly: bool = False) -> timedelta:
    """Return the delay before the next attempt: from 15 seconds, doubling up to 15 minutes.

    With `slowly`, for errors with a remedy by staff, the limit is an hour.
    """
    # An outage of a day costs each order a hundred attempts.
    longest = _LONGEST_SLOW_DELAY if slowly else _LONGEST_DELAY
    return min(_FIRST_DELAY * (1 << min(attempts, 10)), longest)


# The circuit breaker opens after so many orders in a row without an answer: the cause is then
# Picqer, and not an order.
FAILURES_TO_OPEN: Final = 3


def open_duration(consecutive_failures: int) -> timedelta | None:
    """Return how long the circuit breaker stays open, or None where it stays closed."""
    if consecutive_failures < FAILURES_TO_OPEN:
        return None
    return retry_delay(consecutive_failures - FAILURES_TO_OPEN)
