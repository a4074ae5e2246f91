from typing import Any

import pytest
import responses

from saleor_picqer.picqer import cache as module
from saleor_picqer.picqer.cache import SafeCache
from saleor_picqer.picqer.client import Priority, RateLimiter
from saleor_picqer.picqer.gateway import Gateway
from tests.unit.picqer.builders import BASE, account, client


class FailingCache:
    """A cache with one broken operation, or with all operations broken."""

    def __init__(self, failing: str = "") -> None:
        self.calls: list[str] = []
        self._failing = failing

    def __getattr__(self, name: str) -> Any:
        def call(*_: Any, **__: Any) -> Any:
            self.calls.append(name)
            if self._failing in ("", name):
                raise TimeoutError("redis://:password@host")
            return {"get": None, "get_many": {}}.get(name, True)

        return call


OPERATIONS = ("add", "get", "get_many", "set", "delete")


@pytest.mark.parametrize("failing", OPERATIONS)
def test_request_goes_out_when_an_operation_of_the_cache_fails(
    picqer: responses.RequestsMock, failing: str
) -> None:
    """Failure mode F73."""
    picqer.get(f"{BASE}/tags", json=[{"idtag": 7, "title": "Web"}])
    cache: Any = FailingCache(failing)
    connected = client(rate_limiter=RateLimiter(cache, account()))

    assert Gateway(connected, cache).reference.tag("Web") == 7


def test_cache_is_left_alone_for_a_while_when_it_has_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Failure mode F73: a hanging cache must not delay every request."""
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    failing: Any = FailingCache()
    cache = SafeCache(failing)

    for _ in range(5):
        assert RateLimiter(cache, account()).take(Priority.ORDERS) == 0
    assert len(failing.calls) == 1

    now[0] += module.REST
    cache.get("key")
    assert len(failing.calls) == 2


def test_failure_is_logged_without_the_address_of_the_cache(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing: Any = FailingCache()

    SafeCache(failing).get("key")

    assert "TimeoutError" in caplog.text
    assert "password" not in caplog.text
