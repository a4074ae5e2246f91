"""The rate limiter with four worker processes and one Redis; a minute lasts a few seconds."""

import json
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

import pytest
from picqer_simulator import SimulatorServer, seeds

from devtools import redis

# Each test runs for several of the rate limit's windows.
pytestmark = pytest.mark.slow

LIMIT = 125
WINDOW = 5.0
SECONDS = 8

REDIS_CACHE = (
    "django_redis.cache.RedisCache"
    if find_spec("django_redis")
    else "django.core.cache.backends.redis.RedisCache"
)


@pytest.fixture
def redis_cache() -> Iterator[Any]:
    """Return settings of a Django cache in a Redis of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(  # noqa: S603 - the server of our own dependency
        [redis.executable(), *options], stdout=subprocess.DEVNULL
    )
    _wait_until_open(port)
    yield {"BACKEND": REDIS_CACHE, "LOCATION": f"redis://127.0.0.1:{port}/0"}
    process.terminate()
    process.wait(5)


def _wait_until_open(port: Any) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("Redis does not start")


class Log:
    """The moment and the status of every request that the simulator answered."""

    def __init__(self, request_log: Any) -> None:
        self.start = time.monotonic()
        self.requests: list[Any] = []
        self._next = request_log.add

    def add(self, entry: Any) -> None:
        self.requests.append((time.monotonic(), entry.status))
        self._next(entry)

    def statuses(self) -> Any:
        return Counter(status for _, status in self.requests)

    def share_of_budget_used(self) -> Any:
        """Return the log from the start until the workers began to stop."""
        end = self.start + SECONDS
        served = sum(at < end and status < 300 for at, status in self.requests)
        return served / (LIMIT * SECONDS / WINDOW)


@pytest.fixture
def run_workers(server: SimulatorServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a worker process per priority to the end; return the results and the log."""
    server.account.set_options(rate_limit=LIMIT, rate_limit_window=WINDOW)
    product = {"productcode": "MUG", "name": "Mug", "price": 8.26, "stock": {"Utrecht": 10_000}}
    server.account.run(seeds.seed, {"products": [product]})

    def run(cache: Any, *priorities: Any) -> Any:
        processes = [_start(server, cache, priority) for priority in priorities]
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * len(priorities)
        log = Log(server.runtime.log)
        monkeypatch.setattr(server.runtime.log, "add", log.add)
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=90)[0] for process in processes]
        return [json.loads(output) for output in outputs], log

    return run


def _start(server: SimulatorServer, cache: Any, priority: Any) -> Any:
    job = {
        "endpoint": server.url,
        "api_key": server.api_key,
        "window": WINDOW,
        "priority": priority,
        "seconds": SECONDS,
        "cache": cache,
    }
    command = [sys.executable, "-m", "tests.contract.rate_limited_worker", json.dumps(job)]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("kind", ["fixed", "sliding"])
def test_orders_pass_the_catalogue_when_workers_share_the_limit(
    server: SimulatorServer, run_workers: Any, redis_cache: Any, kind: Any
) -> None:
    """Failure mode F20: four workers stay within the limit, and no request fails."""
    server.account.set_options(rate_limit_kind=kind)

    (*_, orders), log = run_workers(redis_cache, "CATALOGUE", "CATALOGUE", "CATALOGUE", "ORDERS")

    statuses = log.statuses()
    assert statuses[429] <= 0.01 * statuses.total()
    assert log.share_of_budget_used() >= 0.9
    assert len(orders) >= 5
    assert max(orders) < 5


def test_workers_return_below_the_limit_when_they_share_no_cache(run_workers: Any) -> None:
    unshared = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

    (*_, orders), log = run_workers(unshared, "CATALOGUE", "CATALOGUE", "CATALOGUE", "ORDERS")

    # No request fails, and few are refused: one pause for each worker.
    statuses = log.statuses()
    assert statuses[429] <= 0.1 * statuses.total()
    assert orders
