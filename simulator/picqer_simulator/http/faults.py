"""Owns faults on demand: what goes wrong with which request or webhook, and how often."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from picqer_simulator.core.models import Wire

RequestFault = Literal[
    "drop-before", "drop-after", "500", "429", "slow", "hang", "truncate", "html"
]
WebhookFault = Literal["duplicate", "reorder", "delay", "lose"]


class FaultError(ValueError):
    """A description of a fault that cannot be understood."""


@dataclass
class Fault:
    """`fault` happens to the next `times` requests that match, after `skip` of them.

    drop-before closes the connection unread, drop-after once the request has been executed;
    500 and 429 and html answer without executing, unless `execute`; slow executes and answers
    `seconds` later, hang drops the connection unread only then; truncate executes and cuts the body
    in the middle.
    """

    fault: RequestFault
    method: str = "*"
    route: str = "*"
    times: int = 1
    skip: int = 0
    seconds: float = 1.0
    status: int = 200
    execute: bool = False

    def matches(self, method: str, routes: tuple[str, ...]) -> bool:
        return self.method in ("*", method) and self.route in ("*", *routes)


@dataclass
class DeliveryFault:
    """`fault` happens to the next `times` deliveries of the event.

    duplicate sends twice, lose never sends, delay sends `seconds` later, reorder lets whatever
    follows within `seconds` overtake.
    """

    fault: WebhookFault
    event: str = "*"
    times: int = 1
    seconds: float = 0.5

    def matches(self, event: str) -> bool:
        return self.event in ("*", event)


class Faults:
    """The faults that are still to happen, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Fault] = []
        self._under_way: list[Fault] = []
        self._cleared = threading.Event()
        self._deliveries: list[DeliveryFault] = []

    def add(self, description: Wire) -> Wire:
        """A fault of requests, or of webhooks if its kind is one of theirs; FaultError."""
        fault = _read(description)
        with self._lock:
            if isinstance(fault, Fault):
                self._requests.append(fault)
            else:
                self._deliveries.append(fault)
        return asdict(fault)

    def pending(self) -> list[Wire]:
        with self._lock:
            return [*map(asdict, self._requests), *map(asdict, self._deliveries)]

    def under_way(self) -> list[Wire]:
        """The faults of requests that are held up now, executed if they ever are."""
        with self._lock:
            return [*map(asdict, self._under_way)]

    def hold_up(self, fault: Fault) -> None:
        """Let the request wait as long as its fault says, at most until all faults are cleared."""
        with self._lock:
            self._under_way.append(fault)
            cleared = self._cleared
        cleared.wait(fault.seconds)
        with self._lock:
            self._under_way.remove(fault)

    def clear(self) -> None:
        with self._lock:
            self._cleared.set()
            self._cleared = threading.Event()
            self._requests.clear()
            self._deliveries.clear()

    def for_request(self, method: str, *routes: str) -> Fault | None:
        """The fault of this request, used up by asking; `routes` are its names."""
        with self._lock:
            for fault in self._requests:
                if not fault.matches(method, routes):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    return None
                _use(fault, self._requests)
                return fault
        return None

    def for_delivery(self, event: str) -> DeliveryFault | None:
        with self._lock:
            for fault in self._deliveries:
                if fault.matches(event):
                    _use(fault, self._deliveries)
                    return fault
        return None


_ADAPTER: TypeAdapter[Fault | DeliveryFault] = TypeAdapter(Fault | DeliveryFault)


def _read(description: Wire) -> Fault | DeliveryFault:
    try:
        return _ADAPTER.validate_python(description)
    except ValidationError as error:
        raise FaultError(f"No such fault: {description}") from error


def _use[F: (Fault, DeliveryFault)](fault: F, faults: list[F]) -> None:
    fault.times -= 1
    if fault.times <= 0:
        faults.remove(fault)
