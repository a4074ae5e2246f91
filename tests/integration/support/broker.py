"""Brokers for the plugin's messages: real, down, silent or stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import redis
from celery import Task
from saleor.celeryconf import app

from saleor_picqer import publishing
from tests.integration.support.worker import OURS

apply_async = Task.apply_async
# The plugin's own limit in seconds, which tests with a fake worker raise.
MAX_WAIT = publishing.MAX_WAIT


@contextmanager
def broker(url: str, options: Mapping[str, str]) -> Iterator[None]:
    """Send the plugin's tasks to the broker; run Saleor's own tasks inside the request."""

    def send(task: Task[Any, Any], args: Any = None, kwargs: Any = None, **how: Any) -> Any:
        ours = task.name.startswith(OURS)
        return apply_async(task, args, kwargs, **how) if ours else task.apply(args, kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Task, "apply_async", send)
        patch.setenv("CELERY_BROKER_URL", url)  # goes before all settings
        patch.setitem(app.conf, "broker_transport_options", options)
        # Connections that were made before lead elsewhere.
        patch.setattr(app, "_pool", None)
        patch.setattr(app.amqp, "_producer_pool", None)
        patch.setattr(publishing, "publisher", publishing.Publisher())
        patch.setattr(publishing, "MAX_WAIT", MAX_WAIT)
        yield


def no_broker() -> AbstractContextManager[None]:
    """Simulate a broker that is down."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return broker(f"redis://127.0.0.1:{port}/0", {})


@contextmanager
def silent_broker(scheme: str) -> Iterator[None]:
    """Simulate a broker that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with broker(f"{scheme}://127.0.0.1:{port}//", {}):
            yield


class RedisServer:
    """A Redis server of the test, which can be stopped and continued."""

    def __init__(self, port: int, popen: subprocess.Popen[bytes]) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self.store = redis.from_url(self.url)
        self._popen = popen

    def freeze(self) -> None:
        """Stop the process, which then accepts connections and does not answer."""
        self._popen.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the stopped process go on."""
        self._popen.send_signal(signal.SIGCONT)

    def messages(self, queue: str = "picqer") -> int:
        """Return the number of messages that wait in a queue."""
        return int(self.store.llen(queue))

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                self.store.ping()
            except redis.ConnectionError:
                assert time.monotonic() < deadline, "Redis did not start"
                time.sleep(0.02)
            else:
                return


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Start a Redis server with the program of the server in REDIS_URL."""
    with redis.from_url(os.environ["REDIS_URL"]) as other:
        program = other.info()["executable"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    popen = subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    server = RedisServer(port, popen)
    try:
        server.wait_until_ready()
        yield server
    finally:
        popen.kill()
        popen.wait()
        server.store.close()
