"""Bringing an order in Picqer in step with the shop's: exactly once, resumable at any point."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from typing import Final

from saleor_picqer.domain.fulfilments import RemoteStatus
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, Stage
from saleor_picqer.domain.steps import Do, Step, next_step
from saleor_picqer.errors import (
    AccessDeniedError,
    IntegrationError,
    Remedy,
    TransientError,
    TryLaterError,
    WrongStatusError,
)
from saleor_picqer.sync import cancelling, changes, fulfilments, sending, stock
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.work import Work

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """How an attempt at an order ended."""

    NOT_DUE = "not due"
    DONE = "done"
    STOPPED = "stopped"
    SILENCE = "silence"
    """Picqer gave no answer, or none that makes sense."""


def push(context: Context, order_pk: str) -> Outcome:
    """Takes the order as far as it can go now; whatever stops it is kept in the outbox."""
    entry = context.outbox.claim(order_pk)
    if entry is None:
        return Outcome.NOT_DUE
    return _attempt(Work(context, entry))


def _attempt(work: Work) -> Outcome:
    try:
        _bring_in_step(work)
    except IntegrationError as error:
        _remember(work, error)
        return Outcome.SILENCE if isinstance(error, TransientError) else Outcome.STOPPED
    except Exception:
        order_pk = work.entry.order_pk
        logger.exception("Pushing order %s failed", order_pk, extra={"order": order_pk})
        work.context.outbox.postpone(work.entry, "an unexpected error: see the worker's log")
        return Outcome.STOPPED
    return Outcome.DONE


def _remember(work: Work, error: IntegrationError) -> None:
    """Nothing where another worker has the order by now: it knows better."""
    order_pk = work.entry.order_pk
    logger.warning("Order %s not in step: %s", order_pk, error, extra={"order": order_pk})
    with suppress(TryLaterError):
        work.save()
        _keep(work, error, error.explain())


def _keep(work: Work, error: IntegrationError, reason: str) -> None:
    entry, outbox = work.entry, work.context.outbox
    if error.remedy is not Remedy.GIVE_UP:
        work.publish()
        slowly = error.remedy is Remedy.FIX_SETTINGS
        if outbox.postpone(entry, reason, slowly=slowly, unsure=error.maybe_executed):
            _show_failure(work, reason)
    elif entry.stage in OPEN_STAGES:
        _show_failure(work, reason, told=reason == entry.last_error)
        outbox.fail(entry, reason)
    else:
        work.flag(reason)
        work.publish()
        outbox.release(work.entry)


def _show_failure(work: Work, reason: str, *, told: bool = False) -> None:
    work.entry = replace(work.entry, stage=Stage.FAILED, attention=reason)
    work.publish()
    if not told:
        work.note(f"this order could not be sent. {reason}")


def _bring_in_step(work: Work) -> None:
    """The order shows where it is before it is given back: should this worker be killed, the next
    one shows it.
    """
    order = work.context.shop.order(work.entry.order_pk)
    if order is None:  # nor is there anything to show this on
        work.context.outbox.fail(work.entry, "the order no longer exists in Saleor")
        return
    if work.entry.requested and work.entry.remote_id is not None:
        _look_again(work)
        order = work.order()
    if work.is_elsewhere:
        _leave(work, order)
        return
    if work.entry.stage is Stage.FAILED:
        resumed = Stage.CREATING if work.entry.remote_id is None else Stage.CREATED
        work.save(stage=resumed, attention="")
    step = _take_steps(work, order)
    if step.do is Do.SKIP and work.entry.stage is not Stage.SKIPPED:
        work.save(stage=Stage.SKIPPED, attention="")
    if work.entry.stage is Stage.CANCELLED and order.state is OrderState.CANCELLED:
        work.clear_flag()
    work.publish()
    work.context.outbox.release(work.entry, waiting_for=step.reason)


def _look_again(work: Work) -> None:
    """Staff want an order that was sent to be sent again: it is, unless it is still there.

    What was shipped before it was cancelled there is not sent twice.
    """
    remote = None if work.is_elsewhere else work.read()
    if remote is not None:
        fulfilments.take_over_picklists(work, remote)
    if remote is None or remote.status is RemoteStatus.CANCELLED:
        work.save(stage=Stage.CREATING, remote_id=None)
    else:
        work.save(requested=False)
        fulfilments.take_over(work, remote)


def _take_steps(work: Work, order: Order) -> Step:
    """All of them once more where somebody has been at the order in Picqer meanwhile."""
    try:
        return _take_steps_once(work, order)
    except WrongStatusError:
        if not _was_overtaken(work):
            raise
        return _take_steps_once(work, order)


def _take_steps_once(work: Work, order: Order) -> Step:
    """Asks what is next after each step; a step that answers False is the last one for now."""
    changes.send(work, order)
    step = _next(work, order)
    while (act := _STEPS.get(step.do)) and act(work, order):
        step = _next(work, order)
    return step


def _was_overtaken(work: Work) -> bool:
    stage = work.entry.stage
    if stage in (Stage.CREATED, Stage.ALLOCATED):
        fulfilments.take_over(work, work.context.picqer.order(work.remote_id))
    return work.entry.stage is not stage


def _leave(work: Work, order: Order) -> None:
    """In another account its id is that of somebody else's order."""
    entry = work.entry
    if _next(work, order).do in _STEPS:
        work.flag(
            f"it is order {entry.remote_number} of the account {entry.account}, which this channel"
            " has left: do there what is left to do, or push it again to send it to the new one"
        )
    work.publish()
    work.context.outbox.release(work.entry, waiting_for="it is in another Picqer account")


def _next(work: Work, order: Order) -> Step:
    return next_step(order, work.entry, work.context.settings.orders, work.context.since)


# --- steps


def _allocate(work: Work, order: Order) -> bool:
    """A key that may not allocate leaves the stock unreserved there; Saleor keeps it reserved."""
    tried = work.entry.attempts > 0
    try:
        work.context.picqer.allocate_order(work.remote_id)
    except AccessDeniedError as error:
        work.flag(f"stock cannot be reserved there until the order is paid: {error.explain()}")
        return False
    work.save(stage=Stage.ALLOCATED)
    work.note("its stock is reserved until the order is paid.")
    if tried:
        stock.recount(work.context, order)
    return True


def _process(work: Work, order: Order) -> bool:
    tried = work.entry.attempts > 0 and work.entry.stage is Stage.CREATED
    work.context.picqer.process_order(work.remote_id)
    work.save(stage=Stage.PROCESSED)
    with suppress(TryLaterError):  # somebody has seen what came after it
        work.saw(RemoteStatus.PROCESSING, work.entry.link)
    work.note(f"order {work.entry.remote_number} is ready to be picked.")
    if tried:
        stock.recount(work.context, order)
    return True


def _follow(work: Work, order: Order) -> bool:
    fulfilments.take_over(work, work.context.picqer.order(work.remote_id))
    changes.send(work, order)
    return work.entry.stage in OPEN_STAGES


def _hold(work: Work, _order: Order) -> bool:
    work.flag(
        f"nothing of this order is left to ship here, and it is order {work.entry.remote_number}"
        " there: cancel that, unless it is to be shipped"
    )
    return False


_STEPS: Final[Mapping[Do, Callable[[Work, Order], bool]]] = {
    Do.FIND: sending.find,
    Do.CREATE: sending.create,
    Do.ALLOCATE: _allocate,
    Do.PROCESS: _process,
    Do.FOLLOW: _follow,
    Do.HOLD: _hold,
    Do.CANCEL: cancelling.cancel,
}
