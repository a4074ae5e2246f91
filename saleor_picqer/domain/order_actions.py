"""What staff can ask for an order (push, retry, skip), and the texts for a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.order_state_machine import Reason
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import LIVE_STAGES, Entry, Stage


class OrderAction(StrEnum):
    """An action of staff on an order."""

    PUSH = "push"
    RETRY = "retry"
    SKIP = "skip"


ACTION_TEXTS: Final[Mapping[OrderAction, str]] = {
    OrderAction.PUSH: "Send the order, or its open goods, once more: `picqerPushOrders`.",
    OrderAction.RETRY: "Try at once what has failed: `picqerRetryOrders`.",
    OrderAction.SKIP: "Keep the order from Picqer: `picqerSkipOrders`.",
}


class RefusalReason(StrEnum):
    """Reasons for refusing an action of staff; the values are the codes for programs."""

    NOT_FOUND = "not_found"
    NOT_ACTIVE = "not_active"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"
    BUSY = "busy"
    IN_PICQER = "in_picqer"
    NOTHING_TO_RETRY = "nothing_to_retry"


# Sentences that follow an order's number and a colon.
REFUSAL_TEXTS: Final[Mapping[RefusalReason, str]] = {
    RefusalReason.NOT_FOUND: "There is no such order.",
    RefusalReason.NOT_ACTIVE: "The plugin is switched off in the order's channel.",
    RefusalReason.DRAFT: "The order is still a draft. Complete the draft first.",
    RefusalReason.CANCELLED: "The order is cancelled, or has expired.",
    RefusalReason.FULFILLED: "The order is already fulfilled in Saleor.",
    RefusalReason.BUSY: (
        "A worker is busy with the order, or Picqer may still carry out a request for it. Try"
        " again in two minutes."
    ),
    RefusalReason.IN_PICQER: "The order is in Picqer already. Cancel it in Picqer.",
    RefusalReason.NOTHING_TO_RETRY: (
        "Nothing has failed with this order. Push the order to have it sent again."
    ),
}

# What a stage means, for people.
STAGE_TEXTS: Final[Mapping[Stage, str]] = {
    Stage.PENDING: (
        "Nothing has been sent to Picqer yet. The order may wait for something, such as its"
        " payment."
    ),
    Stage.CREATING: (
        "The order is being sent to Picqer. Before another attempt, Picqer is asked whether it has"
        " the order."
    ),
    Stage.CREATED: "The order is a concept in Picqer.",
    Stage.ALLOCATED: (
        "The order is a concept in Picqer, which reserves the stock until the order is paid."
    ),
    Stage.PROCESSED: "Picqer's warehouse has the order.",
    Stage.REOPENED: "Picqer's staff have reopened the order, and process it again themselves.",
    Stage.COMPLETED: "Everything is shipped.",
    Stage.CANCELLED: "The order is cancelled in Picqer.",
    Stage.FAILED: "The plugin has given the order up until staff retry it. The reason says why.",
    Stage.SKIPPED: "The order is not sent: Picqer does not handle it, or staff have skipped it.",
}

# States of an order that cannot be pushed any more, or not yet.
_UNPUSHABLE: Final[Mapping[OrderState, RefusalReason]] = {
    OrderState.DRAFT: RefusalReason.DRAFT,
    OrderState.CANCELLED: RefusalReason.CANCELLED,
    OrderState.CLOSED: RefusalReason.FULFILLED,
}
# Stages of orders that staff can keep from Picqer, unless Picqer has them.
UNSENT_STAGES: Final = frozenset({Stage.PENDING, Stage.CREATING, Stage.FAILED})
# How flags name the push, see sync.orders.texts.
_ASKS_FOR_PUSH: Final = re.compile(r"\bpush (it|this one|(this|the) order)\b", re.IGNORECASE)


def is_shipped_by_picqer(entry: Entry) -> bool:
    """Return whether Picqer ships the order, or is still to ship it."""
    if entry.stage in (Stage.PENDING, Stage.CREATING):
        # An order with another method waits only in case it gets its old one again.
        return entry.waiting_for != Reason.METHOD_CHANGED
    has_failed_in_picqer = entry.stage is Stage.FAILED and entry.remote_id is not None
    return entry.stage in LIVE_STAGES or has_failed_in_picqer


def helpful_actions(entry: Entry) -> Iterator[OrderAction]:
    """Yield the actions that help an order with a row, the best one first."""
    if _ASKS_FOR_PUSH.search(entry.attention):
        yield OrderAction.PUSH
    if entry.last_error:
        yield OrderAction.RETRY
    if _is_unsent(entry):
        yield OrderAction.SKIP


def check_push(state: OrderState, entry: Entry | None, *, active: bool) -> RefusalReason | None:
    """Return why the order cannot be pushed, or None; `entry` is None without a row."""
    # A push of a fulfilled order ends the flag of goods that came back.
    if state in _UNPUSHABLE and not (state is OrderState.CLOSED and _asks_for_attention(entry)):
        return _UNPUSHABLE[state]
    if not active:
        return RefusalReason.NOT_ACTIVE
    return RefusalReason.BUSY if entry and entry.leased else None


def _asks_for_attention(entry: Entry | None) -> bool:
    """Return whether an order that Picqer has, or has shipped, is flagged."""
    in_picqer = entry is not None and entry.stage in LIVE_STAGES | {Stage.COMPLETED}
    return bool(in_picqer and entry and entry.attention)


def check_retry(entry: Entry | None, *, active: bool) -> RefusalReason | None:
    """Return why the order cannot be retried, or None: only an order with an error can."""
    if entry is None or not entry.last_error:
        return RefusalReason.NOTHING_TO_RETRY
    return None if active else RefusalReason.NOT_ACTIVE


def check_skip(entry: Entry | None) -> RefusalReason | None:
    """Return why the order cannot be skipped, or None: an order in Picqer is cancelled first."""
    if entry is None:
        return None
    if entry.leased:
        return RefusalReason.BUSY
    gone = entry.stage in (Stage.SKIPPED, Stage.CANCELLED)
    return None if gone or _is_unsent(entry) else RefusalReason.IN_PICQER


def _is_unsent(entry: Entry) -> bool:
    """Return whether staff can still keep the order from Picqer."""
    return entry.stage in UNSENT_STAGES and entry.remote_id is None
