"""A real Celery worker: a separate process with a pool, on the test database and real Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis
from django.db import connection
from saleor.celeryconf import app

from tests.integration.support.broker import broker
from tests.integration.support.worker import OURS

ROOT = Path(__file__).resolve().parents[3]
SWEEP = "saleor_picqer.sweep"
QUEUE = "picqer"
# Lines of the worker's log in a failure's message.
TAIL = 60

# By which PostgreSQL knows its connections.
NAME_IN_DATABASE = "picqer-worker"


class WorkerError(AssertionError):
    """Reports that the worker ended or missed a deadline, with the end of its log."""


class RealWorker:
    """Runs a Celery worker with a sweeper.

    `folder` holds the log and the state of the processes, `concurrency` is the size of the pool,
    `sweep` the seconds between two runs of the scheduled sweeper, and `ahead` the seconds by which
    the clock of every second process is fast.
    """

    def __init__(
        self, folder: Path, *, concurrency: int = 4, sweep: float = 20, ahead: float = 0
    ) -> None:
        self.log = folder / "worker.log"
        self._processes = folder / "processes"
        self._processes.mkdir()
        self._prefix = f"picqer-tests-{uuid4().hex}:"
        self._redis = redis.from_url(os.environ["REDIS_URL"])
        self._concurrency = concurrency
        self._sweep = sweep
        self._ahead = ahead
        self._popen: subprocess.Popen[bytes] | None = None

    # Its life

    def start(self) -> None:
        """Start the worker, or restart a killed worker, and return when tasks are accepted."""
        for left in self._processes.iterdir():
            left.unlink()
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(  # noqa: S603 - our own command
                self._command(),
                cwd=ROOT,
                env=os.environ | self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until((self._processes / "ready").exists, seconds=180)

    def stop(self) -> None:
        """Kill the worker and its pool, and delete the worker's keys in Redis."""
        self.kill()
        with self._redis as store:
            for key in store.scan_iter(f"{self._prefix}*"):
                store.delete(key)

    def kill(self) -> None:
        """Send SIGKILL to the worker, pool and sweeper at once."""
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
            *("--queues", QUEUE),
            *("--pool", "prefork", "--concurrency", str(self._concurrency)),
            *("--beat", "--scheduler", "celery.beat:Scheduler"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--loglevel", "INFO"),
        ]

    def environment(self) -> dict[str, str]:
        """Return the variables of a process on the same database and broker."""
        return {
            "DJANGO_SETTINGS_MODULE": "tests.integration.delivery.worker_settings",
            "CELERY_SKIP_CHECKS": "1",
            "PICQER_WORKER_DATABASE": connection.settings_dict["NAME"],
            "PICQER_WORKER_PREFIX": self._prefix,
            "PICQER_WORKER_PROCESSES": str(self._processes),
            "PICQER_WORKER_NAME": NAME_IN_DATABASE,
            "PICQER_WORKER_SWEEP_SECONDS": str(self._sweep),
            "PICQER_WORKER_AHEAD_SECONDS": str(self._ahead),
        }

    # Its processes

    def processes(self) -> dict[int, str]:
        """Return the task's first argument per process of the pool, empty for an idle process."""
        files = (file for file in self._processes.iterdir() if file.name.isdigit())
        return {int(file.name): file.read_text() for file in files}

    def kill_process(self, pid: int) -> None:
        """Send SIGKILL to one process of the pool; the worker starts a replacement."""
        os.kill(pid, signal.SIGKILL)
        (self._processes / str(pid)).unlink(missing_ok=True)

    def kill_process_of(self, work: str) -> None:
        """Send SIGKILL to the process of an order."""
        self.wait_until(lambda: len(self._processes_of(work)) == 1)
        self.kill_process(*self._processes_of(work))

    def _processes_of(self, work: str) -> list[int]:
        return [pid for pid, task in self.processes().items() if task == work]

    # Talking to it

    def send(self, name: str, *args: Any) -> None:
        """Queue a task by its name without "saleor_picqer."."""
        app.tasks[OURS + name].delay(*args)

    def messages(self, queue: str = QUEUE) -> int:
        """Return the number of messages that wait in a queue."""
        return int(self._redis.llen(f"{self._prefix}{queue}"))

    def sweep(self) -> None:
        """Queue a sweep unless other tasks are still queued."""
        if not self.messages():
            self.send("sweep")

    def on_duty(self) -> AbstractContextManager[None]:
        """Send the plugin's tasks to the real worker."""
        return broker(os.environ["REDIS_URL"], {"global_keyprefix": self._prefix})

    def wait_until(self, check: Callable[[], Any], *, seconds: float = 15) -> None:
        """Wait for a condition; raise WorkerError when the deadline passes."""
        deadline = time.monotonic() + seconds
        while not check():
            if self._popen is not None and self._popen.poll() is not None:
                raise WorkerError(f"the worker ended with {self._popen.returncode}\n{self.tail()}")
            if time.monotonic() > deadline:
                raise WorkerError(f"not within {seconds:g} seconds\n{self.tail()}")
            time.sleep(0.02)

    def tail(self) -> str:
        """Return the end of the log without the sweeper's lines."""
        lines = self.log.read_text(errors="replace").splitlines()
        told = [line for line in lines if SWEEP not in line]
        return "\n".join(told[-TAIL:])
