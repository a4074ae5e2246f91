"""Owns what one running simulator consists of, seen from outside of the account."""

from __future__ import annotations

from saleor_picqer.simulator.delivery import Dispatcher
from saleor_picqer.simulator.faults import Faults
from saleor_picqer.simulator.rate_limit import RateLimiter
from saleor_picqer.simulator.request_log import RequestLog
from saleor_picqer.simulator.simulator import Simulator


class Backstage:
    """The account with its API key, and everything around it that a test can look at or turn."""

    def __init__(self, simulator: Simulator, api_key: str) -> None:
        self.simulator = simulator
        self.api_key = api_key
        self.faults = Faults()
        self.limiter = RateLimiter()
        self.log = RequestLog()
        self.dispatcher = Dispatcher(simulator, self.faults)
        self._knobs = simulator.knobs

    def reset(self) -> None:
        """As it was at the start, and empty; the key stays."""
        with self.simulator.lock:
            self.simulator.knobs = self._knobs
            self.simulator.restore()
            self.dispatcher.forget()
        self.faults.clear()
        self.limiter.forget()
        self.log.clear()
