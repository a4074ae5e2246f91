"""The rate limiter: a token bucket in the cache, shared by all processes with the same Picqer key.

Every request takes a token, and tokens grow back at Picqer's rate. Low priorities
leave the last tokens to higher priorities: an order finds a token at once in the middle of a
catalogue sync, while the catalogue alone can still use the whole rate. Picqer's headers correct
limit and bucket. A response with status 429 pauses all workers.

Where the cache is not shared (locmem) or fails, each process follows Picqer's headers alone.
"""

from __future__ import annotations

import enum
import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.cache import Cache
from saleor_picqer.picqer.retry import jitter

logger = logging.getLogger(__name__)

# Picqer's page "basics": normally 500 requests a minute, adjusted to the load.
DEFAULT_LIMIT = 500
WINDOW = 60.0

# Shares of the limit: the steady rate, and the bucket for bursts; the rest absorbs network delay.
STEADY_SHARE = 0.94
BURST_SHARE = 0.04
SMALLEST_BURST = 3.0

# How long a 429 pauses all workers, as shares of the window: longer each time in a row.
PAUSES = (1 / 3, 2 / 3, 1.0)

# Seconds after which the lock of a dead worker is free. A slow worker may then free the lock of the
# next worker: the unused share of the limit absorbs that request too many.
LOCK_SECONDS = 2
SHORTEST_DELAY = 0.01


class Priority(enum.IntEnum):
    """Priority of requests when tokens are scarce; the lowest number goes first."""

    ORDERS = 0
    STOCK = 1
    CATALOGUE = 2


class Bucket(NamedTuple):
    """Tokens at a moment (seconds since the epoch)."""

    tokens: float
    at: float


class RateLimitHeaders(NamedTuple):
    """The rate limit headers of the latest response, with the time."""

    limit: int
    remaining: int
    at: float


class Pause(NamedTuple):
    """A pause of all workers until a moment; `strike` counts pauses in a row."""

    until: float
    strike: int


class State(NamedTuple):
    """The shared state of all workers."""

    bucket: Bucket
    seen: RateLimitHeaders
    pause: Pause


NOTHING_SEEN = RateLimitHeaders(DEFAULT_LIMIT, DEFAULT_LIMIT, 0.0)
NO_PAUSE = Pause(0.0, 0)


def burst(limit: float) -> float:
    """Return the tokens of a full bucket; a tiny limit still has whole tokens."""
    return max(limit * BURST_SHARE, min(SMALLEST_BURST, limit / 2), 1.0)


def rate(limit: float, window: float) -> float:
    """Return the tokens growing back per second."""
    return max(min(limit * STEADY_SHARE, limit - burst(limit)), 1.0) / window


def needed(priority: Priority, limit: float) -> float:
    """Return the least number of tokens for a request of the priority."""
    return 1 + (burst(limit) - 1) * priority / (len(Priority) - 1) * 2 / 3


def refilled(bucket: Bucket, seen: RateLimitHeaders, now: float, window: float) -> Bucket:
    """Return the bucket at `now`, with no more tokens than Picqer reported after the last use."""
    left = min(bucket.tokens, seen.remaining) if seen.at >= bucket.at else bucket.tokens
    grown = max(0.0, now - bucket.at) * rate(seen.limit, window)
    return Bucket(min(left + grown, burst(seen.limit)), now)


class RateLimiter:
    """The token bucket of an account. `window` is the period of Picqer's limit in seconds."""

    def __init__(self, cache: Cache, account: PicqerAccount, *, window: float = WINDOW) -> None:
        self._cache = cache
        self._window = window
        prefix = f"saleor_picqer:1:{account.fingerprint}:"
        self._lock = prefix + "lock"
        self._bucket = prefix + "bucket"
        self._seen = prefix + "seen"
        self._pause = prefix + "pause"

    def take(self, priority: Priority) -> float:
        """Take a token: return 0 if the request may go, else the seconds until the next try."""
        with _cache_may_fail():
            return self._take_locked(priority)
        return 0.0

    def learn(self, limit: int | None, remaining: int | None) -> None:
        """Record the rate limit headers of a response."""
        if not limit or limit < 0 or remaining is None or remaining < 0:
            return
        with _cache_may_fail():
            self._write(self._seen, RateLimitHeaders(limit, remaining, time.time()), self._window)

    def pause(self, retry_after: float | None) -> float:
        """Pause all workers after a 429 and return the seconds; longer each time in a row."""
        now = time.time()
        pause = self._next_pause(NO_PAUSE, retry_after, now)
        with _cache_may_fail():
            last = self._read().pause
            if last.until > now:
                return last.until - now
            pause = self._next_pause(last, retry_after, now)
            self._write(self._pause, pause, pause.until - now + 2 * self._window)
        return pause.until - now

    def _next_pause(self, last: Pause, retry_after: float | None, now: float) -> Pause:
        share = PAUSES[min(last.strike, len(PAUSES) - 1)]
        seconds = share * self._window if retry_after is None else retry_after
        return Pause(now + seconds, last.strike + 1)

    def _take_locked(self, priority: Priority) -> float:
        if not self._cache.add(self._lock, 1, LOCK_SECONDS):
            return jitter(SHORTEST_DELAY)
        try:
            return self._take(priority, time.time())
        finally:
            self._cache.delete(self._lock)

    def _take(self, priority: Priority, now: float) -> float:
        state = self._read()
        if state.pause.until > now:
            return state.pause.until - now
        bucket = refilled(state.bucket, state.seen, now, self._window)
        lacking = needed(priority, state.seen.limit) - bucket.tokens
        if lacking > 0:
            return max(lacking / rate(state.seen.limit, self._window), SHORTEST_DELAY)
        self._write(self._bucket, Bucket(bucket.tokens - 1, now), 2 * self._window)
        return 0.0

    def _read(self) -> State:
        found = self._cache.get_many([self._bucket, self._seen, self._pause])
        seen = RateLimitHeaders(*found.get(self._seen, NOTHING_SEEN))
        pause = Pause(*found.get(self._pause, NO_PAUSE))
        bucket = Bucket(*found.get(self._bucket, (burst(seen.limit), 0.0)))
        # After a pause the bucket is empty: the budget was used up.
        bucket = bucket if bucket.at >= pause.until else Bucket(0.0, pause.until)
        return State(bucket, seen, pause)

    def _write(self, key: str, value: tuple[float, ...], seconds: float) -> None:
        # A plain tuple: a cache may serialise it any way it likes.
        self._cache.set(key, tuple(value), math.ceil(seconds))


class Unlimited:
    """A limiter without a bucket, for a lone client: only a 429 makes requests wait."""

    def take(self, priority: Priority) -> float:
        """Let every request go."""
        return 0.0

    def learn(self, limit: int | None, remaining: int | None) -> None:
        """Ignore the headers."""

    def pause(self, retry_after: float | None) -> float:
        """Return the seconds to wait after a 429."""
        return WINDOW * PAUSES[0] if retry_after is None else retry_after


@contextmanager
def _cache_may_fail() -> Iterator[None]:
    """Log a failure of the cache instead of raising: orders still go out."""
    try:
        yield
    except Exception:
        logger.warning("The cache failed: Picqer's rate limit is not shared", exc_info=True)
