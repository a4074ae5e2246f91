"""The state machine of an order: a decision on the fields says what to do next.

The worker asks again after each action. The decision reads the order and the row, never the
triggering hook: any sequence of changes and lost hooks ends in the same state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.orders import Milestone, Order, OrderPolicy, OrderState
from saleor_picqer.domain.outbox import LIVE_STAGES, Entry, Stage
from saleor_picqer.domain.remote_orders import STARTED, RemoteStatus


class Action(StrEnum):
    """The next action for an order; `sync.orders` has the function of each."""

    # Something has to happen in Saleor first.
    WAIT = "wait"
    # Picqer does not handle the order.
    SKIP = "skip"
    # An unanswered create request may have reached Picqer.
    LOOK_UP = "look_up"
    CREATE = "create"
    ALLOCATE = "allocate"
    PROCESS = "process"
    # The order was processed, shipped or cancelled in Picqer.
    FOLLOW = "follow"
    # Staff have to decide first; the plugin lets Picqer ship nothing.
    HOLD = "hold"
    CANCEL = "cancel"
    # Nothing; changed details of the order are still sent.
    NONE = "none"


class Reason(StrEnum):
    """Reasons for waiting or skipping; the values are sentences for staff."""

    DRAFT = "The order is still a draft."
    UNCONFIRMED = "The order is not confirmed yet."
    UNPAID = "The order is not paid yet."
    NO_GOODS = "The order has nothing to ship."
    FULFILLED = "The order is already fulfilled."
    CANCELLED_BEFORE = "The order was cancelled before it was sent to Picqer."
    CANCELLED = "The order is cancelled in Saleor."
    METHOD_CHANGED = "The order has a shipping method now that Picqer does not handle."
    PLACED_TOO_EARLY = "The order was placed before Picqer took over the channel's orders."
    REOPENED_IN_PICQER = "The order was reopened in Picqer."
    OPEN_AGAIN = "Goods that Picqer has shipped are open again in Saleor."
    NOTHING_LEFT = "Nothing of the order is left to ship."


@dataclass(frozen=True, slots=True)
class NextAction:
    """An action, and in words why the order waits or is skipped."""

    do: Action
    # A text of `Reason`, or the text that is stored with a skipped order.
    reason: str = ""


def next_action(
    order: Order, entry: Entry, policy: OrderPolicy, since: datetime | None = None
) -> NextAction:
    """Decide what to do next with an order handled by Picqer.

    Orders placed before `since` are skipped. An order requested by staff is sent whatever `policy`
    and `since` say.
    """
    if entry.stage is Stage.SKIPPED:
        return _look_up_or(NextAction(Action.SKIP, entry.waiting_for), entry)
    if order.state is OrderState.CANCELLED:
        return _when_cancelled(entry)
    if entry.stage in _CONCEPT_STAGES:
        return _when_concept(order, entry, policy)
    if entry.stage in (Stage.PENDING, Stage.CREATING):
        return _when_unsent(order, entry, policy, since)
    return _when_processed(order, entry)


def resumed_stage(entry: Entry) -> Stage:
    """Return the stage at which a failed order is taken up again."""
    return Stage.CREATING if entry.remote_id is None else Stage.CREATED


def _when_cancelled(entry: Entry) -> NextAction:
    if entry.stage in (Stage.PENDING, Stage.CREATING):
        return _look_up_or(NextAction(Action.SKIP, Reason.CANCELLED_BEFORE), entry)
    if entry.stage in LIVE_STAGES:
        return NextAction(Action.CANCEL, Reason.CANCELLED)
    return NextAction(Action.NONE)


def _when_unsent(
    order: Order, entry: Entry, policy: OrderPolicy, since: datetime | None
) -> NextAction:
    not_now = _unsendable(order) or _too_early(order, entry, policy, since)
    return _look_up_or(not_now, entry) if not_now else NextAction(Action.CREATE)


def _look_up_or(action: NextAction, entry: Entry) -> NextAction:
    """Look up an order with an unanswered create request instead of leaving the order alone."""
    may_be_in_picqer = entry.reference and entry.remote_id is None
    return NextAction(Action.LOOK_UP, action.reason) if may_be_in_picqer else action


def _unsendable(order: Order) -> NextAction | None:
    if order.state is OrderState.DRAFT:
        return NextAction(Action.WAIT, Reason.DRAFT)
    if not order.has_goods:
        return _without_goods(order)
    if order.is_fulfilled:
        return NextAction(Action.SKIP, Reason.FULFILLED)
    return None


def _without_goods(order: Order) -> NextAction:
    # Staff can change the lines of an order in Saleor until it is confirmed.
    can_change = order.state is OrderState.UNCONFIRMED
    action = Action.WAIT if can_change else Action.SKIP
    return NextAction(action, Reason.NO_GOODS)


def _too_early(
    order: Order, entry: Entry, policy: OrderPolicy, since: datetime | None
) -> NextAction | None:
    if entry.requested:
        return None
    if since and order.placed_at and order.placed_at < since:
        return NextAction(Action.SKIP, Reason.PLACED_TOO_EARLY)
    if not policy.shipping.still_handles(order.delivery, entry.method):
        return NextAction(Action.WAIT, Reason.METHOD_CHANGED)
    missing = missing_step(order, policy.push, policy)
    return NextAction(Action.WAIT, missing) if missing else None


def _when_concept(order: Order, entry: Entry, policy: OrderPolicy) -> NextAction:
    if entry.remote_status in _MOVED_ON:
        return NextAction(Action.FOLLOW)
    if order.is_fulfilled:
        return NextAction(Action.HOLD, Reason.NOTHING_LEFT)
    if not policy.shipping.still_handles(order.delivery, entry.method):
        return NextAction(Action.HOLD, Reason.METHOD_CHANGED)
    missing = missing_step(order, policy.process, policy)
    if not missing:
        return NextAction(Action.PROCESS)
    return NextAction(Action.ALLOCATE if entry.stage is Stage.CREATED else Action.WAIT, missing)


def _when_processed(order: Order, entry: Entry) -> NextAction:
    if entry.stage is Stage.COMPLETED and not order.is_fulfilled:
        return NextAction(Action.HOLD, Reason.OPEN_AGAIN)
    if entry.stage is not Stage.REOPENED:
        return NextAction(Action.NONE)
    # The plugin does not process an order against the will of Picqer's staff.
    moved_on = entry.remote_status in _MOVED_ON
    return NextAction(Action.FOLLOW if moved_on else Action.WAIT, Reason.REOPENED_IN_PICQER)


def missing_step(order: Order, milestone: Milestone, policy: OrderPolicy) -> Reason | None:
    """Return what has to happen before the order reaches the milestone; None when it has."""
    if milestone is Milestone.PLACED:
        return None
    if order.state is OrderState.UNCONFIRMED:
        return Reason.UNCONFIRMED
    is_paid = order.paid or (policy.authorized_is_paid and order.authorized)
    return None if milestone is Milestone.CONFIRMED or is_paid else Reason.UNPAID


# Stages of an order that is a concept in Picqer.
_CONCEPT_STAGES: Final = frozenset({Stage.CREATED, Stage.ALLOCATED})
# Statuses that Picqer's staff have moved a concept to.
_MOVED_ON: Final = STARTED | {RemoteStatus.CANCELLED}
