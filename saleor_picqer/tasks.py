"""Celery tasks: each takes ids, calls one use case and keeps the outcome in the plugin's tables.

No work depends on a message: `sweep` finds in the tables whatever is due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from celery import shared_task
from django.db import transaction

from saleor_picqer import capture, extensions, publishing, wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.mapping.events import read_event
from saleor_picqer.errors import IntegrationError, Remedy, TryLaterError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.client import Priority
from saleor_picqer.picqer.objects.hooks import WebhookEvent
from saleor_picqer.store import runs
from saleor_picqer.store.inbox import Delivery
from saleor_picqer.sync import hooks, inbound, products
from saleor_picqer.sync.orders import push

logger = logging.getLogger(__name__)

# Seconds between two runs of the sweeper.
SWEEP_EVERY: Final = 60


def task[**P, R](function: Callable[P, R]) -> Any:
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


def _push_due(channel: str) -> None:
    """Enqueue the channel's due orders, as many as the circuit breaker allows."""
    allowance = wiring.circuit_breaker.allowance(channel, BATCH_SIZE)
    # Without Celery, `manage.py picqer sweep` goes through the due orders itself.
    if allowance and not runs_inside_request(push_order):
        for order_pk in wiring.outbox.due([channel], allowance):
            push_order.apply_async((order_pk,))


@task
def handle_event(pk: int) -> None:
    """Act on one webhook delivery of the inbox."""
    event = wiring.inbox.claim(pk)
    if event is None:
        return
    try:
        received = WebhookEvent.parse(event.body.encode())
        priority = Priority.STOCK if received.event.startswith("products.") else Priority.ORDERS
        context = wiring.context_for_channel(event.channel, priority)
        content = read_event(received.event, received.data)
        acted = inbound.handle(context, content, attempts=event.attempts)
    except IntegrationError as error:
        _record_failure(event, error)
    except Exception as error:  # a poison message must not kill the worker
        logger.exception("Event %s failed.", pk, extra={"event": event.event})
        wiring.inbox.postpone(event, f"Unexpected error: {type(error).__name__}.")
    else:
        wiring.inbox.close(event, acted=acted)


def _record_failure(event: Delivery, error: IntegrationError) -> None:
    """Postpone a delivery or give it up, whichever the error's class asks for."""
    if isinstance(error, TryLaterError) and error.delay:
        wiring.inbox.postpone(event, str(error), timedelta(seconds=error.delay))
        handle_event.apply_async((event.pk,), countdown=error.delay)
        return
    logger.warning("Event %s (%s) was not handled. %s", event.pk, event.event, error)
    match error.remedy:
        case Remedy.GIVE_UP:
            wiring.inbox.fail(event, error.explain())
        case Remedy.RETRY | Remedy.FIX_SETTINGS:  # corrected settings help the next attempt
            wiring.inbox.postpone(event, error.explain())


@task
def full_sync(run_pk: int) -> None:
    """Carry out a queued full sync."""
    run = runs.start(run_pk)
    if run is None:
        return
    problem = ""
    try:
        context = wiring.context_for_channel(run.channel, Priority.CATALOGUE)
        products.full_sync(context, runs.RecordedProgress(run))
    except IntegrationError as error:
        problem = error.explain()
    except Exception:
        logger.exception("Full sync %s failed.", run_pk)
        problem = "Unexpected error. See the worker's log."
    runs.finish(run, problem)


@task
def sync_hooks(channel: str) -> None:
    """Register the channel's webhooks in Picqer; remove them if the plugin is switched off."""
    try:
        context = wiring.context_for_channel(channel)
        if channel in wiring.active_channels():
            hooks.register(context)
        else:
            hooks.remove(context)
    except IntegrationError as error:
        # The channel stays stale, so that the sweeper tries again.
        logger.warning("The webhooks of channel %s could not be set up. %s", channel, error)
    else:
        wiring.hook_registrations.mark_registered(channel)


@task
def sweep() -> None:
    """Find missed orders and enqueue everything that is due."""
    for channel in wiring.active_channels():
        find_orders(channel)
        _push_due(channel)
    for pk in wiring.inbox.due(BATCH_SIZE):
        handle_event.apply_async((pk,))
    for pk in runs.queued():
        full_sync.apply_async((pk,))
    for channel in wiring.hook_registrations.stale_channels():
        sync_hooks.apply_async((channel,))


def find_orders(channel: str) -> None:
    """Record the channel's orders of which no hook told."""
    # Errors are logged, not raised: other channels must be swept all the same.
    try:
        found = capture.capture_missed(wiring.load_settings(channel))
    except IntegrationError as error:
        logger.warning("Channel %s could not be swept. %s", channel, error)
    except Exception:
        logger.exception("The sweep of channel %s failed.", channel)
    else:
        if found:
            logger.info("%s orders of channel %s were found without a hook.", len(found), channel)
