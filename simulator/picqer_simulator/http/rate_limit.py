"""The rate limit per API key. Requests above the limit are not executed."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass

from picqer_simulator.core.options import Options


@dataclass(frozen=True)
class Allowance:
    """The rate limiter's decision about a request."""

    allowed: bool
    limit: int
    remaining: int
    seconds_left: int


class RateLimiter:
    """Count the requests of each key in a fixed or sliding window."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accounts: dict[str, deque[float]] = {}

    def take(self, options: Options, key: str) -> Allowance:
        """Count a request and return whether the request may be executed."""
        with self._lock:
            used = self._accounts.setdefault(key, deque())
            now = time.monotonic()
            _forget_old(options, used, now)
            allowed = len(used) < options.rate_limit
            if allowed:
                used.append(now)
            left = used[0] + options.rate_limit_window - now if used else 0
            remaining = max(0, options.rate_limit - len(used))
            return Allowance(allowed, options.rate_limit, remaining, math.ceil(left))

    def forget(self) -> None:
        """Reset all counts."""
        with self._lock:
            self._accounts.clear()


def _forget_old(options: Options, used: deque[float], now: float) -> None:
    """Remove the requests that have left the window."""
    oldest = now - options.rate_limit_window
    if options.rate_limit_kind == "fixed":
        if used and used[0] <= oldest:
            used.clear()
        return
    while used and used[0] <= oldest:
        used.popleft()
