"""Faults on demand, for requests and for webhooks."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from picqer_simulator.core.models import Wire

RequestFault = Literal[
    "drop-before",  # close the connection, without executing the request
    "drop-after",  # execute the request, then close the connection
    "500",
    "429",
    "slow",  # execute the request and answer `seconds` later
    "hang",  # close the connection `seconds` later, without executing the request
    "truncate",  # execute the request and send half of the body
    "html",  # answer with an HTML page, as a proxy under maintenance would
]
WebhookFault = Literal[
    "duplicate",  # send twice
    "reorder",  # let all later webhooks within `seconds` overtake
    "delay",  # send `seconds` later
    "lose",  # send nothing
]


class FaultError(ValueError):
    """An invalid description of a fault."""


@dataclass
class Fault:
    """A fault of the next `times` matching requests, after `skip` matching requests.

    `method` and `route` select the requests, `seconds` is the delay of `slow` and `hang`, and
    `status` the status of `html`. `execute` runs the operation although the fault hides its result.
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
        """Return whether the fault concerns a request with this method and these routes."""
        return self.method in ("*", method) and self.route in ("*", *routes)


@dataclass
class DeliveryFault:
    """A fault of the next `times` deliveries of an event.

    `seconds` is the time that `delay` and `reorder` hold the delivery back.
    """

    fault: WebhookFault
    event: str = "*"
    times: int = 1
    seconds: float = 0.5

    def matches(self, event: str) -> bool:
        """Return whether the fault concerns this event."""
        return self.event in ("*", event)


class Faults:
    """The faults that have not happened yet, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Fault] = []
        self._under_way: list[Fault] = []
        self._cleared = threading.Event()
        self._deliveries: list[DeliveryFault] = []

    def add(self, description: Wire) -> Wire:
        """Add a fault; raise FaultError for an invalid description."""
        fault = _read(description)
        with self._lock:
            if isinstance(fault, Fault):
                self._requests.append(fault)
            else:
                self._deliveries.append(fault)
        return asdict(fault)

    def pending(self) -> list[Wire]:
        """List the faults that have not happened yet."""
        with self._lock:
            return [*map(asdict, self._requests), *map(asdict, self._deliveries)]

    def under_way(self) -> list[Wire]:
        """List the faults that delay a request now."""
        with self._lock:
            return [*map(asdict, self._under_way)]

    def hold_up(self, fault: Fault) -> None:
        """Wait for the fault's `seconds`, or until all faults are cleared."""
        with self._lock:
            self._under_way.append(fault)
            cleared = self._cleared
        cleared.wait(fault.seconds)
        with self._lock:
            self._under_way.remove(fault)

    def clear(self) -> None:
        """Remove all faults and end all delays."""
        with self._lock:
            self._cleared.set()
            self._cleared = threading.Event()
            self._requests.clear()
            self._deliveries.clear()

    def for_request(self, method: str, *routes: str) -> Fault | None:
        """Return and use up the fault of a request; `routes` are the request's names."""
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
        """Return and use up the fault of a delivery."""
        with self._lock:
            for fault in self._deliveries:
                if fault.matches(event):
                    _use(fault, self._deliveries)
                    return fault
        return None


_ADAPTER: TypeAdapter[Fault | DeliveryFault] = TypeAdapter(Fault | DeliveryFault)


def _read(description: Wire) -> Fault | DeliveryFault:
    """Build a fault from its description; raise FaultError if that is impossible."""
    try:
        return _ADAPTER.validate_python(description)
    except ValidationError as error:
        raise FaultError(f"No such fault: {description}") from error


def _use[F: (Fault, DeliveryFault)](fault: F, faults: list[F]) -> None:
    """Count one use of a fault and remove a fault that is used up."""
    fault.times -= 1
    if fault.times <= 0:
        faults.remove(fault)
