"""A fake Celery worker: tasks run on demand, in the test's own thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from celery import Task
from celery.app.trace import reset_worker_optimizations, setup_worker_optimizations
from celery.exceptions import Retry
from kombu.utils.json import dumps, loads
from saleor.celeryconf import app

from saleor_picqer import publishing
from tests.integration.support.api import commit_hooks

OURS = "saleor_picqer."


@dataclass(frozen=True)
class Message:
    """A queued task; `countdown` in seconds, None for at once."""

    task: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    retries: int = 0
    countdown: float | None = None


class Worker:
    """Keeps the plugin's tasks until `run()`; Saleor's own run inside the request."""

    def __init__(self) -> None:
        self.queue: deque[Message] = deque()
        # Messages with a countdown, which wait for `run_later()`.
        self.later: list[Message] = []

    @property
    def pending(self) -> list[str]:
        """Return the names of the queued tasks without "saleor_picqer.", oldest first."""
        return [message.task.removeprefix(OURS) for message in self.queue]

    def send(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Queue a task by its name, with or without "saleor_picqer."."""
        app.tasks[OURS + name.removeprefix(OURS)].delay(*args, **kwargs)

    def run(self, *, only: int | None = None) -> None:
        """Run the queued tasks and all follow-up tasks, oldest first.

        A task's error fails the test. With `only`, run that many tasks.
        """
        setup_worker_optimizations(app)
        try:
            while self.queue and only != 0:
                _execute(self.queue.popleft())
                only = None if only is None else only - 1
        finally:
            reset_worker_optimizations(app)

    def run_later(self) -> None:
        """Run the tasks with a countdown, as if the countdown were over."""
        self.queue.extend(self.later)
        self.later = []
        self.run()

    def gather(self) -> bool:
        """Queue the gathered readings of stock, as if the time to gather were over."""
        readings = [message for message in self.later if message.task == OURS + "read_stock"]
        self.later = [message for message in self.later if message not in readings]
        self.queue.extend(readings)
        return bool(readings)

    def accept(self, message: Message) -> None:
        """Accept a message in place of the broker."""
        if message.countdown is None:
            self.queue.append(message)
        else:
            self.later.append(message)


@contextmanager
def replace_broker(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """Send the plugin's tasks to the fake worker instead of the broker."""

    def apply_async(
        task: Task[Any, Any], args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        if not task.name.startswith(OURS):
            return task.apply(args, kwargs)
        worker.accept(_message(task.name, args, kwargs, **options))
        return task.AsyncResult(str(uuid4()))

    monkeypatch.setattr(Task, "apply_async", apply_async)
    # On a busy machine even a fake broker may need more than a second.
    monkeypatch.setattr(publishing, "MAX_WAIT", 60.0)
    yield worker


def _message(
    name: str,
    args: Any,
    kwargs: Any,
    *,
    retries: int = 0,
    countdown: float | None = None,
    **_: Any,
) -> Message:
    """Return a message with its arguments converted through JSON."""
    return Message(name, loads(dumps(args or [])), loads(dumps(kwargs or {})), retries, countdown)


def _execute(message: Message) -> None:
    """Call the task as a worker does, with a request with the number of retries."""
    task = app.tasks[message.task]
    task.push_request(
        id=str(uuid4()),
        args=message.args,
        kwargs=message.kwargs,
        retries=message.retries,
        called_directly=False,
        is_eager=False,
        delivery_info={},
    )
    try:
        with commit_hooks():
            task(*message.args, **message.kwargs)
    except Retry:
        pass  # the message is back in the worker's hands
    finally:
        task.pop_request()
