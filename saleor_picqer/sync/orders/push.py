"""Bringing an order in Picqer in step with the shop's: exactly once, resumable at any point."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from typing import Final

from saleor_picqer.domain.fulfilments import RemoteStatus
from saleor_picqer.domain.order_state_machine import Action, NextAction, next_action
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, Stage
from saleor_picqer.errors import (
    AccessDeniedError,
    IntegrationError,
    Remedy,
    TransientError,
    TryLaterError,
    WrongStatusError,
)
from saleor_picqer.sync import stock
from saleor_picqer.sync.orders import cancel, create, follow, update
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """How an attempt at an order ended."""

    NOT_DUE = "not due"
    DONE = "done"
    STOPPED = "stopped"
    UNREACHABLE = "silence"
    """Picqer gave no answer, or none that makes sense."""


def push(context: Context, order_pk: str) -> Outcome:
    """Takes the order as far as it can go now; whatever stops it is kept in the outbox."""
    entry = context.outbox.claim(order_pk)
    if entry is None:
        return Outcome.NOT_DUE
    return _attempt(ClaimedOrder(context, entry))


def _attempt(claimed: ClaimedOrder) -> Outcome:
    try:
        _bring_in_step(claimed)
    except IntegrationError as error:
        _remember(claimed, error)
        return Outcome.UNREACHABLE if isinstance(error, TransientError) else Outcome.STOPPED
    except Exception:
        order_pk = claimed.entry.order_pk
        logger.exception("Pushing order %s failed", order_pk, extra={"order": order_pk})
        claimed.context.outbox.postpone(claimed.entry, "an unexpected error: see the worker's log")
        return Outcome.STOPPED
    return Outcome.DONE


def _remember(claimed: ClaimedOrder, error: IntegrationError) -> None:
    """Nothing where another worker has the order by now: it knows better."""
    order_pk = claimed.entry.order_pk
    logger.warning("Order %s not in step: %s", order_pk, error, extra={"order": order_pk})
    with suppress(TryLaterError):
        claimed.save()
        _keep(claimed, error, error.explain())


def _keep(claimed: ClaimedOrder, error: IntegrationError, reason: str) -> None:
    entry, outbox = claimed.entry, claimed.context.outbox
    if error.remedy is not Remedy.GIVE_UP:
        claimed.publish()
        slowly = error.remedy is Remedy.FIX_SETTINGS
        if outbox.postpone(entry, reason, slowly=slowly, unsure=error.maybe_executed):
            _show_failure(claimed, reason)
    elif entry.stage in OPEN_STAGES:
        _show_failure(claimed, reason, told=reason == entry.last_error)
        outbox.fail(entry, reason)
    else:
        claimed.flag(reason)
        claimed.publish()
        outbox.release(claimed.entry)


def _show_failure(claimed: ClaimedOrder, reason: str, *, told: bool = False) -> None:
    claimed.entry = replace(claimed.entry, stage=Stage.FAILED, attention=reason)
    claimed.publish()
    if not told:
        claimed.note(f"this order could not be sent. {reason}")


def _bring_in_step(claimed: ClaimedOrder) -> None:
    """The order shows where it is before it is given back: should this worker be killed, the next
    one shows it.
    """
    order = claimed.context.shop.orders.get(claimed.entry.order_pk)
    if order is None:  # nor is there anything to show this on
        claimed.context.outbox.fail(claimed.entry, "the order no longer exists in Saleor")
        return
    if claimed.entry.requested and claimed.entry.remote_id is not None:
        _look_again(claimed)
        order = claimed.order()
    if claimed.is_elsewhere:
        _leave(claimed, order)
        return
    if claimed.entry.stage is Stage.FAILED:
        resumed = Stage.CREATING if claimed.entry.remote_id is None else Stage.CREATED
        claimed.save(stage=resumed, attention="")
    step = _take_steps(claimed, order)
    if step.do is Action.SKIP and claimed.entry.stage is not Stage.SKIPPED:
        claimed.save(stage=Stage.SKIPPED, attention="")
    if claimed.entry.stage is Stage.CANCELLED and order.state is OrderState.CANCELLED:
        claimed.clear_flag()
    claimed.publish()
    claimed.context.outbox.release(claimed.entry, waiting_for=step.reason)


def _look_again(claimed: ClaimedOrder) -> None:
    """Staff want an order that was sent to be sent again: it is, unless it is still there.

    What was shipped before it was cancelled there is not sent twice.
    """
    remote = None if claimed.is_elsewhere else claimed.read()
    if remote is not None:
        follow.apply_picklists(claimed, remote)
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        claimed.save(stage=Stage.CREATING, remote_id=None)
    else:
        claimed.save(requested=False)
        follow.apply_remote_state(claimed, remote)


def _take_steps(claimed: ClaimedOrder, order: Order) -> NextAction:
    """All of them once more where somebody has been at the order in Picqer meanwhile."""
    try:
        return _take_steps_once(claimed, order)
    except WrongStatusError:
        if not _was_overtaken(claimed):
            raise
        return _take_steps_once(claimed, order)


def _take_steps_once(claimed: ClaimedOrder, order: Order) -> NextAction:
    """Asks what is next after each step; a step that answers False is the last one for now."""
    update.send(claimed, order)
    step = _next(claimed, order)
    while (act := _STEPS.get(step.do)) and act(claimed, order):
        step = _next(claimed, order)
    return step


def _was_overtaken(claimed: ClaimedOrder) -> bool:
    stage = claimed.entry.stage
    if stage in (Stage.CREATED, Stage.ALLOCATED):
        follow.apply_remote_state(claimed, claimed.context.picqer.orders.get(claimed.remote_id))
    return claimed.entry.stage is not stage


def _leave(claimed: ClaimedOrder, order: Order) -> None:
    """In another account its id is that of somebody else's order."""
    entry = claimed.entry
    if _next(claimed, order).do in _STEPS:
        claimed.flag(
            f"it is order {entry.remote_number} of the account {entry.account}, which this channel"
            " has left: do there what is left to do, or push it again to send it to the new one"
        )
    claimed.publish()
    claimed.context.outbox.release(claimed.entry, waiting_for="it is in another Picqer account")


def _next(claimed: ClaimedOrder, order: Order) -> NextAction:
    return next_action(order, claimed.entry, claimed.context.settings.orders, claimed.context.since)


# --- steps


def _allocate(claimed: ClaimedOrder, order: Order) -> bool:
    """A key that may not allocate leaves the stock unreserved there; Saleor keeps it reserved."""
    tried = claimed.entry.attempts > 0
    try:
        claimed.context.picqer.orders.allocate(claimed.remote_id)
    except AccessDeniedError as error:
        claimed.flag(f"stock cannot be reserved there until the order is paid: {error.explain()}")
        return False
    claimed.save(stage=Stage.ALLOCATED)
    claimed.note("its stock is reserved until the order is paid.")
    if tried:
        stock.recount(claimed.context, order)
    return True


def _process(claimed: ClaimedOrder, order: Order) -> bool:
    tried = claimed.entry.attempts > 0 and claimed.entry.stage is Stage.CREATED
    claimed.context.picqer.orders.process(claimed.remote_id)
    claimed.save(stage=Stage.PROCESSED)
    with suppress(TryLaterError):  # somebody has seen what came after it
        claimed.record_remote_status(RemoteStatus.PROCESSING, claimed.entry.status_page)
    claimed.note(f"order {claimed.entry.remote_number} is ready to be picked.")
    if tried:
        stock.recount(claimed.context, order)
    return True


def _follow(claimed: ClaimedOrder, order: Order) -> bool:
    follow.apply_remote_state(claimed, claimed.context.picqer.orders.get(claimed.remote_id))
    update.send(claimed, order)
    return claimed.entry.stage in OPEN_STAGES


def _hold(claimed: ClaimedOrder, _order: Order) -> bool:
    claimed.flag(
        f"nothing of this order is left to ship here, and it is order {claimed.entry.remote_number}"
        " there: cancel that, unless it is to be shipped"
    )
    return False


_STEPS: Final[Mapping[Action, Callable[[ClaimedOrder, Order], bool]]] = {
    Action.LOOK_UP: create.find,
    Action.CREATE: create.create,
    Action.ALLOCATE: _allocate,
    Action.PROCESS: _process,
    Action.FOLLOW: _follow,
    Action.HOLD: _hold,
    Action.CANCEL: cancel.cancel,
}
