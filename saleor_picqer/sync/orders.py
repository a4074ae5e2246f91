"""Bringing an order in Picqer in step with the shop's: exactly once, resumable at any point."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Final

from saleor_picqer.domain.fulfilments import RemoteOrder, RemoteStatus
from saleor_picqer.domain.order_request import OrderRequest
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import OPEN_STAGES, Stage
from saleor_picqer.domain.steps import Do, Step, next_step
from saleor_picqer.errors import (
    AccessDeniedError,
    IntegrationError,
    Remedy,
    TransientError,
    UnknownCustomerError,
    UnknownProductError,
    WrongStatusError,
)
from saleor_picqer.sync import (
    adoption,
    cancelling,
    changes,
    customers,
    fulfilments,
    missing_products,
)
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
    work = Work(context, entry)
    outcome = _attempt(work)
    work.publish()
    return outcome


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
    entry, outbox, reason = work.entry, work.context.outbox, error.explain()
    extra = {"order": entry.order_pk}
    logger.warning("Order %s not in step: %s", entry.order_pk, error, extra=extra)
    if error.remedy is not Remedy.GIVE_UP:
        slowly = error.remedy is Remedy.FIX_SETTINGS
        failed = outbox.postpone(entry, reason, slowly=slowly)
    elif failed := entry.stage in OPEN_STAGES:
        outbox.fail(entry, reason)
    else:
        work.flag(reason)
        outbox.release(work.entry)
    if failed:
        work.entry = replace(entry, stage=Stage.FAILED, attention=reason)
        if reason != entry.last_error:
            work.note(f"this order could not be sent. {reason}")


def _bring_in_step(work: Work) -> None:
    """Asks what is next after each step; a step that answers False is the last one for now."""
    order = work.order()
    if work.entry.stage is Stage.FAILED:
        resumed = Stage.CREATING if work.entry.remote_id is None else Stage.CREATED
        work.save(stage=resumed, attention="")
    if work.entry.stage in _CHANGEABLE and order.state not in _OVER:
        changes.send(work, order)
    step = _next(work, order)
    while (act := _STEPS.get(step.do)) and act(work, order):
        step = _next(work, order)
    if step.do is Do.SKIP:
        work.save(stage=Stage.SKIPPED)
    work.context.outbox.release(work.entry, waiting_for=step.reason)


def _next(work: Work, order: Order) -> Step:
    return next_step(order, work.entry, work.context.settings.orders, work.context.since)


_CHANGEABLE: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.PROCESSED})
_OVER: Final = frozenset({OrderState.CANCELLED, OrderState.CLOSED})


# --- steps


def _create(work: Work, order: Order) -> bool:
    request = work.request(order)
    remote = adoption.find(work, order) or _post(work, order, request)
    begun = remote.status not in (RemoteStatus.CONCEPT, RemoteStatus.EXPECTED)
    work.save(
        stage=Stage.PROCESSED if begun else Stage.CREATED,
        account=work.context.account,
        reference=remote.reference,
        remote_id=remote.id,
        remote_number=remote.number,
        remote_status=remote.status.value,
        link=remote.link,
        sent=work.whole_request(order).digests(remote.addresses),
    )
    work.note(f"received as order {remote.number}.")
    if begun:
        fulfilments.take_over(work, remote)
    else:
        changes.send(work, order)  # what cannot be part of the first request
    return not begun


def _post(work: Work, order: Order, request: OrderRequest) -> RemoteOrder:
    customer = customers.find(work.context, order, request)
    try:
        return _post_with_products(work, order, request.for_customer(customer))
    except UnknownCustomerError:
        if customer is None:
            raise
        work.context.links.unlink_customer(order.customer)
    customer = customers.find(work.context, order, request)
    return _post_with_products(work, order, request.for_customer(customer))


def _post_with_products(work: Work, order: Order, request: OrderRequest) -> RemoteOrder:
    """An order that was refused is not there, and may be sent again."""
    try:
        return _send(work, request)
    except UnknownProductError as error:
        missing_products.create(work.context, order, error)
    try:
        return _send(work, request)
    except UnknownProductError:
        missing_products.create_unknown(work.context, order)
    return _send(work, request)


def _send(work: Work, request: OrderRequest) -> RemoteOrder:
    """The stage says that the order may have been sent before it is."""
    work.save(stage=Stage.CREATING, account=work.context.account, reference=request.reference)
    return work.context.picqer.create_order(request.body)


def _allocate(work: Work, _order: Order) -> bool:
    """A key that may not allocate leaves the stock unreserved there; Saleor keeps it reserved."""
    try:
        work.context.picqer.allocate_order(work.remote_id)
    except AccessDeniedError as error:
        work.flag(f"stock cannot be reserved there until the order is paid: {error.explain()}")
        return False
    work.save(stage=Stage.ALLOCATED)
    work.note("its stock is reserved until the order is paid.")
    return True


def _process(work: Work, _order: Order) -> bool:
    try:
        work.context.picqer.process_order(work.remote_id)
    except WrongStatusError:
        remote = work.context.picqer.order(work.remote_id)
        if remote.status in (RemoteStatus.CONCEPT, RemoteStatus.EXPECTED):
            raise
        fulfilments.take_over(work, remote)  # somebody has been at it in Picqer
        return False
    work.save(stage=Stage.PROCESSED, remote_status=RemoteStatus.PROCESSING.value)
    work.note(f"order {work.entry.remote_number} is ready to be picked.")
    return True


_STEPS: Final[Mapping[Do, Callable[[Work, Order], bool]]] = {
    Do.CREATE: _create,
    Do.ALLOCATE: _allocate,
    Do.PROCESS: _process,
    Do.CANCEL: cancelling.cancel,
}
