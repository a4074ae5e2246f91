"""Sending webhooks: one thread, in order, with Picqer's retries."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from dataclasses import replace

import requests

from picqer_simulator.core.account import Account
from picqer_simulator.core.events import Delivery
from picqer_simulator.http.faults import Faults
from picqer_simulator.rules import hooks

logger = logging.getLogger(__name__)

# Picqer treats any other status as a failure.
ACCEPTED = (200, 201, 202)
DELIVERIES_KEPT = 1000
# Seconds between two looks at the work that is due by the clock.
TICK = 0.25


class Dispatcher:
    """Send the webhooks of an account, from `start` to `stop`."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self._account = account
        self._faults = faults
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._unfinished = 0
        self._generation = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="picqer-webhooks", daemon=True)
        self.history: deque[Delivery] = deque(maxlen=DELIVERIES_KEPT)

    def start(self) -> None:
        """Start to accept and send webhooks."""
        self._account.on_delivery = self.put
        self._thread.start()

    def stop(self) -> None:
        """Stop after the webhook that is being sent."""
        self._account.on_delivery = None
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def put(self, delivery: Delivery) -> None:
        """Queue a webhook, changed by a fault if a fault applies."""
        fault = self._faults.for_delivery(delivery.event)
        kind = fault.fault if fault else None
        with self._changed:
            self.history.append(delivery)
            # The history also shows webhooks that a fault loses.
            if kind == "lose":
                delivery.status = "lost"
                return
            self._push(delivery, fault.seconds if fault and kind != "duplicate" else 0)
            if kind == "duplicate":
                again = replace(delivery)
                self.history.append(again)
                self._push(again, 0)

    def drain(self, timeout: float) -> bool:
        """Wait until all webhooks are delivered or given up; return False after `timeout`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._unfinished, timeout)

    def forget(self) -> None:
        """Drop all queued webhooks and the history."""
        with self._changed:
            # The webhook that is being sent now must not be queued again.
            self._generation += 1
            self._unfinished -= len(self._queue)
            self._queue.clear()
            self.history.clear()
            self._changed.notify_all()

    def _push(self, delivery: Delivery, delay: float) -> None:
        """Add a webhook to the queue, due in `delay` seconds."""
        due = time.monotonic() + delay
        heapq.heappush(self._queue, (due, next(self._order), delivery))
        self._unfinished += 1
        self._changed.notify_all()

    def _run(self) -> None:
        """Send webhooks as they become due, until the dispatcher stops."""
        while not self._stopping:
            delivery = self._next()
            if delivery is None:
                self._account.run_due()
                continue
            generation = self._generation
            again_after = self._attempt(delivery)
            with self._changed:
                if again_after is not None and generation == self._generation:
                    self._push(delivery, again_after)
                self._unfinished -= 1
                self._changed.notify_all()

    def _next(self) -> Delivery | None:
        """Return the next webhook that is due, or None after a short wait."""
        with self._changed:
            now = time.monotonic()
            if self._queue and self._queue[0][0] <= now:
                return heapq.heappop(self._queue)[2]
            wait = self._queue[0][0] - now if self._queue else TICK
            self._changed.wait(min(wait, TICK))
        return None

    def _attempt(self, delivery: Delivery) -> float | None:
        """Send once. Return the seconds until the next attempt, or None after the last."""
        if not self._is_wanted(delivery):
            delivery.status = "lost"
            return None
        delivery.attempts += 1
        if self._send(delivery):
            delivery.status = "delivered"
            return None
        delays = self._account.options.webhook_retry_delays
        if delivery.attempts <= len(delays):
            return delays[delivery.attempts - 1] * self._account.options.webhook_time_scale
        delivery.status = "failed"
        self._account.run(hooks.count_failure, delivery.idhook)
        return None

    def _is_wanted(self, delivery: Delivery) -> bool:
        """Return whether the hook still exists and is active."""
        with self._account.lock:
            hook = self._account.state.hooks.get(delivery.idhook)
            return hook is not None and hook.active

    def _send(self, delivery: Delivery) -> bool:
        """Post a webhook to its address; return whether the receiver accepted the webhook."""
        options = self._account.options
        headers = {
            "Content-Type": "application/json",
            "User-Agent": options.webhook_user_agent,
            # The receiver must not wait for another webhook on the same connection.
            "Connection": "close",
        }
        if delivery.signature:
            headers["X-Picqer-Signature"] = delivery.signature
        delivery.last_status = delivery.last_error = None
        try:
            with requests.Session() as session:
                # Proxies of the shell must not receive webhooks to this machine.
                session.trust_env = False
                answer = session.post(
                    delivery.address,
                    data=delivery.body,
                    headers=headers,
                    timeout=options.webhook_timeout,
                    allow_redirects=options.webhook_redirects == "follow",
                )
        except requests.RequestException as error:
            delivery.last_error = type(error).__name__
            logger.info("Webhook %s was not delivered", delivery.event, exc_info=True)
            return False
        delivery.last_status = answer.status_code
        return answer.status_code in ACCEPTED
