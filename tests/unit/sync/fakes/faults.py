"""Faults at a single call: lost answers, killed workers, refusals, changes by other people."""

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
    """The worker process got SIGKILL: no further code runs, and no clean-up."""


type Call = Callable[[], Any]
# Receives the call that is about to be made, and makes the call or not.
type Fault = Callable[[Call], Any]


# --- faults


def not_sent(_call: Call) -> Any:
    """Fail to connect."""
    raise UnreachableError("POST", "/", text="ConnectTimeout")


def lost_before(_call: Call) -> Any:
    """Lose the connection before Picqer has the request, unknown to the client."""
    raise ResponseLostError("POST", "/", text="ReadTimeout")


def lost_after(call: Call) -> Any:
    """Have Picqer carry out the request, and lose the answer."""
    call()
    raise ResponseLostError("POST", "/", text="ReadTimeout")


def carried_out_after(clock: Clock, delay: timedelta) -> Fault:
    """Have Picqer carry out the request only after the client has given up waiting."""

    def fault(call: Call) -> Any:
        clock.call_after(delay, partial(_ignore_errors, call))
        raise ResponseLostError("POST", "/", text="ReadTimeout")

    return fault


def killed_while(clock: Clock, delay: timedelta) -> Fault:
    """Kill the worker after the request; Picqer carries out the request later."""

    def fault(call: Call) -> Any:
        clock.call_after(delay, partial(_ignore_errors, call))
        raise WorkerKilled

    return fault


def _ignore_errors(call: Call) -> None:
    with suppress(IntegrationError):
        call()


def rate_limited(_call: Call) -> Any:
    """Answer with status 429."""
    raise RateLimitedError("POST", "/", status=429, code=28)


def killed_before(_call: Call) -> Any:
    """Kill the worker before the call."""
    raise WorkerKilled


def killed_after(call: Call) -> Any:
    """Kill the worker right after the call."""
    call()
    raise WorkerKilled


def refused(error: Exception) -> Fault:
    """Raise an error instead of making the call."""

    def fault(_call: Call) -> Any:
        raise error

    return fault


def meanwhile(action: Call) -> Fault:
    """Have another person or worker act right before the call."""

    def fault(call: Call) -> Any:
        action()
        return call()

    return fault


# --- interception


class Interceptor(Protocol):
    """Stands between a use case and the ports."""

    def intercept(self, name: str, call: Call) -> Any:
        """Make the call or not. `name` is `port.topic.method`."""


class PlannedFaults:
    """Faults for calls by name; `calls` has the names of all calls so far."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._planned: dict[str, deque[Fault]] = defaultdict(deque)

    def plan(self, name: str, *faults: Fault) -> None:
        """Plan a fault for each of the next calls with a name."""
        self._planned[name] += faults

    def intercept(self, name: str, call: Call) -> Any:
        self.calls.append(name)
        planned = self._planned[name]
        return planned.popleft()(call) if planned else call()


class InterceptedPort:
    """A port whose calls go through an interceptor.

    `topics` names attributes that are ports themselves, `free` names attributes whose calls cost
    no request.
    """

    def __init__(
        self,
        target: Any,
        interceptor: Interceptor,
        name: str,
        *,
        topics: frozenset[str] = frozenset(),
        free: frozenset[str] = frozenset(),
    ) -> None:
        self._target = target
        self._interceptor = interceptor
        self._name = name
        self._topics = topics
        self._free = free

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._target, attribute)
        if attribute in self._free:
            return found
        name = f"{self._name}.{attribute}"
        if attribute in self._topics:
            return InterceptedPort(found, self._interceptor, name)

        @wraps(found)
        def intercepted(*args: Any, **kwargs: Any) -> Any:
            return self._interceptor.intercept(name, lambda: found(*args, **kwargs))

        return intercepted
