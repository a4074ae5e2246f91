"""What can go wrong at a call: answers get lost, workers are killed, other people act meanwhile."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial, wraps
from typing import Any, Protocol

from saleor_picqer.errors import (
    IntegrationError,
    RateLimitedError,
    ResponseLostError,
    UnreachableError,
)
from tests.unit.sync.fakes.clock import Clock


class WorkerKilled(BaseException):
    """SIGKILL: nothing that comes after happens, and nobody gets to clean up."""


type Call = Callable[[], Any]
type Accident = Callable[[Call], Any]
"""Gets the call that is about to be made, and decides what becomes of it."""


# --- the accidents


def not_sent(_call: Call) -> Any:
    """No connection."""
    raise UnreachableError("POST", "/", text="ConnectTimeout")


def lost_before(_call: Call) -> Any:
    """The connection ends before Picqer has the request; the client cannot know that."""
    raise ResponseLostError("POST", "/", text="ReadTimeout")


def lost_after(call: Call) -> Any:
    """Picqer carries the request out, and its answer never arrives."""
    call()
    raise ResponseLostError("POST", "/", text="ReadTimeout")


def carried_out_after(clock: Clock, delay: timedelta) -> Accident:
    """The client gives up waiting, and only then does Picqer carry the request out."""

    def accident(call: Call) -> Any:
        clock.after(delay, partial(_unheard, call))
        raise ResponseLostError("POST", "/", text="ReadTimeout")

    return accident


def killed_while(clock: Clock, delay: timedelta) -> Accident:
    """Picqer carries the request out when the worker that has sent it is dead already."""

    def accident(call: Call) -> Any:
        clock.after(delay, partial(_unheard, call))
        raise WorkerKilled

    return accident


def _unheard(call: Call) -> None:
    with suppress(IntegrationError):
        call()


def rate_limited(_call: Call) -> Any:
    raise RateLimitedError("POST", "/", status=429, code=28)


def killed_before(_call: Call) -> Any:
    raise WorkerKilled


def killed_after(call: Call) -> Any:
    call()
    raise WorkerKilled


def refused(error: Exception) -> Accident:
    """Whatever Picqer or Saleor have against it."""

    def accident(_call: Call) -> Any:
        raise error

    return accident


def meanwhile(happening: Call) -> Accident:
    """Somebody else acts just before the call."""

    def accident(call: Call) -> Any:
        happening()
        return call()

    return accident


# --- where they happen


class Line(Protocol):
    """What a worker's calls go through."""

    def around(self, name: str, call: Call) -> Any:
        """Makes the call, or not."""


class Plan:
    """Accidents that are planned for calls by their name; `calls` has the names of all calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._planned: dict[str, deque[Accident]] = defaultdict(deque)

    def at(self, name: str, *accidents: Accident) -> None:
        """To the next calls of that name, one each."""
        self._planned[name] += accidents

    def around(self, name: str, call: Call) -> Any:
        self.calls.append(name)
        planned = self._planned[name]
        return planned.popleft()(call) if planned else call()


class Watched:
    """A port whose calls go through a line, named `method` or `topic.method`.

    `free` names topics whose calls cost nothing, `topics` those that are ports of their own.
    """

    def __init__(
        self,
        target: Any,
        line: Line,
        *,
        topics: frozenset[str] = frozenset(),
        free: frozenset[str] = frozenset(),
        prefix: str = "",
    ) -> None:
        self._target = target
        self._line = line
        self._topics = topics
        self._free = free
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name in self._free:
            return found
        if name in self._topics:
            return Watched(found, self._line, prefix=f"{self._prefix}{name}.")

        @wraps(found)
        def watched(*args: Any, **kwargs: Any) -> Any:
            return self._line.around(self._prefix + name, lambda: found(*args, **kwargs))

        return watched
