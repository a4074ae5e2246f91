"""One request budget for all processes that use the same Picqer account.

The budget is a bucket of tokens in a cache that all processes share: every request takes one, and
they grow back at the rate Picqer allows. Low priorities leave the last tokens to higher ones, so
that an order finds one at once in the middle of a catalogue sync, while the catalogue alone can
still use the whole rate. Picqer's headers correct limit and bucket; a 429 stops everybody.

Where the cache is not shared (locmem) or fails, requests go out unshared, led by the headers alone.
"""

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

# Picqer's page "basics": normally 500 requests a minute, adjusted with the load.
DEFAULT_LIMIT = 500
WINDOW = 60.0

# Of the limit: a steady rate, on top of it a bucket for bursts; the rest absorbs network delay.
STEADY_SHARE = 0.94
BURST_SHARE = 0.04
SMALLEST_BURST = 3.0

# How long a 429 stops everybody, as shares of the window: longer each time it comes again.
PAUSES = (1 / 3, 2 / 3, 1.0)

# After this the lock of a worker that died is free. One that was only slow may then free the next
# one's: a request too many, which the share that is left over absorbs.
LOCK_SECONDS = 2
SHORTEST_DELAY = 0.01


class Priority(enum.IntEnum):
    """Who goes first when requests are scarce."""

    ORDERS = 0
    STOCK = 1
    CATALOGUE = 2


class Bucket(NamedTuple):
    """Tokens there were at a moment (seconds since the epoch)."""

    tokens: float
    at: float


class RateLimitHeaders(NamedTuple):
    """What the headers of the last answer said, and when."""

    limit: int
    remaining: int
    at: float


class Pause(NamedTuple):
    """Nobody sends before `until`; the pause is the `strike`-th in a row."""

    until: float
    strike: int


class State(NamedTuple):
    """All that the workers share."""

    bucket: Bucket
    seen: RateLimitHeaders
    pause: Pause


NOTHING_SEEN = RateLimitHeaders(DEFAULT_LIMIT, DEFAULT_LIMIT, 0.0)
NO_PAUSE = Pause(0.0, 0)


def burst(limit: float) -> float:
    """Tokens in a full bucket. A tiny limit still gets whole ones."""
    return max(limit * BURST_SHARE, min(SMALLEST_BURST, limit / 2), 1.0)


def rate(limit: float, window: float) -> float:
    """Tokens that grow back per second."""
    return max(min(limit * STEADY_SHARE, limit - burst(limit)), 1.0) / window


def needed(priority: Priority, limit: float) -> float:
    """Return the tokens that must be left before this priority may take one."""
    return 1 + (burst(limit) - 1) * priority / (len(Priority) - 1) * 2 / 3


def refilled(bucket: Bucket, seen: RateLimitHeaders, now: float, window: float) -> Bucket:
    """The bucket at `now`. It never holds more than Picqer said was left after its last use."""
    left = min(bucket.tokens, seen.remaining) if seen.at >= bucket.at else bucket.tokens
    grown = max(0.0, now - bucket.at) * rate(seen.limit, window)
    return Bucket(min(left + grown, burst(seen.limit)), now)


class RateLimiter:
    """The shared budget of one account.

    `cache` is Django's cache or anything with its `add`, `get_many`, `set` and `delete`. `window`
    is the length in seconds of the time in which Picqer allows its limit.
    """

    def __init__(self, cache: Cache, account: PicqerAccount, *, window: float = WINDOW) -> None:
        self._cache = cache
        self._window = window
        prefix = f"saleor_picqer:1:{account.fingerprint}:"
        self._lock = prefix + "lock"
        self._bucket = prefix + "bucket"
        self._seen = prefix + "seen"
        self._pause = prefix + "pause"

    def take(self, priority: Priority) -> float:
        """Takes one request from the budget: 0 if it may go, else seconds until asking again.

        Nothing is booked ahead: whoever asks first of those that may go, goes.
        """
        with _cache_may_fail():
            return self._take_locked(priority)
        return 0.0

    def learn(self, limit: int | None, remaining: int | None) -> None:
        """Notes what the rate limit headers of an answer said."""
        if not limit or limit < 0 or remaining is None or remaining < 0:
            return
        with _cache_may_fail():
            self._write(self._seen, RateLimitHeaders(limit, remaining, time.time()), self._window)

    def pause(self, retry_after: float | None) -> float:
        """Stops everybody after a 429, longer each time in a row; returns the seconds to wait."""
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
    """The budget of a client that shares it with nobody: only a 429 makes it wait."""

    def take(self, priority: Priority) -> float:
        """Every request may go."""
        return 0.0

    def learn(self, limit: int | None, remaining: int | None) -> None:
        """Nothing to note."""

    def pause(self, retry_after: float | None) -> float:
        """The seconds to wait after a 429."""
        return WINDOW * PAUSES[0] if retry_after is None else retry_after


@contextmanager
def _cache_may_fail() -> Iterator[None]:
    """Without a cache there is no shared budget, but orders still go out."""
    try:
        yield
    except Exception:
        logger.warning("Cache failed; the request budget is not shared", exc_info=True)
