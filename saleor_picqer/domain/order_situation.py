"""The situation of one order and its channel, and the explanation for staff."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from saleor_picqer.domain.explanations import Code, Explanation, describe_time
from saleor_picqer.domain.order_state_machine import (
    Action,
    NextAction,
    Reason,
    next_action,
    resumed_stage,
)
from saleor_picqer.domain.orders import Order, OrderPolicy, OrderState
from saleor_picqer.domain.outbox import SKIPPED_BY_STAFF, Entry, Stage
from saleor_picqer.domain.shipping import ALL, MARK_KEY, MARKED, Delivery, ShippingPolicy

# The sweeper runs every minute: after this time without a sweep something is wrong.
SWEEP_OVERDUE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ChannelSituation:
    """A channel as a worker finds it before it pushes an order."""

    slug: str
    is_set_up: bool = True
    active: bool = True
    # Whether the database is a copy that runs at another public address.
    is_copy: bool = False
    # Why the settings do not work, in words.
    problem: str = ""
    orders: OrderPolicy = field(default_factory=OrderPolicy)
    # Name of the Picqer account; empty if the settings do not tell.
    account: str = ""
    since: datetime | None = None
    swept_until: datetime | None = None
    # Until when the circuit breaker is open.
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderSituation:
    """An order, its row in the outbox and its channel at one moment.

    `order` is None if Saleor no longer has the order, `entry` if the order was never recorded. The
    three fields after `entry` are columns of the row.
    """

    now: datetime
    channel: ChannelSituation
    order: Order | None
    entry: Entry | None = None
    dirty: bool = False
    not_before: datetime | None = None
    leased_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """A situation with an order and a row: the row as a worker would find it."""

    situation: OrderSituation
    order: Order
    entry: Entry
    is_recorded: bool

    @property
    def next(self) -> NextAction:
        channel = self.situation.channel
        return next_action(self.order, self.entry, channel.orders, channel.since)

    @property
    def may_be_in_picqer(self) -> bool:
        return bool(self.entry.reference) or self.entry.remote_id is not None


def explain(situation: OrderSituation) -> Explanation:
    """Say where the order is, or why it is not sent."""
    order = situation.order
    if order is None:
        return Explanation.of(Code.DELETED)
    entry = situation.entry or Entry(order.pk, order.channel)
    # A failed order that is due is taken up again.
    if entry.stage is Stage.FAILED and situation.dirty:
        entry = replace(entry, stage=resumed_stage(entry))
    case = _Case(situation, order, entry, is_recorded=situation.entry is not None)
    found = (check(case) for check in _CHECKS)
    return next(filter(None, found))


# --- orders that a worker has finished with


def _failed(case: _Case) -> Explanation | None:
    entry = case.entry
    if entry.stage is not Stage.FAILED:
        return None
    return Explanation.of(Code.FAILED, entry.last_error or entry.attention, *_place(entry))


def _in_picqer(case: _Case) -> Explanation | None:
    entry, account = case.entry, case.situation.channel.account
    code = _PLACES.get(entry.stage)
    if code is None or (entry.remote_id is None and entry.stage is not Stage.CANCELLED):
        return None
    details = _place(entry)
    if entry.remote_id is not None and account and entry.account not in ("", account):
        return Explanation.of(Code.IN_OTHER_ACCOUNT, f"Account: {entry.account}.", *details)
    step = _next_step(case)
    explained = Explanation.of(code, *details, *(_sentences(step) if step else ()))
    return replace(explained, advice=entry.attention, until=step.until if step else None)


def _perhaps_elsewhere(case: _Case) -> Explanation | None:
    entry, account = case.entry, case.situation.channel.account
    unanswered = entry.reference and entry.remote_id is None and not entry.requested
    if not (unanswered and account and entry.account not in ("", account)):
        return None
    explained = Explanation.of(Code.IN_OTHER_ACCOUNT, f"Account: {entry.account}.")
    return replace(explained, advice=entry.attention or explained.advice)


def _next_step(case: _Case) -> Explanation | None:
    """Return what holds up the next step of an order in Picqer; None if there is no step."""
    action = case.next
    if action.do in (Action.WAIT, Action.HOLD):
        return _by_reason(action.reason)
    if action.do is Action.NONE and not case.situation.dirty:
        return None
    return _channel(case) or _obstacle(case)


def _skipped(case: _Case) -> Explanation | None:
    action = case.next
    if case.entry.stage is not Stage.SKIPPED or action.do is not Action.SKIP:
        return None
    if action.reason == SKIPPED_BY_STAFF:
        return Explanation.of(Code.SKIPPED_BY_STAFF)
    return _by_reason(action.reason)


# --- orders that a worker has still to send


def _unsendable(case: _Case) -> Explanation | None:
    state = case.order.state
    if case.may_be_in_picqer or state not in _UNSENDABLE:
        return None
    return Explanation.of(_UNSENDABLE[state])


def _channel(case: _Case) -> Explanation | None:
    channel = case.situation.channel
    place = f"Channel: {channel.slug}."
    if not channel.is_set_up:
        return Explanation.of(Code.NOT_SET_UP, place)
    if not channel.active:
        return Explanation.of(Code.SWITCHED_OFF, place)
    if channel.is_copy:
        return Explanation.of(Code.COPIED_DATABASE, place)
    return Explanation.of(Code.INVALID_SETTINGS, channel.problem) if channel.problem else None


def _method(case: _Case) -> Explanation | None:
    delivery, policy = case.order.delivery, case.situation.channel.orders.shipping
    if case.is_recorded:
        is_handled = case.next != NextAction(Action.WAIT, Reason.METHOD_CHANGED)
    else:
        is_handled = policy.handles(delivery)
    if is_handled:
        return None
    if not delivery.method_name.strip():
        return replace(
            Explanation.of(Code.METHOD_NOT_HANDLED),
            title="The order has no shipping method.",
            advice="Push the order if it has to be shipped.",
        )
    return replace(
        Explanation.of(Code.METHOD_NOT_HANDLED),
        title=f'Picqer does not handle the shipping method "{delivery.method_name}".',
        advice=f"{_handle_method(delivery, policy)} Later orders are then sent. To send this one,"
        " push it.",
    )


def _handle_method(delivery: Delivery, policy: ShippingPolicy) -> str:
    if policy.kind == MARKED:
        kind = "warehouse" if delivery.is_collection else "shipping method"
        return (
            f'Tick the {kind} on the page Picqer, at "Choose shipping methods", or set {MARK_KEY}'
            ' to "true" in its private metadata.'
        )
    if policy.kind == ALL:
        return (
            'The value "all" of the setting "Shipping methods handled by Picqer" does not include'
            " orders that customers collect: write the names of the methods and collection points."
        )
    return 'Add the name to the setting "Shipping methods handled by Picqer".'


def _next(case: _Case) -> Explanation:
    action = case.next
    if action.do in (Action.WAIT, Action.SKIP):
        return _by_reason(action.reason)
    return _obstacle(case)


def _obstacle(case: _Case) -> Explanation:
    """Return what keeps a worker from the order, which is due otherwise."""
    now, entry = case.situation.now, case.entry
    leased_until, open_until = case.situation.leased_until, case.situation.channel.open_until
    if entry.leased and entry.lease:
        return Explanation.of(Code.BUSY, until=leased_until)
    # A lease without a worker: Picqer may still carry out a request for the order.
    times = filter(None, (leased_until if entry.leased else None, case.situation.not_before))
    again = max(times, default=now)
    if open_until and open_until > max(again, now):
        return Explanation.of(Code.PICQER_SILENT, until=open_until)
    if again > now:
        return Explanation.of(Code.POSTPONED, entry.last_error, until=again)
    return Explanation.of(Code.DUE, entry.last_error, *_sweeper(case))


def _sweeper(case: _Case) -> tuple[str, ...]:
    swept, now = case.situation.channel.swept_until, case.situation.now
    recorded = "" if case.is_recorded else "The sweeper has still to record the order."
    if swept is None or now - swept < SWEEP_OVERDUE:
        return (recorded,)
    return recorded, f"The sweeper last ran at {describe_time(swept)}."


# --- words


def _by_reason(reason: str) -> Explanation:
    code = _CODES.get(reason)
    if code is None:
        explained = Explanation.of(Code.SKIPPED)
        return replace(explained, title=reason or explained.title)
    return Explanation.of(code)


def _place(entry: Entry) -> tuple[str, ...]:
    """Return the order's number, status and page in Picqer, as far as they are known."""
    return (
        entry.remote_number and f"Number in Picqer: {entry.remote_number}.",
        entry.remote_status and f"Status in Picqer: {entry.remote_status}.",
        entry.status_page and f"Status page: {entry.status_page}",
    )


def _sentences(step: Explanation) -> tuple[str, ...]:
    return step.title, *step.details


_PLACES: Final[Mapping[Stage, Code]] = {
    Stage.CREATED: Code.CONCEPT,
    Stage.ALLOCATED: Code.CONCEPT,
    Stage.PROCESSED: Code.PROCESSED,
    Stage.REOPENED: Code.CONCEPT,
    Stage.COMPLETED: Code.COMPLETED,
    Stage.CANCELLED: Code.CANCELLED_IN_PICQER,
}
_UNSENDABLE: Final[Mapping[OrderState, Code]] = {
    OrderState.DRAFT: Code.DRAFT,
    OrderState.CANCELLED: Code.CANCELLED,
}
_CODES: Final[Mapping[str, Code]] = {
    Reason.DRAFT: Code.DRAFT,
    Reason.UNCONFIRMED: Code.WAITS_FOR_CONFIRMATION,
    Reason.UNPAID: Code.WAITS_FOR_PAYMENT,
    Reason.NO_GOODS: Code.NOTHING_TO_SHIP,
    Reason.FULFILLED: Code.FULFILLED,
    Reason.CANCELLED_BEFORE: Code.CANCELLED,
    Reason.PLACED_TOO_EARLY: Code.PLACED_TOO_EARLY,
    Reason.METHOD_CHANGED: Code.METHOD_NOT_HANDLED,
}
_CHECKS: Final[tuple[Callable[[_Case], Explanation | None], ...]] = (
    _failed,
    _in_picqer,
    _skipped,
    _perhaps_elsewhere,
    _unsendable,
    _channel,
    _method,
    _next,
)
