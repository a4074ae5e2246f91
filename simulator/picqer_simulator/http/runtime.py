"""The runtime: an account together with its API key, faults, rate limit, log and webhooks."""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.http.delivery import Dispatcher
from picqer_simulator.http.faults import Faults
from picqer_simulator.http.rate_limit import RateLimiter
from picqer_simulator.http.request_log import RequestLog


class Runtime:
    """Hold one running account and the parts around the account that tests read or change."""

    def __init__(self, account: Account, api_key: str) -> None:
        self.account = account
        self.api_key = api_key
        self.faults = Faults()
        self.limiter = RateLimiter()
        self.log = RequestLog()
        self.dispatcher = Dispatcher(account, self.faults)
        self._options = account.options

    def reset(self) -> None:
        """Empty the account and everything around the account; keep the API key."""
        with self.account.lock:
            self.account.options = self._options
            self.account.restore()
            self.dispatcher.forget()
        self.faults.clear()
        self.limiter.forget()
        self.log.clear()
