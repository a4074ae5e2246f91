"""A real Celery worker: a process of its own with a pool, on the test database and real Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from celery import Task
from django.db import connection
from saleor.celeryconf import app

from tests.integration.support.worker import OURS

ROOT = Path(__file__).resolve().parents[3]
SWEEP = "saleor_picqer.sweep"
# Lines of the worker's log in a failure's message.
TAIL = 60

# By which PostgreSQL knows its connections.
NAME_IN_DATABASE = "picqer-worker"

apply_async = Task.apply_async


class WorkerError(AssertionError):
    """The worker ended, or something did not happen in time; the end of its log is in the text."""


class RealWorker:
    """A worker and its sweeper; `folder` is for its log and what it tells about its processes.

    `concurrency` is the number of processes in its pool, `sweep` the seconds between two runs of
    its own sweeper: longer than a test waits, which sends one when it wants it.
    """

    def __init__(self, folder: Path, *, concurrency: int = 4, sweep: float = 20) -> None:
        self.log = folder / "worker.log"
        self._processes = folder / "processes"
        self._processes.mkdir()
        self._prefix = f"picqer-tests-{uuid4().hex}:"
        self._redis = redis.from_url(os.environ["REDIS_URL"])
        self._concurrency = concurrency
        self._sweep = sweep
        self._popen: subprocess.Popen[bytes] | None = None

    # Its life

    def start(self) -> None:
        """Starts it, again if it was killed; returns once it takes tasks."""
        for left in self._processes.iterdir():
            left.unlink()
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(  # noqa: S603 - our own command
                self._command(),
                cwd=ROOT,
                env=os.environ | self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until((self._processes / "ready").exists, seconds=60)

    def stop(self) -> None:
        """Ends it and all its processes, and removes what it has left in Redis."""
        self.kill()
        with self._redis as store:
            for key in store.scan_iter(f"{self._prefix}*"):
                store.delete(key)

    def kill(self) -> None:
        """SIGKILL for the worker with its pool and its sweeper, all at once."""
        if self._popen is not None:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
            self._popen = None

    def _command(self) -> list[str]:
        return [
            *(
                sys.executable,
                "-m",
                "celery",
                "--app",
                "tests.integration.delivery.worker_app",
                "worker",
            ),
            *("--pool", "prefork", "--concurrency", str(self._concurrency)),
            *("--beat", "--scheduler", "celery.beat:Scheduler"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--loglevel", "INFO"),
        ]

    def _environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "tests.integration.delivery.worker_settings",
            "CELERY_SKIP_CHECKS": "1",
            "PICQER_WORKER_DATABASE": connection.settings_dict["NAME"],
            "PICQER_WORKER_PREFIX": self._prefix,
            "PICQER_WORKER_PROCESSES": str(self._processes),
            "PICQER_WORKER_NAME": NAME_IN_DATABASE,
            "PICQER_WORKER_SWEEP_SECONDS": str(self._sweep),
        }

    # Its processes

    def processes(self) -> dict[int, str]:
        """What each process of the pool works on: the first argument of its task, or nothing."""
        files = (file for file in self._processes.iterdir() if file.name.isdigit())
        return {int(file.name): file.read_text() for file in files}

    def kill_process(self, pid: int) -> None:
        """SIGKILL for one process of the pool; the worker starts another in its place."""
        os.kill(pid, signal.SIGKILL)
        (self._processes / str(pid)).unlink(missing_ok=True)

    def kill_process_of(self, work: str) -> None:
        """SIGKILL for the one that works on this order.

        Others that have taken up the same order see soon that it is not theirs.
        """
        self.wait_until(lambda: len(self._processes_of(work)) == 1)
        self.kill_process(*self._processes_of(work))

    def _processes_of(self, work: str) -> list[int]:
        return [pid for pid, task in self.processes().items() if task == work]

    # Talking to it

    def send(self, name: str, *args: Any) -> None:
        """Puts a task on its queue, by its name without "saleor_picqer."."""
        app.tasks[OURS + name].delay(*args)

    def sweep(self) -> None:
        """Has it sweep, unless there is still something on its queue: that would only double it."""
        if not self._redis.llen(f"{self._prefix}celery"):
            self.send("sweep")

    def on_duty(self) -> AbstractContextManager[None]:
        """Tasks go to this worker."""
        return broker(os.environ["REDIS_URL"], {"global_keyprefix": self._prefix})

    def wait_until(self, check: Callable[[], Any], *, seconds: float = 15) -> None:
        """Waits for something that it does; raises WorkerError when it does not."""
        deadline = time.monotonic() + seconds
        while not check():
            if self._popen is not None and self._popen.poll() is not None:
                raise WorkerError(f"the worker ended with {self._popen.returncode}\n{self.tail()}")
            if time.monotonic() > deadline:
                raise WorkerError(f"not within {seconds:g} seconds\n{self.tail()}")
            time.sleep(0.02)

    def tail(self) -> str:
        """The end of its log, without the sweeper's regular lines."""
        lines = self.log.read_text(errors="replace").splitlines()
        told = [line for line in lines if SWEEP not in line]
        return "\n".join(told[-TAIL:])


@contextmanager
def broker(url: str, options: Mapping[str, str]) -> Iterator[None]:
    """Our tasks go to this broker; Saleor's own run inside the request that sends them."""

    def send(task: Task, args: Any = None, kwargs: Any = None, **how: Any) -> Any:
        ours = task.name.startswith(OURS)
        return apply_async(task, args, kwargs, **how) if ours else task.apply(args, kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Task, "apply_async", send)
        patch.setenv("CELERY_BROKER_URL", url)  # goes before all settings
        patch.setitem(app.conf, "broker_transport_options", options)
        # Connections that were made before lead elsewhere.
        patch.setattr(app, "_pool", None)
        patch.setattr(app.amqp, "_producer_pool", None)
        yield


def no_broker() -> AbstractContextManager[None]:
    """The broker is down: nothing listens on its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return broker(f"redis://127.0.0.1:{port}/0", {})
