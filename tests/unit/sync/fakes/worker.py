"""A worker with a stop before each call, for acts of a test in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.unit.sync.fakes.account import Event
from tests.unit.sync.fakes.faults import Call, Fault, Interceptor, WorkerKilled, killed_before

# A use case, with the interceptor for the calls to the ports.
type Job = Callable[[Interceptor], Any]


class Worker:
    """Run a job in a thread, one call at a time.

    `at` names the call before which the worker stands; empty after the job has ended, with
    `result` or `error`. While `in_transaction` is true, calls are not stopped: a transaction
    becomes visible as a whole.
    """

    def __init__(self, job: Job, in_transaction: Callable[[], bool] = lambda: False) -> None:
        self.at = ""
        self.result: Any = None
        self.error: BaseException | None = None
        self._fault: Fault | None = None
        self._in_transaction = in_transaction
        self._worker_turn, self._test_turn = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, args=(job,), daemon=True)
        self._thread.start()
        self._test_turn.acquire()

    @property
    def was_killed(self) -> bool:
        return isinstance(self.error, WorkerKilled)

    def resume(self, fault: Fault | None = None) -> None:
        """Make the call, or give the call to a fault, and run up to the next call."""
        self._fault = fault
        self._worker_turn.release()
        self._test_turn.acquire()

    def run_until(self, call: str) -> None:
        """Run up to the first call with this name."""
        while self.at != call:
            self.resume()

    def finish(self) -> None:
        """Run to the end of the job."""
        while self.at:
            self.resume()

    def kill(self) -> None:
        """Kill the worker and end the thread."""
        while self.at:
            self.resume(killed_before)
        self._thread.join()

    def intercept(self, name: str, call: Call) -> Any:
        if self._in_transaction():
            return call()
        self.at = name
        self._test_turn.release()
        self._worker_turn.acquire()
        return self._fault(call) if self._fault else call()

    def _run(self, job: Job) -> None:
        try:
            self.result = job(self)
        except BaseException as error:  # noqa: BLE001 - the test reads it
            self.error = error
        self.at = ""
        self._test_turn.release()


@dataclass
class Assignment:
    """A worker and its work: an order to push, or an event to handle."""

    worker: Worker
    order_pk: str = ""
    event: Event | None = None
