"""Celery tasks: each takes ids, calls one use case and keeps the outcome in the plugin's tables.

No work depends on a message: `sweep` finds in the tables whatever is due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any, Final

from celery import Task, shared_task
from django.db import DatabaseError, close_old_connections, transaction

from saleor_picqer import capture, extensions, hook_upkeep, publishing, sync_runs, wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.events import OrderEvent, RemoteEvent, StockEvent
from saleor_picqer.domain.mapping.events import read_event
from saleor_picqer.errors import IntegrationError, RateLimitedError, Remedy, TryLaterError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.client import Priority
from saleor_picqer.picqer.objects.hooks import WebhookEvent
from saleor_picqer.store import runs
from saleor_picqer.store.inbox import Delivery
from saleor_picqer.sync import inbound
from saleor_picqer.sync.orders import push

logger = logging.getLogger(__name__)

# Seconds between two runs of the sweeper.
SWEEP_EVERY: Final = 60
# Seconds that a task works on a full sync before it leaves the rest to the next one.
SYNC_SECONDS: Final = 20


def task[**P, R](function: Callable[P, R], base: type[Task[Any, Any]] = Task) -> Any:
    """Turn a function into a Celery task of its name that may use the database."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with host().access.allow_db():
            return function(*args, **kwargs)

    # As a property of the task, the queue also holds for beat and for tasks that enqueue tasks.
    return shared_task(
        name=f"saleor_picqer.{function.__name__}",
        queue=extensions.queue(),  # type: ignore[arg-type]  # None is the default queue
        ignore_result=True,
        base=base,
    )(run)


def enqueue(job: Any, *args: Any) -> None:
    """Send a task to Celery after the commit."""
    transaction.on_commit(lambda: _send(job, args))


def _send(job: Any, args: tuple[Any, ...]) -> None:
    if runs_inside_request(job):
        logger.info("Without a Celery broker, %s waits for `manage.py picqer sweep`.", job.name)
        return
    try:
        publishing.publish(job, *args)
    except TimeoutError as error:
        logger.warning("%s was not enqueued. %s The sweeper will find its work.", job.name, error)
    except Exception:  # each broker's client raises errors of its own
        logger.exception("%s could not be enqueued. The sweeper will find its work.", job.name)


def runs_inside_request(job: Any) -> bool:
    """Return whether Celery, for want of a broker, would run the task in the caller's process."""
    # A checkout must not wait for Picqer.
    return bool(job.app.conf.task_always_eager)


@task
def push_order(order_pk: str) -> None:
    """Push one order of the outbox as far as it can go now."""
    # The order stays due while the plugin is switched off or Picqer does not answer.
    channel = wiring.outbox.channel_of(order_pk)
    if channel not in wiring.active_channels() or wiring.circuit_breaker.is_open(channel):
        return
    try:
        context = wiring.context_for_channel(channel)
    except IntegrationError as error:
        logger.warning("Order %s waits. %s", order_pk, error, extra={"order": order_pk})
        return
    outcome = push.push(context, order_pk)
    if outcome is push.Outcome.UNREACHABLE:
        wiring.circuit_breaker.record_failure(channel, order_pk)
    elif context.picqer.answered and wiring.circuit_breaker.record_success(channel):
        _push_due(channel)
    if wiring.outbox.changed_meanwhile(order_pk):
        push_order.apply_async((order_pk,))


def _push_due(channel: str) -> None:
    """Enqueue the channel's due orders, as many as the circuit breaker allows.

    Orders whose earlier task has not started yet are left out.
    """
    allowance = wiring.circuit_breaker.allowance(channel, BATCH_SIZE)
    # Without Celery, `manage.py picqer sweep` goes through the due orders itself.
    if allowance and not runs_inside_request(push_order):
        # The order that failed last shows nothing about Picqer while another can be tried.
        last = wiring.circuit_breaker.last_failed(channel) if allowance == 1 else ""
        for order_pk in wiring.outbox.to_enqueue([channel], allowance, last=last):
            push_order.apply_async((order_pk,))


@task
def handle_event(pk: int) -> None:
    """Act on one webhook delivery of the inbox."""
    event = wiring.inbox.claim(pk)
    if event is None:
        return
    try:
        received = WebhookEvent.parse(bytes(event.body))
        content = read_event(received.event, received.data)
        if not _is_own_hook(event, received.idhook):
            wiring.inbox.close(event, acted=False)
            return
        channel = _acting_channel(event, content)
        if channel is None:
            wiring.inbox.put_back(event)
            return
        priority = Priority.STOCK if isinstance(content, StockEvent) else Priority.ORDERS
        context = wiring.context_for_channel(channel, priority)
        acted = inbound.handle(context, content, attempts=event.attempts)
    except IntegrationError as error:
        _record_failure(event, error)
    except Exception as error:  # a poison message must not kill the worker
        logger.exception("Event %s failed.", pk, extra={"event": event.event})
        wiring.inbox.postpone(event, f"Unexpected error: {type(error).__name__}.")
    else:
        wiring.inbox.close(event, acted=acted)


def _is_own_hook(event: Delivery, hook_id: int | None) -> bool:
    """Return whether the hook is one of ours; raises TryLaterError while hooks are registered."""
    is_ours = wiring.hook_registrations.is_ours(event.channel, event.account, hook_id)
    if is_ours is None:
        raise TryLaterError("The webhooks of this channel are being registered.", delay=30)
    return is_ours


def _acting_channel(event: Delivery, content: RemoteEvent | None) -> str | None:
    """Return the active channel of the sending account that acts on the event, if there is one.

    An account may serve several channels, and any of its hooks may bring an event.
    """
    channels = wiring.channels_by_account().get(event.account, [])
    if isinstance(content, OrderEvent):
        entry = wiring.outbox.find(event.account, content.order_id)
        if entry is not None:
            return entry.channel if entry.channel in channels else None
    return event.channel if event.channel in channels else next(iter(channels), None)


def _record_failure(event: Delivery, error: IntegrationError) -> None:
    """Postpone a delivery or give it up, whichever the error's class asks for."""
    if isinstance(error, TryLaterError) and error.delay:
        wiring.inbox.postpone(event, str(error), timedelta(seconds=error.delay))
        handle_event.apply_async((event.pk,), countdown=error.delay)
        return
    logger.warning("Event %s (%s) was not handled. %s", event.pk, event.event, error)
    if isinstance(error, RateLimitedError) and error.retry_after:
        wiring.inbox.wait(event, str(error), timedelta(seconds=error.retry_after))
        return
    match error.remedy:
        case Remedy.GIVE_UP:
            wiring.inbox.fail(event, error.explain())
        case Remedy.RETRY | Remedy.FIX_SETTINGS:  # corrected settings help the next attempt
            wiring.inbox.postpone(event, error.explain())


@task
def full_sync(run_pk: int) -> None:
    """Work on a full sync for a while, and enqueue the rest."""
    delay = sync_runs.carry_on(run_pk, SYNC_SECONDS)
    if delay is not None:
        full_sync.apply_async((run_pk,), countdown=delay or None)


@task
def sync_hooks(pk: int) -> None:
    """Bring a channel's webhooks in one Picqer account in step with the settings."""
    hook_upkeep.bring_in_step(pk, _back_fill)


@task
def check_hooks(account: str) -> None:
    """Compare the webhooks of an account with Picqer's list, and repair what differs."""
    for pk in hook_upkeep.check(account):
        sync_hooks.apply_async((pk,))


def _back_fill(channel: str) -> None:
    """Read again what webhooks did not tell of."""
    run, _ = runs.queue(channel)
    full_sync.apply_async((run.pk,))


class SweepTask(Task):  # type: ignore[type-arg]  # Celery 5.5 has no arguments
    """A task that Celery's scheduler enqueues only after the last message was taken."""

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        """Enqueue the task, unless a message of the last five minutes still waits."""
        # Otherwise a night without workers leaves hundreds of messages in the queue.
        return super().apply_async(*args, **kwargs) if _may_enqueue_sweep() else None


def _may_enqueue_sweep() -> bool:
    """Ask the database; without an answer the sweep is enqueued, as one too many does no harm."""
    try:
        with host().access.allow_db():
            return wiring.sweeper.may_enqueue()
    except DatabaseError:
        logger.exception("The database did not tell whether a sweep is enqueued.")
        # Celery's scheduler lives for months, and replaces no lost connection by itself.
        close_old_connections()
        return True


@partial(task, base=SweepTask)
def sweep() -> None:
    """Find modified orders, then enqueue all due orders, deliveries, full syncs and webhooks."""
    with wiring.sweeper.run() as is_alone:
        if is_alone:
            _sweep()


def _sweep() -> None:
    capture.follow_moved_orders()
    for channel in wiring.active_channels():
        find_orders(channel)
        _push_due(channel)
    for pk in wiring.inbox.to_enqueue(wiring.channels_by_account().keys(), BATCH_SIZE):
        handle_event.apply_async((pk,))
    for pk in runs.to_enqueue():
        full_sync.apply_async((pk,))
    hook_upkeep.follow_settings()
    for pk in wiring.hook_registrations.due():
        sync_hooks.apply_async((pk,))
    for account in wiring.hook_registrations.accounts_to_check():
        check_hooks.apply_async((account,))


def find_orders(channel: str) -> None:
    """Record the channel's orders that were modified since the last sweep."""
    # Errors are logged, not raised: other channels must be swept all the same.
    try:
        missed = capture.capture_modified(wiring.load_settings(channel))
    except IntegrationError as error:
        logger.warning("Channel %s could not be swept. %s", channel, error)
    except Exception:
        logger.exception("The sweep of channel %s failed.", channel)
    else:
        if missed:
            logger.info("%s orders of channel %s were found without a hook.", missed, channel)
