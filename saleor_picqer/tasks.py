"""Celery tasks: each takes ids and calls one use case. What went wrong is kept in our tables,
and the sweeper takes it up again; nothing depends on a message that could be lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from celery import shared_task
from django.db import transaction

from saleor_picqer import capture, wiring
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

SWEEP_EVERY: Final = 60
"""Seconds."""


def task[**P, R](function: Callable[P, R]) -> Any:
    """A Celery task named after its function, with the database allowed."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with host().access.allow_db():
            return function(*args, **kwargs)

    return shared_task(name=f"saleor_picqer.{function.__name__}")(run)


def enqueue(job: Any, *args: Any) -> None:
    """Sends a task after the commit. A broker that is down costs nothing but time: see `sweep`."""
    transaction.on_commit(lambda: _send(job, args))


def _send(job: Any, args: tuple[Any, ...]) -> None:
    if runs_inside_request(job):
        logger.info("No Celery broker is set: %s waits for `manage.py picqer sweep`", job.name)
        return
    try:
        _publish(job, args)
    except Exception:  # whatever the broker's client raises
        logger.exception("Could not enqueue %s; the sweeper will", job.name)


def _publish(job: Any, args: tuple[Any, ...]) -> None:
    """Left to itself, Celery looks for a broker that is down for seconds while a customer waits."""
    with job.app.pool.acquire(block=True) as connection:
        connection.ensure_connection(max_retries=0)
        job.apply_async(args, retry=False, connection=connection)


def runs_inside_request(job: Any) -> bool:
    """Without a broker Celery would talk to Picqer in the middle of a checkout."""
    return bool(job.app.conf.task_always_eager)


@task
def push_order(order_pk: str) -> None:
    """Pushes one order of the outbox as far as it can go now.

    It stays due while its channel is switched off, and while Picqer cannot be reached.
    """
    channel = wiring.outbox.channel_of(order_pk)
    if channel not in wiring.active_channels() or wiring.circuit_breaker.is_open(channel):
        return
    try:
        context = wiring.context_for_channel(channel)
    except IntegrationError as error:
        logger.warning("Order %s waits: %s", order_pk, error, extra={"order": order_pk})
        return
    outcome = push.push(context, order_pk)
    if outcome is push.Outcome.UNREACHABLE:
        wiring.circuit_breaker.record_failure(channel, order_pk)
    elif context.picqer.answered and wiring.circuit_breaker.record_success(channel):
        _push_due(channel)


def _push_due(channel: str) -> None:
    """As many as may be tried; whoever works without Celery goes through them itself."""
    room = wiring.circuit_breaker.allowance(channel, BATCH_SIZE)
    if room and not runs_inside_request(push_order):
        for order_pk in wiring.outbox.due([channel], room):
            push_order.apply_async((order_pk,))


@task
def handle_event(pk: int) -> None:
    """Acts on one delivery of the inbox."""
    event = wiring.inbox.claim(pk)
    if event is None:
        return
    try:
        received = WebhookEvent.parse(event.body.encode())
        priority = Priority.STOCK if received.event.startswith("products.") else Priority.ORDERS
        context = wiring.context_for_channel(event.channel, priority)
        told = read_event(received.event, received.data)
        acted = inbound.handle(context, told, attempts=event.attempts)
    except IntegrationError as error:
        _remember(event, error)
    except Exception as error:  # a poison message must not kill the worker
        logger.exception("Handling event %s failed", pk, extra={"event": event.event})
        wiring.inbox.postpone(event, f"an unexpected error: {type(error).__name__}")
    else:
        wiring.inbox.close(event, acted=acted)


def _remember(event: Delivery, error: IntegrationError) -> None:
    if isinstance(error, TryLaterError) and error.delay:
        wiring.inbox.postpone(event, str(error), timedelta(seconds=error.delay))
        handle_event.apply_async((event.pk,), countdown=error.delay)
        return
    logger.warning("Event %s (%s) not handled: %s", event.pk, event.event, error)
    if error.remedy is Remedy.GIVE_UP:
        wiring.inbox.fail(event, error.explain())
    else:
        wiring.inbox.postpone(event, error.explain())


@task
def full_sync(run_pk: int) -> None:
    """Runs a queued full sync."""
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
        logger.exception("Full sync %s failed", run_pk)
        problem = "an unexpected error: see the worker's log"
    runs.finish(run, problem)


@task
def sync_hooks(channel: str) -> None:
    """Registers the channel's webhooks in Picqer, or removes them where the plugin is off.

    They stay due until that has worked.
    """
    try:
        context = wiring.context_for_channel(channel)
        if channel in wiring.active_channels():
            hooks.register(context)
        else:
            hooks.remove(context)
    except IntegrationError as error:
        logger.warning("Webhooks of channel %s are not in order: %s", channel, error)
    else:
        wiring.hook_registrations.mark_registered(channel)


@task
def sweep() -> None:
    """Takes up whatever is due, message or no message."""
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
    """Records orders whose hook never ran. One channel's trouble does not stop the others."""
    try:
        found = capture.capture_missed(wiring.load_settings(channel))
    except IntegrationError as error:
        logger.warning("Channel %s cannot be swept: %s", channel, error)
    except Exception:
        logger.exception("Sweeping channel %s failed", channel)
    else:
        if found:
            logger.info("Found %s orders of channel %s without a hook", len(found), channel)
