"""Which wishes of staff about an order can be met, and the words for why not the others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Entry, Stage


class RefusalReason(StrEnum):
    """Why a wish is not met; the values are the codes that programs see."""

    NOT_FOUND = "not_found"
    NOT_ACTIVE = "not_active"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"
    BUSY = "busy"
    IN_PICQER = "in_picqer"
    NOTHING_TO_RETRY = "nothing_to_retry"


REFUSAL_TEXTS: Final[Mapping[RefusalReason, str]] = {
    RefusalReason.NOT_FOUND: "there is no such order",
    RefusalReason.NOT_ACTIVE: "the plugin is switched off in its channel",
    RefusalReason.DRAFT: "it is still a draft: complete it first",
    RefusalReason.CANCELLED: "it is cancelled, or has expired",
    RefusalReason.FULFILLED: "it is fulfilled, or shipped, already",
    RefusalReason.BUSY: "a worker has it, or its request got no answer: try again in two minutes",
    RefusalReason.IN_PICQER: "it is in Picqer already: cancel it there",
    RefusalReason.NOTHING_TO_RETRY: "nothing has failed with it: push it to have it sent again",
}
"""Each follows the number of an order and a colon."""

STAGE_TEXTS: Final[Mapping[Stage, str]] = {
    Stage.PENDING: "nothing is sent yet; it may wait for something, such as its payment",
    Stage.CREATING: "it was, or is about to be, sent: it is looked for in Picqer first",
    Stage.CREATED: "it is in Picqer as a concept",
    Stage.ALLOCATED: "it is in Picqer as a concept, its stock reserved until it is paid",
    Stage.PROCESSED: "the warehouse has it",
    Stage.COMPLETED: "everything is shipped",
    Stage.CANCELLED: "it is cancelled in Picqer",
    Stage.FAILED: "it was given up until somebody retries it; the reason says why",
    Stage.SKIPPED: "it is never sent: it is none of Picqer's business, or staff said so",
}
"""What a stage means, to people."""

_OVER: Final[Mapping[OrderState, RefusalReason]] = {
    OrderState.DRAFT: RefusalReason.DRAFT,
    OrderState.CANCELLED: RefusalReason.CANCELLED,
    OrderState.CLOSED: RefusalReason.FULFILLED,
}
_UNSENT: Final = frozenset({Stage.PENDING, Stage.CREATING, Stage.FAILED})


def check_push(state: OrderState, entry: Entry | None, *, active: bool) -> RefusalReason | None:
    """`entry` is None for an order that nobody has taken up yet."""
    if state in _OVER:
        return _OVER[state]
    if entry and entry.stage is Stage.COMPLETED:  # found there, it would be fulfilled once more
        return RefusalReason.FULFILLED
    if not active:
        return RefusalReason.NOT_ACTIVE
    return RefusalReason.BUSY if entry and entry.leased else None


def check_retry(entry: Entry | None, *, active: bool) -> RefusalReason | None:
    """Failed orders can be retried, and those that wait for another attempt."""
    if entry is None or not entry.last_error:
        return RefusalReason.NOTHING_TO_RETRY
    return None if active else RefusalReason.NOT_ACTIVE


def check_skip(entry: Entry | None) -> RefusalReason | None:
    """An order that is no longer in Picqer can be skipped, so that nobody is asked to see to it."""
    if entry is None:
        return None
    if entry.leased:
        return RefusalReason.BUSY
    gone = entry.stage in (Stage.SKIPPED, Stage.CANCELLED)
    unsent = entry.stage in _UNSENT and entry.remote_id is None
    return None if gone or unsent else RefusalReason.IN_PICQER
