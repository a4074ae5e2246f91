"""Bring Picqer in step with an order of Saleor: exactly once, and resumable at any point."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from typing import Final

from saleor_picqer.domain.order_state_machine import (
    Action,
    NextAction,
    next_action,
    resumed_stage,
)
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, SHOWN_AFTER, Stage
from saleor_picqer.domain.payments import is_not_captured
from saleor_picqer.domain.remote_orders import UNPROCESSED, RemoteStatus
from saleor_picqer.errors import (
    IntegrationError,
    InvalidRequestError,
    RateLimitedError,
    Remedy,
    TransientError,
    TryLaterError,
    WrongStatusError,
)
from saleor_picqer.sync.orders import (
    cancel,
    create,
    follow,
    fulfil,
    lookup,
    other_account,
    process,
    reserve,
    shipments,
    taken_back,
    texts,
    update,
)
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """Result of a push."""

    NOT_DUE = "not due"
    DONE = "done"
    STOPPED = "stopped"
    # Nothing came from Picqer itself: the circuit breaker counts these.
    UNREACHABLE = "unreachable"


# Actions without a function leave the order as it is.
ACTIONS: Final[Mapping[Action, Callable[[ClaimedOrder, Order], bool]]] = {
    Action.LOOK_UP: lookup.look_up,
    Action.CREATE: create.create,
    Action.ALLOCATE: process.allocate,
    Action.PROCESS: process.process,
    Action.FOLLOW: follow.follow,
    Action.HOLD: process.hold,
    Action.CANCEL: cancel.cancel,
}


def push(context: Context, order_pk: str) -> Outcome:
    """Take the order as far as possible now. Errors are recorded in the outbox, not raised."""
    entry = context.outbox.claim(order_pk)
    if entry is None:
        return Outcome.NOT_DUE
    claimed = ClaimedOrder(context, entry)
    try:
        _bring_in_step(claimed)
    except IntegrationError as error:
        return _record_failure(claimed, error)
    except Exception:
        logger.exception("Pushing order %s failed", order_pk, extra={"order": order_pk})
        context.outbox.postpone(claimed.entry, texts.UNEXPECTED_ERROR)
        return Outcome.STOPPED
    return Outcome.DONE


def _bring_in_step(claimed: ClaimedOrder) -> None:
    outbox = claimed.context.outbox
    order = claimed.find_order()
    if order is None:
        # Saleor has no order on which a flag could be shown.
        outbox.fail(claimed.entry, texts.GONE_FROM_SALEOR)
        return
    claimed.see(order)
    # What was changed without a hook, or while the hook failed, is counted now.
    reserve.recount(claimed)
    if claimed.entry.requested and claimed.entry.remote_id is not None:
        _check_received_order(claimed)
        order = claimed.load_order()
    if other_account.waits(claimed, order, is_due=_next_action(claimed, order).do in ACTIONS):
        return
    taken_back.flag(claimed, order)
    if claimed.entry.stage is Stage.FAILED:
        claimed.save(stage=resumed_stage(claimed.entry), attention="")
    final = _run_actions(claimed, order)
    if final.do is Action.SKIP and claimed.entry.stage is not Stage.SKIPPED:
        claimed.save(stage=Stage.SKIPPED, attention="")
    _clear_outdated_flag(claimed, order, final)
    # Before the release: if this worker is killed first, the next worker publishes.
    claimed.publish()
    outbox.release(claimed.entry, waiting_for=final.reason)


def _clear_outdated_flag(claimed: ClaimedOrder, order: Order, final: NextAction) -> None:
    """Remove the flag of what is over, and of an order that both systems cancelled."""
    entry = claimed.entry
    both_cancelled = entry.stage is Stage.CANCELLED and order.state is OrderState.CANCELLED
    was_held = texts.is_hold(entry.attention) and final.do is not Action.HOLD
    is_paid = texts.is_unpaid(entry.attention) and not fulfil.is_unpaid(claimed, order)
    is_paid |= is_not_captured(entry.attention) and order.paid
    if both_cancelled or was_held or is_paid or texts.is_failure(entry.attention):
        claimed.clear_flag()


def _check_received_order(claimed: ClaimedOrder) -> None:
    """Prepare a renewed push by staff.

    Created anew is an order missing in Picqer, and what is open again of a shipped order.
    """
    remote = None if claimed.is_in_other_account else claimed.read()
    if remote is not None:
        # What was shipped before the order was cancelled in Picqer must not be sent twice.
        fulfil.fulfil_picklists(claimed, remote)
        shipments.refresh_order(claimed.context, claimed.entry.order_pk)
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        reserve.released(claimed)
        claimed.save(stage=Stage.CREATING, remote_id=None, former_ids=claimed.former_ids)
    elif claimed.entry.stage is Stage.COMPLETED and remote.status is RemoteStatus.COMPLETED:
        _send_open_goods(claimed)
    else:
        is_reopened = claimed.entry.stage is Stage.REOPENED and remote.status in UNPROCESSED
        resumed = {"stage": Stage.CREATED, "attention": ""} if is_reopened else {}
        sent = update.without_refusals(claimed.entry.sent_digests)
        claimed.save(requested=False, sent_digests=sent, **_seen(claimed) | resumed)
        follow.apply_remote_state(claimed, remote)


def _send_open_goods(claimed: ClaimedOrder) -> None:
    """Have what is open again of a shipped order created as a new order in Picqer."""
    if not claimed.load_order().shippable_lines:
        claimed.save(requested=False, **_seen(claimed))
        return
    # With its old reference, the look-up would have to tell the new order from the shipped one.
    claimed.save(
        stage=Stage.CREATING,
        remote_id=None,
        former_ids=claimed.former_ids,
        reference="",
        sent_digests={},
        attention="",
    )


def _seen(claimed: ClaimedOrder) -> dict[str, str]:
    """Return the change by which a push ends the flag of goods that came back."""
    return {"attention": ""} if taken_back.is_return(claimed.entry.attention) else {}


def _run_actions(claimed: ClaimedOrder, order: Order) -> NextAction:
    """Carry out actions in turn, and return the action at which the order stops for now.

    Starts once more when Picqer's staff have changed the order meanwhile.
    """
    for is_repeat in (False, True):
        try:
            update.send_changes(claimed, order)
            action = _next_action(claimed, order)
            while (act := ACTIONS.get(action.do)) and act(claimed, order):
                action = _next_action(claimed, order)
        except (WrongStatusError, InvalidRequestError):
            # Picqer has changed its code for lines that are locked, from 5 to 33.
            if is_repeat or not _was_changed_in_picqer(claimed):
                raise
        else:
            break
    return action


def _was_changed_in_picqer(claimed: ClaimedOrder) -> bool:
    stage = claimed.entry.stage
    if stage in (Stage.CREATED, Stage.ALLOCATED):
        follow.apply_remote_state(claimed, claimed.fetch())
    return claimed.entry.stage is not stage


def _next_action(claimed: ClaimedOrder, order: Order) -> NextAction:
    return next_action(order, claimed.entry, claimed.context.settings.orders, claimed.context.since)


# --- errors become outcomes


def _record_failure(claimed: ClaimedOrder, error: IntegrationError) -> Outcome:
    """Postpone or give up the order, according to the error's remedy."""
    order_pk = claimed.entry.order_pk
    logger.warning("Order %s not in step: %s", order_pk, error, extra={"order": order_pk})
    # A worker that has taken the order over meanwhile knows better.
    with suppress(TryLaterError):
        claimed.save()
        if error.remedy is Remedy.GIVE_UP:
            _give_up(claimed, error.explain())
        else:
            _postpone(claimed, error)
    is_answer = not isinstance(error, TransientError) or error.answered
    return Outcome.STOPPED if is_answer else Outcome.UNREACHABLE


def _postpone(claimed: ClaimedOrder, error: IntegrationError) -> None:
    reason = error.explain()
    _show_trouble(claimed, error, reason)
    claimed.publish()
    was_last = claimed.context.outbox.postpone(
        claimed.entry,
        reason,
        slowly=error.remedy is Remedy.FIX_SETTINGS,
        unsure=error.maybe_executed,
        delay=_turn_of(error),
    )
    if was_last:
        _show_failure(claimed, reason)
        claimed.note(texts.given_up(reason))


def _show_trouble(claimed: ClaimedOrder, error: IntegrationError, reason: str) -> None:
    """Flag what staff have to mend at the first attempt, and other trouble after a while."""
    entry = claimed.entry
    if error.remedy is Remedy.FIX_SETTINGS or entry.attempts + 1 == SHOWN_AFTER:
        is_open = entry.stage in OPEN_STAGES
        claimed.flag(texts.not_sent(reason) if is_open else texts.not_updated(reason))


def _turn_of(error: IntegrationError) -> timedelta | None:
    """Return how long the order waits for its turn; None for other errors."""
    seconds = None
    if isinstance(error, RateLimitedError):
        seconds = error.retry_after
    elif isinstance(error, TryLaterError):
        seconds = error.delay
    return timedelta(seconds=seconds) if seconds else None


def _give_up(claimed: ClaimedOrder, reason: str) -> None:
    """Make the order a dead letter; flag an order already started in Picqer."""
    entry, outbox = claimed.entry, claimed.context.outbox
    if entry.stage not in OPEN_STAGES:
        claimed.flag(texts.not_updated(reason))
        claimed.publish()
        outbox.release(claimed.entry, error=reason)
        return
    _show_failure(claimed, reason)
    # Each reason is told once, however often the order is retried.
    if reason != entry.last_error:
        claimed.note(texts.not_sent(reason))
    outbox.fail(entry, reason)


def _show_failure(claimed: ClaimedOrder, reason: str) -> None:
    claimed.entry = replace(claimed.entry, stage=Stage.FAILED, attention=reason)
    claimed.publish()
