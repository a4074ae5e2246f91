"""A worker that stops before each of its calls, so that anything can happen in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.unit.sync.fakes.accidents import Accident, Call, Line, WorkerKilled, killed_before

type Job = Callable[[Line], Any]
"""What a worker does, with its calls going through the line that it is given."""


class Worker:
    """Runs its job in a thread of its own, but only while `go_on` is waited for.

    `at` names the call before which it stands, and is empty when the job has ended; `result` and
    `error` then say how. `unseen` says when calls are parts of a transaction: nothing can come
    between those.
    """

    def __init__(self, job: Job, unseen: Callable[[], bool] = lambda: False) -> None:
        self.at = ""
        self.result: Any = None
        self.error: BaseException | None = None
        self._accident: Accident | None = None
        self._unseen = unseen
        self._its_turn, self._our_turn = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, args=(job,), daemon=True)
        self._thread.start()
        self._our_turn.acquire()

    @property
    def was_killed(self) -> bool:
        return isinstance(self.error, WorkerKilled)

    def go_on(self, accident: Accident | None = None) -> None:
        """Makes its call, or lets the accident have it, and everything up to the next call."""
        self._accident = accident
        self._its_turn.release()
        self._our_turn.acquire()

    def finish(self) -> None:
        while self.at:
            self.go_on()

    def kill(self) -> None:
        while self.at:
            self.go_on(killed_before)
        self._thread.join()

    def around(self, name: str, call: Call) -> Any:
        if self._unseen():
            return call()
        self.at = name
        self._our_turn.release()
        self._its_turn.acquire()
        return self._accident(call) if self._accident else call()

    def _run(self, job: Job) -> None:
        try:
            self.result = job(self)
        except BaseException as error:  # noqa: BLE001 - whoever waits for it looks at it
            self.error = error
        self.at = ""
        self._our_turn.release()
