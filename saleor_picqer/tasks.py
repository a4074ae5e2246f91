"""Celery tasks: each takes ids, calls one use case and keeps the outcome in the plugin's tables.

No work depends on a message: `sweep` finds in the tables whatever is due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from functools import partial, wraps
from typing import Any, Final

from celery import Task, shared_task
from django.db import DatabaseError, close_old_connections, transaction

from saleor_picqer import (
    alarms,
    capturing,
    deliveries,
    extensions,
    hook_upkeep,
    product_runs,
    publishing,
    reconciling,
    stock_reading,
    sweeping,
    sync_runs,
    wiring,
)
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.runs import Kind
from saleor_picqer.errors import IntegrationError
from saleor_picqer.hosts import host
from saleor_picqer.store import reconcile as reconciles
from saleor_picqer.store import recounts, runs
from saleor_picqer.store.fulfilment_links import DueEmail, postpone_email
from saleor_picqer.sync.orders import push, shipments

logger = logging.getLogger(__name__)

# Seconds between two runs of the sweeper.
SWEEP_EVERY: Final = 60
# Customers' e-mails that one task sends; each costs a request.
EMAILS: Final = 50
# Time until another attempt at an e-mail that was not sent.
EMAIL_DELAY: Final = timedelta(minutes=5)
# Seconds that a task works on a run or reconcile before it leaves the rest to the next one.
RUN_SECONDS: Final = 20


def task[**P, R](function: Callable[P, R], base: type[Task[Any, Any]] = Task) -> Any:
    """Turn a function into a Celery task with access to the database."""

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


def enqueue_inbox(account: str) -> None:
    """Send the task that works off the inbox, for which the caller has noted a message."""

    def send() -> None:
        if not _send(work_off_inbox, (account,)):
            # The next delivery tries again.
            wiring.inbox.task(account).mark_lost()

    transaction.on_commit(send)


def _send(job: Any, args: tuple[Any, ...], countdown: float | None = None) -> bool:
    if runs_inside_request(job):
        logger.info("Without a Celery broker, %s waits for `manage.py picqer sweep`.", job.name)
        return False
    try:
        publishing.publish(job, *args, countdown=countdown)
    except TimeoutError as error:
        logger.warning("%s was not enqueued. %s The sweeper will find its work.", job.name, error)
    except Exception:  # each broker's client raises errors of its own
        logger.exception("%s could not be enqueued. The sweeper will find its work.", job.name)
    else:
        return True
    return False


def runs_inside_request(job: Any) -> bool:
    """Return whether Celery, for want of a broker, would run the task in the caller's process."""
    # A checkout must not wait for Picqer.
    return bool(job.app.conf.task_always_eager)


@task
def push_order(order_pk: str) -> None:
    """Push an order of the outbox as far as possible now."""
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
def work_off_inbox(account: str) -> None:
    """Act on the webhook deliveries of a Picqer account for a while, and enqueue the rest."""
    _, delay = deliveries.work_off(account)
    if delay is None:
        return
    if delay:
        # Without a note: a delivery that comes before has its own message.
        work_off_inbox.apply_async((account,), countdown=delay)
    elif wiring.inbox.task(account).may_enqueue():
        work_off_inbox.apply_async((account,))


@task
def notify_customers() -> None:
    """Let Saleor send the e-mails about shipments that were held back and are due."""
    for email in wiring.due_emails(EMAILS):
        notify_customer(email)


def notify_customer(email: DueEmail) -> None:
    """Let Saleor send a due e-mail about a shipment, or postpone the e-mail after an error."""
    channel, account, picklist_id = email
    try:
        shipments.confirm(wiring.context_for_channel(channel), account, picklist_id)
    except Exception:  # one e-mail must not keep back the others
        logger.exception("The e-mail about picklist %s was not sent.", picklist_id)
        # Otherwise the next task would only get the e-mails that failed.
        postpone_email(email, EMAIL_DELAY)


@task
def capture_payments() -> None:
    """Let Saleor capture the payments of shipped orders."""
    capturing.work_off()


@task
def carry_on_run(run_pk: int) -> None:
    """Work on a run for a while, and enqueue the rest."""
    delay = sync_runs.carry_on(run_pk, RUN_SECONDS)
    if delay is not None:
        carry_on_run.apply_async((run_pk,), countdown=delay or None)


@task
def read_stock(account: str) -> None:
    """Read the requested products of an account, gathered, and enqueue the rest."""
    if stock_reading.work_off(account):
        enqueue_reading(account)


def enqueue_reading(account: str, **_: Any) -> None:
    """Enqueue a reading of the account's requested products, once for all of a moment."""
    transaction.on_commit(partial(_enqueue_reading, account))


def _enqueue_reading(account: str) -> None:
    # Without Celery, `manage.py picqer sweep` reads the products.
    if not runs_inside_request(read_stock) and wiring.stock_reader(account).may_enqueue():
        read_stock.apply_async((account,), countdown=extensions.gather_seconds() or None)


def enqueue_counts() -> None:
    """Enqueue the counts of stock that a change of settings made necessary."""
    for account in recounts.due():
        if wiring.stock_counter(account).may_enqueue():
            enqueue(count_stock, account)


wiring.stock_requested.connect(enqueue_reading, dispatch_uid="picqer-read-stock")


@task
def count_stock(account: str) -> None:
    """Count the stock of an account anew after a change of settings, and enqueue the rest."""
    if stock_reading.count_anew(account):
        count_stock.apply_async((account,))


@task
def push_products(account: str) -> None:
    """Send a batch of changed products to a Picqer account, and enqueue the rest."""
    delay = product_runs.push(account)
    if delay is not None and product_runs.may_enqueue(account):
        push_products.apply_async((account,), countdown=delay or None)


def enqueue_products(accounts: Iterable[str]) -> None:
    """Have a worker send changed products in a moment: one message for many changes."""

    def send() -> None:
        for account in accounts:
            if product_runs.may_enqueue(account):
                _send(push_products, (account,), product_runs.GATHER)

    transaction.on_commit(send)


@task
def sync_hooks(pk: int) -> None:
    """Bring a channel's webhooks in one Picqer account in step with the settings."""
    hook_upkeep.bring_in_step(pk, _back_fill)


@task
def check_hooks(account: str) -> None:
    """Compare the webhooks of an account with Picqer's list, and repair what differs."""
    for pk in hook_upkeep.check(account):
        sync_hooks.apply_async((pk,))


def _back_fill(channel: str, *, moved: bool) -> None:
    """Read again what webhooks did not tell of."""
    if moved:
        # Without the new account's stock, the channel has nothing to sell.
        carry_on_run.apply_async((runs.require_full(channel).pk,))
        return
    pull, _ = runs.queue(channel, Kind.STOCK)
    carry_on_run.apply_async((pull.pk,))
    compare, _ = reconciles.queue(channel, reconciles.Cause.HOOKS, apply=True)
    reconcile.apply_async((compare.pk,))


@task
def reconcile(run_pk: int) -> None:
    """Work on a reconcile for a while, and enqueue the rest."""
    delay = reconciling.carry_on(run_pk, RUN_SECONDS)
    if delay is not None:
        reconcile.apply_async((run_pk,), countdown=delay or None)


@task
def send_alarm_mails() -> None:
    """Tell staff of alarms that were raised or are over."""
    alarms.send_mails()


def evaluate_alarms() -> None:
    """Raise and clear alarms, and enqueue mails about them."""
    # Whatever is wrong with an alarm, the sweep has done its work.
    try:
        alarms.evaluate(sweeping=True)
        if alarms.has_mail_to_send():
            send_alarm_mails.apply_async()
    except Exception:
        logger.exception("The alarms could not be evaluated.")


class SweepTask(Task):  # type: ignore[type-arg]  # Celery 5.5 has no arguments
    """A task that Celery's scheduler enqueues only after the last message was taken."""

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        """Enqueue the task, unless a message of the last five minutes still waits."""
        # Otherwise a night without workers leaves hundreds of messages in the queue.
        if _may_enqueue_sweep():
            return super().apply_async(*args, **kwargs)
        _tell_of_missing_worker()
        return None


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


def _tell_of_missing_worker() -> None:
    """Raise and mail the alarm about a sweep that no worker takes, in the scheduler's process."""
    try:
        with host().access.allow_db():
            if alarms.is_worker_missing():
                alarms.evaluate(sweeping=False)
                alarms.send_mails()
    except Exception:
        # A lost connection is replaced by the next question whether to enqueue the sweep.
        logger.exception("The alarm about missing workers could not be raised.")


@partial(task, base=SweepTask)
def sweep() -> None:
    """Find modified orders, then enqueue all due orders, deliveries, runs and webhooks."""
    with wiring.sweeper.run() as is_alone:
        if is_alone:
            sweeping.sweep(_Enqueuer())


class _Enqueuer:
    """Sends a message for what a sweep has found: implements `sweeping.Executor`."""

    def push_orders(self, channels: Collection[str]) -> None:
        for channel in channels:
            _push_due(channel)

    def work_off_inbox(self, accounts: Collection[str]) -> None:
        for account in wiring.inbox.to_enqueue(accounts):
            work_off_inbox.apply_async((account,))

    def follow_shipments(self) -> None:
        if wiring.due_emails(1):
            notify_customers.apply_async()
        if capturing.is_due():
            capture_payments.apply_async()

    def read_stock(self, accounts: Collection[str]) -> None:
        for account in accounts:
            enqueue_reading(account)

    def count_stock(self) -> None:
        enqueue_counts()

    def push_products(self, accounts: Collection[str]) -> None:
        for account in filter(product_runs.may_enqueue, accounts):
            push_products.apply_async((account,))

    def carry_on_runs(self) -> None:
        for pk in runs.to_enqueue():
            carry_on_run.apply_async((pk,))

    def sync_hooks(self) -> None:
        for pk in wiring.hook_registrations.due():
            sync_hooks.apply_async((pk,))
        for account in wiring.hook_registrations.accounts_to_check():
            check_hooks.apply_async((account,))

    def reconcile(self, channels: Sequence[str]) -> None:
        for pk in reconciles.to_enqueue(channels):
            reconcile.apply_async((pk,))

    def tell_alarms(self) -> None:
        evaluate_alarms()
