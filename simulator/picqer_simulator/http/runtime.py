"""Owns what one running simulator consists of, seen from outside of the account."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.http.delivery import Dispatcher
from picqer_simulator.http.faults import Faults
from picqer_simulator.http.rate_limit import RateLimiter
from picqer_simulator.http.request_log import RequestLog


class Runtime:
    """The account with its API key, and everything around it that a test can look at or turn."""

    def __init__(self, account: Account, api_key: str) -> None:
        self.account = account
        self.api_key = api_key
        self.faults = Faults()
        self.limiter = RateLimiter()
        self.log = RequestLog()
        self.dispatcher = Dispatcher(account, self.faults)
        self._options = account.options

    def reset(self) -> None:
        """As it was at the start, and empty; the key stays."""
        with self.account.lock:
            self.account.options = self._options
            self.account.restore()
            self.dispatcher.forget()
        self.faults.clear()
        self.limiter.forget()
        self.log.clear()
