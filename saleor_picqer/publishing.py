"""Messages to the Celery broker, sent so that no checkout waits for a broker that hangs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final

from kombu.exceptions import OperationalError

# Seconds that a caller waits until the broker has taken a message.
MAX_WAIT: Final = 1.0
# Seconds without another message after a caller has waited in vain.
PAUSE: Final = 10.0

# By Celery's name for the kind of broker: how long one read or write may take.
_TIMEOUTS: Final = {
    "redis": {"socket_timeout": MAX_WAIT, "socket_connect_timeout": MAX_WAIT},
    "amqp": {"read_timeout": MAX_WAIT, "write_timeout": MAX_WAIT},
}


class Publisher:
    """Sends messages from one thread with a connection of its own.

    Time limits of the client libraries hold for a single read or write, and name resolution has
    none. Only a caller that does not send itself can stop waiting.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Future[None], Callable[[], None]]] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None
        self._stuck: Future[None] | None = None
        self._paused_until = 0.0
        self._connection: Any = None

    def send(self, task: Any, args: tuple[Any, ...], countdown: float | None = None) -> None:
        """Send a message for a Celery task; raise TimeoutError if the broker takes too long."""
        if self._is_stuck() or time.monotonic() < self._paused_until:
            raise TimeoutError("The broker did not answer a moment ago.")
        sent: Future[None] = Future()
        # With the caller's context, so that tracing sees the caller.
        context = copy_context()
        self._jobs.put((sent, lambda: context.run(self._send, task, args, countdown)))
        self._start()
        try:
            sent.result(MAX_WAIT)
        except TimeoutError:
            self._give_up(sent)
            raise TimeoutError(f"The broker did not answer within {MAX_WAIT:g} s.") from None

    def _is_stuck(self) -> bool:
        return self._stuck is not None and not self._stuck.done()

    def _give_up(self, sent: Future[None]) -> None:
        # A message that has not begun to be sent is never sent.
        if not sent.cancel():
            self._stuck = sent
        self._paused_until = time.monotonic() + PAUSE

    # --- the thread

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                # A daemon: a broker that hangs must not keep the process from ending.
                self._thread = Thread(target=self._run, name="picqer-publisher", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            sent, send = self._jobs.get()
            if not sent.set_running_or_notify_cancel():
                continue
            try:
                send()
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                sent.set_exception(error)
            else:
                sent.set_result(None)

    def _send(self, task: Any, args: tuple[Any, ...], countdown: float | None) -> None:
        if self._connection is not None:
            try:
                return self._publish(task, args, countdown)
            except OperationalError:  # the broker has closed the connection since the last message
                self._connection.collapse()
        self._connection = _connect(task.app)
        return self._publish(task, args, countdown)

    def _publish(self, task: Any, args: tuple[Any, ...], countdown: float | None) -> None:
        # By default Celery tries again for seconds.
        self._connection.ensure_connection(max_retries=0)
        options = {} if countdown is None else {"countdown": countdown}
        task.apply_async(args, **options, retry=False, connection=self._connection)


def _connect(app: Any) -> Any:
    """Return a connection, not yet open, whose reads and writes end in time."""
    connection = app.connection_for_write(connect_timeout=MAX_WAIT)
    timeouts = _TIMEOUTS.get(connection.transport.driver_type, {})
    connection.transport_options = {**(connection.transport_options or {}), **timeouts}
    return connection


publisher = Publisher()


def _renew() -> None:
    global publisher  # noqa: PLW0603 - a forked process has neither the thread nor its connection
    publisher = Publisher()


os.register_at_fork(after_in_child=_renew)


def publish(task: Any, *args: Any, countdown: float | None = None) -> None:
    """Send a message for a Celery task, in about a second at most.

    The task starts after `countdown` seconds. Raises TimeoutError if the broker hangs, and errors
    of the broker's client.
    """
    publisher.send(task, args, countdown)
