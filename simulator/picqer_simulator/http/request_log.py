"""The log of API requests, with counts by route."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass

from picqer_simulator.core.models import Wire

REQUESTS_KEPT = 1000


@dataclass(frozen=True)
class LoggedRequest:
    """One request; `status` is None if the connection was dropped."""

    at: str
    method: str
    path: str
    query: str
    route: str
    status: int | None
    error_code: int | None
    fault: str | None
    milliseconds: float


class RequestLog:
    """The latest requests, and the number of requests per route since the last `clear`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: deque[LoggedRequest] = deque(maxlen=REQUESTS_KEPT)
        self._by_route: Counter[str] = Counter()

    def add(self, entry: LoggedRequest) -> None:
        """Add a request."""
        with self._lock:
            self._latest.append(entry)
            self._by_route[entry.route] += 1

    def summary(self) -> Wire:
        """Return the log as JSON."""
        with self._lock:
            return {
                "total": self._by_route.total(),
                "by_route": dict(self._by_route),
                "requests": [asdict(entry) for entry in self._latest],
            }

    def clear(self) -> None:
        """Empty the log and reset the counts."""
        with self._lock:
            self._latest.clear()
            self._by_route.clear()
