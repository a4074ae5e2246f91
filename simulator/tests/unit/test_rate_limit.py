"""The rate limit per API key."""

from __future__ import annotations

import time

import pytest
from picqer_simulator import Options
from picqer_simulator.http.rate_limit import RateLimiter


class _Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Time:
    clock = _Time()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    return clock


def test_counts_down_when_requests_are_allowed(clock: _Time) -> None:
    limiter, options = RateLimiter(), Options(rate_limit=2)
    del clock

    answers = [limiter.take(options, "key") for _ in range(3)]

    assert [(answer.allowed, answer.remaining) for answer in answers] == [
        (True, 1),
        (True, 0),
        (False, 0),
    ]


def test_counts_separately_when_keys_differ(clock: _Time) -> None:
    limiter, options = RateLimiter(), Options(rate_limit=1)
    del clock

    assert [limiter.take(options, key).allowed for key in ("one", "two", "one")] == [
        True,
        True,
        False,
    ]


def test_resets_the_count_when_a_fixed_window_ends(clock: _Time) -> None:
    limiter, options = RateLimiter(), Options(rate_limit=2)
    limiter.take(options, "key")
    clock.now += 50
    limiter.take(options, "key")

    assert limiter.take(options, "key").seconds_left == 10
    clock.now += 10
    assert limiter.take(options, "key").remaining == 1


def test_frees_one_request_at_a_time_when_the_window_slides(clock: _Time) -> None:
    limiter, options = RateLimiter(), Options(rate_limit=2, rate_limit_kind="sliding")
    limiter.take(options, "key")
    clock.now += 50
    limiter.take(options, "key")
    clock.now += 10

    assert [limiter.take(options, "key").allowed for _ in range(2)] == [True, False]


def test_does_not_count_a_request_when_it_is_refused(clock: _Time) -> None:
    limiter, options = RateLimiter(), Options(rate_limit=1, rate_limit_kind="sliding")
    limiter.take(options, "key")
    clock.now += 59
    limiter.take(options, "key")
    clock.now += 1

    assert limiter.take(options, "key").allowed
