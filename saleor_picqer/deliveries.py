"""Working off the inbox of a Picqer account, in slices of a few seconds.

Bodies are read first. Then come orders, and then stock. All deliveries about the same order are
handled by reading the order once. Products whose stock has changed are noted, to be read gathered.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from time import monotonic
from typing import Final

from django.utils import timezone

from saleor_picqer import wiring
from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.events import OrderEvent, merge
from saleor_picqer.domain.mapping.events import read_event
from saleor_picqer.errors import (
    AccountError,
    DataError,
    IntegrationError,
    RateLimitedError,
    Remedy,
    TransientError,
    TryLaterError,
)
from saleor_picqer.picqer.objects.hooks import WebhookEvent
from saleor_picqer.store import inbox_former
from saleor_picqer.store.inbox import MAX_ATTEMPTS, Delivery, EventStatus, Topic
from saleor_picqer.sync import inbound
from saleor_picqer.sync.ports import Context

logger = logging.getLogger(__name__)

# Seconds that a task works on an inbox, and how many if an order waits to be pushed.
SLICE: Final = 15.0
SHORT_SLICE: Final = 3.0
# After so many unexpected errors a delivery is a dead letter: other attempts would end the same.
MAX_UNEXPECTED: Final = 5
# A delivery that is due later is left to the sweeper.
SOON: Final = 60.0
_BATCH: Final = 100
_REGISTERING: Final = timedelta(seconds=30)
_BRIEFLY: Final = timedelta(seconds=15)


def work_off(account: str, seconds: float | None = SLICE) -> tuple[int, float | None]:
    """Work off the deliveries of an account for a while, without `seconds` to the end.

    Returns the number of deliveries that were handled, and in how many seconds another task has to
    go on: None if nothing is left, or only what the sweeper finds in time.
    """
    accounts = wiring.account_by_channel()
    channels = [channel for channel, used in accounts.items() if used == account]
    if not channels:
        return inbox_former.set_former_aside(accounts), None
    turn = _Turn(account, channels, seconds)
    with wiring.inbox.turn(account) as is_alone:
        if not is_alone:
            return 0, None
        while turn.work() and not turn.time_is_up():
            pass
    # After the end of the turn: a delivery that was stored before has sent no message.
    delay = wiring.inbox.seconds_until_due(account) if turn.handled else None
    return turn.handled, delay if delay is not None and delay <= SOON else None


class _Turn:
    """A worker's turn at an inbox."""

    def __init__(self, account: str, channels: Sequence[str], seconds: float | None) -> None:
        self.handled = 0
        self._account = account
        self._channels = channels
        self._seconds = seconds
        self._began = monotonic()

    def time_is_up(self) -> bool:
        """Tell whether the rest is left to another task."""
        if self._seconds is None:
            return False
        spent = monotonic() - self._began
        # Behind the message of an order, so that the order's push comes first.
        gives_way = spent > SHORT_SLICE and wiring.outbox.awaits_worker(self._channels)
        return gives_way or spent > self._seconds

    def work(self) -> bool:
        """Handle what is due now, as far as the time goes; False if nothing was due."""
        before = self.handled
        while self._read_bodies() and not self.time_is_up():
            pass
        if not self._is_paused():
            self._handle_orders()
        # Orders that have come meanwhile go first.
        if not wiring.inbox.unread_exist(self._account):
            self._request_stock()
        return self.handled > before

    def _is_paused(self) -> bool:
        """Let orders wait while the circuit breaker of one of the channels is open."""
        until = wiring.circuit_breaker.open_until(self._channels)
        if until is not None:
            wiring.inbox.pause(self._account, Topic.ORDER, until)
        return until is not None

    def _read_bodies(self) -> bool:
        """Find out what some of the deliveries are about; False if all are read."""

        @cache
        def is_ours(channel: str, hook_id: int | None) -> bool | None:
            return wiring.hook_registrations.is_ours(channel, self._account, hook_id)

        read = []
        for delivery in wiring.inbox.unread(self._account, _BATCH):
            _read(delivery, is_ours)
            read.append(delivery)
        wiring.inbox.save_read(read)
        self.handled += len(read)
        return bool(read)

    def _request_stock(self) -> None:
        """Have the stock of products read again, in six statements and no request to Picqer."""
        if product_ids := wiring.inbox.subjects(self._account, Topic.STOCK, BATCH_SIZE):
            wiring.inbox.take(self._account, Topic.STOCK, product_ids)
            wiring.build_readings(self._account).request(product_ids)
            done = wiring.inbox.close_taken(self._account, Topic.STOCK, product_ids)
            self.handled += done

    def _handle_orders(self) -> None:
        for order_id in wiring.inbox.subjects(self._account, Topic.ORDER, _BATCH):
            if self.time_is_up() or not self._handle_order(order_id):
                return

    def _handle_order(self, order_id: int) -> bool:
        """Act on all deliveries about an order; False if the other orders have to wait."""
        claimed = wiring.inbox.claim(self._account, Topic.ORDER, order_id)
        if not claimed:
            return True
        self.handled += len(claimed)
        attempt = _Attempt(claimed)
        try:
            attempt.run(self._channels)
        except IntegrationError as error:
            return attempt.record_failure(error)
        except Exception as error:  # a poison message must not kill the worker
            logger.exception("Event %s failed.", claimed[-1].pk, extra={"event": claimed[-1].event})
            attempt.record_unexpected(error)
        return True


def _read(delivery: Delivery, is_ours: Callable[[str, int | None], bool | None]) -> None:
    """Set what the body is about; set a delivery aside that is about nothing of ours."""
    try:
        received = WebhookEvent.parse(bytes(delivery.body))
        delivery.event, delivery.triggered_at = received.event, received.triggered_at
        content = read_event(received.event, received.data)
    except Exception as error:  # one poison body must not keep the others from being read
        if not isinstance(error, DataError):
            logger.exception("Delivery %s could not be read.", delivery.pk)
        delivery.topic = Topic.OTHER
        delivery.status, delivery.last_error = EventStatus.FAILED, _reason(error)
        delivery.handled_at = timezone.now()
        return
    registered = is_ours(delivery.channel, received.idhook)
    if registered is None:
        # The webhooks of this channel are being registered.
        delivery.not_before = timezone.now() + _REGISTERING
    elif content is None or not registered:
        delivery.topic, delivery.status = Topic.OTHER, EventStatus.IGNORED
        delivery.handled_at = timezone.now()
    elif isinstance(content, OrderEvent):
        delivery.topic, delivery.object_id = Topic.ORDER, content.order_id
    else:
        delivery.topic, delivery.object_id = Topic.STOCK, content.product_id


def _event_of(claimed: Sequence[Delivery]) -> OrderEvent:
    """Return what deliveries about an order tell together."""
    told = []
    # The body of an order of a deleted customer is dropped at once.
    for delivery in (delivery for delivery in claimed if delivery.body):
        # A body that can no longer be read is a hint all the same: the order tells what matters.
        with suppress(DataError):
            received = WebhookEvent.parse(bytes(delivery.body))
            told.append(read_event(received.event, received.data))
    merged = merge(filter(None, told))
    return merged if isinstance(merged, OrderEvent) else OrderEvent(claimed[-1].object_id or 0)


def _reason(error: Exception) -> str:
    """Return what staff read about an error: an unexpected one may contain personal data."""
    expected = isinstance(error, DataError)
    return str(error) if expected else f"Unexpected error: {type(error).__name__}."


class _Attempt:
    """An attempt at all deliveries about the same order."""

    def __init__(self, claimed: Sequence[Delivery]) -> None:
        self._claimed = claimed
        self._latest = claimed[-1]
        self._attempts = 1 + max(delivery.attempts for delivery in claimed)
        # What the deliveries tell, once they are read.
        self._event = OrderEvent(self._latest.object_id or 0)
        self._channel: str | None = None
        self._context: Context | None = None

    def run(self, channels: Collection[str]) -> None:
        self._event = _event_of(self._claimed)
        self._channel = channel = _acting_channel(self._latest, self._event, channels)
        if channel is None:
            self._set_back()
            return
        self._context = context = wiring.context_for_channel(channel)
        acted = inbound.handle(context, self._event)
        wiring.inbox.close(self._claimed, acted=acted)
        if context.picqer.answered:
            wiring.circuit_breaker.record_success(channel)

    def _set_back(self) -> None:
        """Let deliveries wait for their channel; ignore deliveries from its former account."""
        account = self._latest.account
        entry = inbound.find_entry(wiring.outbox, account, self._event)
        if entry is None or wiring.account_of(entry.channel) in (None, account):
            wiring.inbox.put_back(self._claimed)
            return
        inbox_former.set_order_aside(self._claimed, entry.channel, account)

    def record_failure(self, error: IntegrationError) -> bool:
        """Postpone or give up, whichever the error's class asks for; False to stop the turn."""
        if isinstance(error, TryLaterError) and error.delay:
            self._postpone(str(error), timedelta(seconds=error.delay))
            return True
        latest = self._latest
        logger.warning("Event %s (%s) was not handled. %s", latest.pk, latest.event, error)
        if isinstance(error, RateLimitedError) and error.retry_after:
            delay = timedelta(seconds=error.retry_after)
            wiring.inbox.wait(self._claimed, str(error), delay)
            self._pause_others(delay)
            return False
        if error.remedy is Remedy.GIVE_UP:
            self._give_up(error.explain())
            return True
        self._postpone(error.explain())  # corrected settings help the next attempt
        if isinstance(error, TransientError) and not error.answered:
            key = f"picqer {latest.object_id}"
            wiring.circuit_breaker.record_failure(self._channel or "", key)
        elif not isinstance(error, AccountError):
            return True
        # The next request would end in the same way.
        self._pause_others(_BRIEFLY)
        return False

    def record_unexpected(self, error: Exception) -> None:
        reason = _reason(error)
        if self._attempts >= MAX_UNEXPECTED:
            self._give_up(reason)
        else:
            self._postpone(reason)

    def _postpone(self, reason: str, delay: timedelta | None = None) -> None:
        if self._attempts >= MAX_ATTEMPTS:
            self._give_up(reason)
        else:
            wiring.inbox.postpone(self._claimed, reason, delay)

    def _give_up(self, reason: str) -> None:
        wiring.inbox.fail(self._claimed, reason)
        if self._context is not None:
            inbound.report_failure(self._context, self._latest.object_id or 0, reason)

    def _pause_others(self, delay: timedelta) -> None:
        account, topic = self._latest.account, self._latest.topic
        wiring.inbox.pause(account, topic, timezone.now() + delay)


def _acting_channel(delivery: Delivery, event: OrderEvent, channels: Collection[str]) -> str | None:
    """Return the active channel of the sending account that acts on the event, if there is one.

    An account may serve several channels, and any of its hooks may bring an event: also about an
    order that another channel has sent and that was entered again in Picqer.
    """
    entry = inbound.find_entry(wiring.outbox, delivery.account, event)
    if entry is not None:
        return entry.channel if entry.channel in channels else None
    return delivery.channel if delivery.channel in channels else next(iter(channels), None)
