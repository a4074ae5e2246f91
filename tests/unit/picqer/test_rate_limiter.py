from bisect import bisect_left
from typing import Any

import pytest
import responses

from saleor_picqer.errors import RateLimitedError
from saleor_picqer.picqer import transport
from saleor_picqer.picqer.client import Priority, RateLimiter
from saleor_picqer.picqer.rate_limiter import (
    Bucket,
    RateLimitHeaders,
    burst,
    needed,
    rate,
    refilled,
)
from saleor_picqer.picqer.shared_clock import ProcessClock
from tests.unit.picqer.builders import BASE, account, client, order

NOON = 1_700_000_000.0


class Clock:
    """The time in the real world, and how the clocks of machines differ from it."""

    def __init__(self) -> None:
        self.now = NOON

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def machine(self, skew: float = 0.0) -> ProcessClock:
        """Return the clock of a process on a machine with a clock of its own."""
        return ProcessClock(lambda: self.now + skew)


class Cache:
    """Django's cache API on a server with another clock."""

    def __init__(self, clock: Clock) -> None:
        self.values: dict[str, tuple[Any, float]] = {}
        self._clock = clock

    def get_many(self, keys: Any) -> Any:
        found = {key: self.values[key] for key in keys if key in self.values}
        return {key: value for key, (value, end) in found.items() if self._clock.now < end}

    def get(self, key: Any) -> Any:
        return self.get_many([key]).get(key)

    def add(self, key: Any, value: Any, timeout: Any = None) -> Any:
        is_new = key not in self.get_many([key])
        if is_new:
            self.set(key, value, timeout)
        return is_new

    def set(self, key: Any, value: Any, timeout: Any = None) -> None:
        assert timeout >= 1
        self.values[key] = (value, self._clock.now + timeout)

    def delete(self, key: Any) -> Any:
        return self.values.pop(key, None) is not None


class BrokenCache:
    def _fail(self, *_: Any) -> Any:
        raise ConnectionError("redis://:password@host")

    add = get = get_many = set = delete = _fail


class NoCache(Cache):
    """Django's dummy cache."""

    def add(self, key: Any, value: Any, timeout: Any = None) -> Any:
        return True

    def set(self, key: Any, value: Any, timeout: Any = None) -> None:
        pass


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(transport, "sleep", clock.sleep)
    monkeypatch.setattr(transport, "monotonic", clock.time)
    return clock


@pytest.fixture
def cache(clock: Clock) -> Cache:
    return Cache(clock)


@pytest.fixture
def rate_limiter(cache: Cache, clock: Clock) -> RateLimiter:
    return RateLimiter(cache, account(), clock=clock.machine())


def drain(rate_limiter: Any, priority: Any = Priority.ORDERS) -> Any:
    """Take tokens until none is left, and return how many there were."""
    for taken in range(1000):
        if rate_limiter.take(priority):
            return taken
    raise AssertionError("the bucket never ends")


def work(rate_limiter: Any, clock: Any, priority: Any, seconds: Any) -> Any:
    """Return the moments of requests by a worker without pauses."""
    end = clock.now + seconds
    sent = []
    while clock.now < end:
        if delay := rate_limiter.take(priority):
            clock.sleep(delay)
        else:
            sent.append(clock.now)
            clock.sleep(0.001)
    return sent


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 10, 60, 500, 5000])
def test_steady_rate_and_burst_together_stay_within_the_limit(limit: Any) -> None:
    steady = rate(limit, 60) * 60

    assert steady > 0
    assert steady + burst(limit) <= max(limit, 2)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 10, 60, 500, 5000])
def test_full_bucket_has_a_token_for_every_priority(limit: Any) -> None:
    assert needed(Priority.ORDERS, limit) == 1
    assert needed(Priority.ORDERS, limit) <= needed(Priority.STOCK, limit) <= burst(limit)
    assert needed(Priority.STOCK, limit) <= needed(Priority.CATALOGUE, limit) <= burst(limit)


def test_bucket_grows_back_with_time_but_not_beyond_full() -> None:
    seen = RateLimitHeaders(500, 500, 0.0)

    assert refilled(Bucket(0, 100), seen, 101, 60).tokens == pytest.approx(500 * 0.94 / 60)
    assert refilled(Bucket(0, 100), seen, 1000, 60).tokens == burst(500)


def test_bucket_does_not_shrink_when_a_clock_runs_behind() -> None:
    assert refilled(Bucket(5, 100), RateLimitHeaders(500, 500, 0.0), 90, 60).tokens == 5


def test_bucket_holds_no_more_than_picqer_has_left() -> None:
    assert refilled(Bucket(20, 100), RateLimitHeaders(500, 2, 100.5), 100, 60).tokens == 2


def test_reported_remainder_is_ignored_when_tokens_were_taken_since() -> None:
    assert refilled(Bucket(20, 100), RateLimitHeaders(500, 2, 99.5), 100, 60).tokens == 20


@pytest.mark.parametrize("priority", Priority)
def test_single_priority_uses_nine_tenths_of_the_limit(
    rate_limiter: Any, clock: Any, priority: Any
) -> None:
    sent = work(rate_limiter, clock, priority, 120)

    assert 0.9 * 1000 <= len(sent) <= 1000


@pytest.mark.parametrize("limit", [20, 60, 500, pytest.param(2000, marks=pytest.mark.slow)])
def test_no_window_holds_more_requests_than_the_limit(
    rate_limiter: Any, clock: Any, limit: Any
) -> None:
    rate_limiter.learn(limit, limit)

    sent = work(rate_limiter, clock, Priority.ORDERS, 180)

    assert max(sum(start <= at < start + 60 for at in sent) for start in sent) <= limit


# --- several machines


class Machine:
    """A worker at full speed; `next` is the time of the next try."""

    def __init__(self, rate_limiter: RateLimiter, clock: Clock, priority: Priority) -> None:
        self.next = clock.now
        self.sent: list[float] = []
        self._rate_limiter = rate_limiter
        self._clock = clock
        self._priority = priority

    def act(self) -> None:
        delay = self._rate_limiter.take(self._priority)
        if not delay:
            self.sent.append(self._clock.now)
        self.next = self._clock.now + (delay or 0.001)


def work_together(clock: Clock, machines: list[Machine], seconds: float) -> list[float]:
    """Return the moments at which the machines send, by the world's clock."""
    end = clock.now + seconds
    while clock.now < end:
        first = min(machines, key=lambda machine: machine.next)
        clock.now = max(clock.now, first.next)
        first.act()
    return sorted(moment for machine in machines for moment in machine.sent)


def most_in_a_minute(sent: list[float]) -> int:
    return max(bisect_left(sent, start + 60) - n for n, start in enumerate(sent))


@pytest.mark.parametrize("skew", [0.5, -0.5, 2.0, 3600.0, -1e6])
def test_limit_holds_when_the_clocks_of_two_machines_differ(
    cache: Cache, clock: Clock, skew: float
) -> None:
    """Failure mode F82."""
    machines = [
        Machine(RateLimiter(cache, account(), clock=clock.machine(by)), clock, Priority.CATALOGUE)
        for by in (0.0, skew)
    ]

    sent = work_together(clock, machines, 180)

    assert most_in_a_minute(sent) <= 500
    assert len(sent) >= 0.9 * 3 * 500


def test_limit_holds_when_every_request_comes_from_a_new_process(
    cache: Cache, clock: Clock
) -> None:
    """Failure mode F82: Celery with one task per process."""

    class NewProcess:
        def take(self, priority: Priority) -> float:
            process = RateLimiter(cache, account(), clock=clock.machine(clock.now % 7))
            while delay := process.take(priority):
                clock.sleep(delay)
            return 0.0

    sent = work(NewProcess(), clock, Priority.ORDERS, 180)

    assert most_in_a_minute(sent) <= 500
    assert len(sent) >= 1000


def test_pause_ends_for_a_new_process_when_no_other_is_left(cache: Cache, clock: Clock) -> None:
    seconds = RateLimiter(cache, account(), clock=clock.machine()).pause(None)

    clock.sleep(seconds)

    late = RateLimiter(cache, account(), clock=clock.machine(-5))
    assert 0 < late.take(Priority.ORDERS) < 1


def test_pause_stops_a_machine_whose_clock_is_ahead(cache: Cache, clock: Clock) -> None:
    """Failure mode F82."""
    ahead = RateLimiter(cache, account(), clock=clock.machine(3600))
    ahead.take(Priority.ORDERS)

    RateLimiter(cache, account(), clock=clock.machine()).pause(None)

    assert ahead.take(Priority.ORDERS) == 20


def test_pause_holds_when_the_cache_has_lost_the_bucket(cache: Cache, clock: Clock) -> None:
    rate_limiter = RateLimiter(cache, account(), clock=clock.machine())
    rate_limiter.pause(None)
    cache.values = {key: found for key, found in cache.values.items() if "bucket" not in key}

    assert rate_limiter.take(Priority.ORDERS) == 20


# --- priorities


def test_order_goes_at_once_when_the_catalogue_uses_all_it_may(
    rate_limiter: Any, clock: Any
) -> None:
    work(rate_limiter, clock, Priority.CATALOGUE, 30)
    assert rate_limiter.take(Priority.CATALOGUE) > 0

    assert rate_limiter.take(Priority.ORDERS) == 0
    assert rate_limiter.take(Priority.ORDERS) == 0


def test_catalogue_waits_while_orders_use_the_rate(rate_limiter: Any, clock: Any) -> None:
    drain(rate_limiter, Priority.ORDERS)

    assert (
        rate_limiter.take(Priority.CATALOGUE)
        > rate_limiter.take(Priority.STOCK)
        > rate_limiter.take(Priority.ORDERS)
    )


def test_delay_is_the_time_until_the_priority_may_send(rate_limiter: Any, clock: Any) -> None:
    drain(rate_limiter, Priority.CATALOGUE)

    clock.sleep(rate_limiter.take(Priority.CATALOGUE) + 1e-6)

    assert rate_limiter.take(Priority.CATALOGUE) == 0


def test_limit_of_the_headers_is_followed(rate_limiter: Any, clock: Any) -> None:
    rate_limiter.learn(50, 50)
    assert len(work(rate_limiter, clock, Priority.CATALOGUE, 60)) <= 50

    rate_limiter.learn(1000, 1000)
    assert len(work(rate_limiter, clock, Priority.CATALOGUE, 60)) > 900


def test_all_slow_down_when_another_program_uses_the_key(rate_limiter: Any, clock: Any) -> None:
    rate_limiter.take(Priority.CATALOGUE)
    rate_limiter.learn(500, 0)

    assert rate_limiter.take(Priority.CATALOGUE) > 1


@pytest.mark.parametrize(("limit", "remaining"), [(None, 3), (3, None), (0, 0), (-1, 5), (5, -1)])
def test_odd_headers_are_ignored(rate_limiter: Any, cache: Any, limit: Any, remaining: Any) -> None:
    rate_limiter.learn(limit, remaining)

    assert cache.values == {}


def test_pause_stops_every_priority_of_every_worker(
    rate_limiter: Any, cache: Any, clock: Any
) -> None:
    assert rate_limiter.pause(None) == 20

    other = RateLimiter(cache, account(), clock=clock.machine())
    assert [other.take(priority) for priority in Priority] == [20, 20, 20]


def test_orders_go_first_after_a_pause(rate_limiter: Any, clock: Any) -> None:
    clock.sleep(rate_limiter.pause(None))

    assert 0 < rate_limiter.take(Priority.ORDERS) < 1
    assert rate_limiter.take(Priority.CATALOGUE) > 1


def test_pause_is_as_long_as_picqer_says(rate_limiter: Any, clock: Any) -> None:
    assert rate_limiter.pause(7.0) == 7
    assert rate_limiter.take(Priority.ORDERS) == 7


def test_pauses_grow_when_the_limit_is_hit_again(rate_limiter: Any, clock: Any) -> None:
    pauses = []
    for _ in range(4):
        pauses.append(rate_limiter.pause(None))
        clock.sleep(pauses[-1])

    assert pauses == [20, 40, 60, 60]


def test_late_answers_do_not_prolong_a_pause(rate_limiter: Any, clock: Any) -> None:
    rate_limiter.pause(None)
    clock.sleep(1)

    assert rate_limiter.pause(None) == 19


def test_accounts_do_not_share_a_limit(rate_limiter: Any, cache: Any, clock: Any) -> None:
    drain(rate_limiter)
    rate_limiter.pause(None)

    assert (
        RateLimiter(cache, account(api_key="other"), clock=clock.machine()).take(Priority.CATALOGUE)
        == 0
    )


def test_workers_of_one_account_share_the_limit(rate_limiter: Any, cache: Any, clock: Any) -> None:
    other = RateLimiter(
        cache, account(endpoint="https://shop.picqer.com/api/v1/"), clock=clock.machine()
    )

    assert drain(rate_limiter) + drain(other) == int(burst(500))


def test_key_is_not_in_the_cache(rate_limiter: Any, cache: Any) -> None:
    rate_limiter.take(Priority.ORDERS)
    rate_limiter.learn(500, 400)
    rate_limiter.pause(None)

    assert account().api_key not in repr(cache.values)


def test_worker_asks_again_when_another_holds_the_lock(
    rate_limiter: Any, cache: Any, clock: Any
) -> None:
    cache.set("saleor_picqer:2:" + account().fingerprint + ":lock", 1, 1)

    assert 0 < rate_limiter.take(Priority.ORDERS) < 0.1


def test_lock_is_released(rate_limiter: Any, cache: Any, clock: Any) -> None:
    rate_limiter.take(Priority.ORDERS)
    drain(rate_limiter)

    assert not [key for key in cache.values if key.endswith(":lock")]


def test_requests_go_out_when_the_cache_fails(clock: Any, caplog: pytest.LogCaptureFixture) -> None:
    rate_limiter = RateLimiter(BrokenCache(), account())

    rate_limiter.learn(500, 400)
    assert rate_limiter.take(Priority.CATALOGUE) == 0
    assert rate_limiter.pause(None) == 20
    assert "not shared" in caplog.text
    assert "password" not in caplog.text


def test_requests_go_out_when_the_cache_keeps_nothing(clock: Any) -> None:
    rate_limiter = RateLimiter(NoCache(clock), account())

    rate_limiter.learn(500, 400)
    assert rate_limiter.take(Priority.CATALOGUE) == 0
    assert rate_limiter.pause(None) == 20


def test_client_waits_for_its_turn(
    picqer: responses.RequestsMock, rate_limiter: Any, clock: Any
) -> None:
    picqer.get(f"{BASE}/orders/24035", json=order())
    drain(rate_limiter)

    client(rate_limiter=rate_limiter).orders.get(24035)

    assert 0 < clock.now - NOON < 1


def test_client_gives_up_when_its_turn_is_too_far_away(
    picqer: responses.RequestsMock, rate_limiter: Any, clock: Any
) -> None:
    rate_limiter.pause(None)

    with pytest.raises(RateLimitedError) as caught:
        client(rate_limiter=rate_limiter, max_wait=5).orders.get(24035)

    assert caught.value.attempt == 0
    assert caught.value.retry_after == 20
    assert not caught.value.maybe_executed


def test_client_reports_the_headers_of_responses(
    picqer: responses.RequestsMock, rate_limiter: Any, clock: Any
) -> None:
    headers = {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "1"}
    picqer.get(f"{BASE}/orders/24035", json=order(), headers=headers)

    client(rate_limiter=rate_limiter).orders.get(24035)

    assert drain(rate_limiter) == 1


def test_client_pauses_all_workers_after_a_429(
    picqer: responses.RequestsMock, rate_limiter: Any, clock: Any
) -> None:
    picqer.get(f"{BASE}/orders/24035", status=429)

    with pytest.raises(RateLimitedError):
        client(rate_limiter=rate_limiter, max_wait=5).orders.get(24035)

    assert rate_limiter.take(Priority.ORDERS) == 20
