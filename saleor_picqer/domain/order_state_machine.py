"""What is to be done next with an order: one decision on its fields, whichever hook came.

A worker asks again after each step, so that every change in the shop, in whatever sequence
the changes are noticed, ends in the same state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from saleor_picqer.domain.orders import Order, OrderPolicy, OrderState, ProcessWhen, PushWhen
from saleor_picqer.domain.outbox import Entry, Stage
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
    # Nothing is left to ship, so Picqer must not start picking.
    HOLD = "hold"
    CANCEL = "cancel"
    # Nothing; changed details of the order are still sent.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NextAction:
    """The next step; `reason` says in words what an order waits for or why it is skipped."""

    do: Action
    reason: str = ""


_UNPAID: Final = "the order is not paid yet"


def next_action(
    order: Order, entry: Entry, policy: OrderPolicy, since: datetime | None = None
) -> NextAction:
    """The next step for an order that Picqer handles, from its fields and how far it has come.

    Orders placed before `since` are somebody else's business. What staff asked for is sent
    whatever the rules say.
    """
    if entry.stage is Stage.SKIPPED:
        return _found_or(NextAction(Action.SKIP, entry.waiting_for), entry)
    if order.state is OrderState.CANCELLED:
        return _when_cancelled(entry)
    if entry.stage in _CONCEPT_STAGES:
        return _when_concept(order, entry, policy)
    if entry.stage in (Stage.PENDING, Stage.CREATING):
        return _when_unsent(order, entry, policy, since)
    return NextAction(Action.NONE)


def _when_cancelled(entry: Entry) -> NextAction:
    if entry.stage in (Stage.PENDING, Stage.CREATING):
        return _found_or(
            NextAction(Action.SKIP, "the order was cancelled before it was sent"), entry
        )
    if entry.stage in (Stage.PROCESSED, *_CONCEPT_STAGES):
        return NextAction(Action.CANCEL, "the order is cancelled in Saleor")
    return NextAction(Action.NONE)


def _when_unsent(
    order: Order, entry: Entry, policy: OrderPolicy, since: datetime | None
) -> NextAction:
    not_now = _unsendable(order) or _too_early(order, entry, policy, since)
    return _found_or(not_now, entry) if not_now else NextAction(Action.CREATE)


def _found_or(step: NextAction, entry: Entry) -> NextAction:
    """What may have arrived is looked for before the order is left alone."""
    may_be_there = entry.reference and entry.remote_id is None
    return NextAction(Action.LOOK_UP, step.reason) if may_be_there else step


def _unsendable(order: Order) -> NextAction | None:
    if order.state is OrderState.DRAFT:
        return NextAction(Action.WAIT, "the order is still a draft")
    if not order.has_goods:
        return _without_goods(order)
    if _is_fulfilled(order):
        return NextAction(Action.SKIP, "the order is already fulfilled")
    return None


def _without_goods(order: Order) -> NextAction:
    """Saleor lets staff change the lines of an order until it is confirmed."""
    can_change = order.state is OrderState.UNCONFIRMED
    return NextAction(Action.WAIT if can_change else Action.SKIP, "it has nothing to ship")


def _is_fulfilled(order: Order) -> bool:
    return order.state is OrderState.CLOSED or not order.shippable_lines


def _too_early(
    order: Order, entry: Entry, policy: OrderPolicy, since: datetime | None
) -> NextAction | None:
    if entry.requested:
        return None
    if since and order.placed_at and order.placed_at < since:
        return NextAction(Action.SKIP, "it was placed before the plugin was switched on")
    if policy.push is PushWhen.CONFIRMED and order.state is OrderState.UNCONFIRMED:
        return NextAction(Action.WAIT, "the order is not confirmed yet")
    if policy.push is PushWhen.PAID and not is_paid(order, policy):
        return NextAction(Action.WAIT, _UNPAID)
    return None


def _when_concept(order: Order, entry: Entry, policy: OrderPolicy) -> NextAction:
    if entry.remote_status in _MOVED_ON:
        return NextAction(Action.FOLLOW)
    if _is_fulfilled(order):
        return NextAction(Action.HOLD, "nothing of it is left to ship")
    if policy.process is ProcessWhen.AT_ONCE or is_paid(order, policy):
        return NextAction(Action.PROCESS)
    return NextAction(Action.ALLOCATE if entry.stage is Stage.CREATED else Action.WAIT, _UNPAID)


def is_paid(order: Order, policy: OrderPolicy) -> bool:
    return order.paid or (policy.authorized_is_paid and order.authorized)


_CONCEPT_STAGES: Final = frozenset({Stage.CREATED, Stage.ALLOCATED})
_MOVED_ON: Final = STARTED | {RemoteStatus.CANCELLED}
