"""The rate limiter: a token bucket in the cache, shared by all processes with the same Picqer key.

Every request takes a token, and tokens grow back at Picqer's rate. Low priorities
leave the last tokens to higher priorities: an order finds a token at once in the middle of a
catalogue sync, while the catalogue alone can still use the whole rate. Picqer's headers correct
limit and bucket. A response with status 429 pauses all workers.

Machines whose clocks differ share the bucket: all times are those of `shared_clock`.

Where the cache is not shared (locmem) or fails, each process follows Picqer's headers alone.
"""

from __future__ import annotations

import enum
import math
from typing import NamedTuple
from uuid import uuid4

from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.cache import Cache, SafeCache
from saleor_picqer.picqer.retry import jitter
from saleor_picqer.picqer.shared_clock import PROCESS_CLOCK, Moment, ProcessClock

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
# Seconds for which the limit in Picqer's headers is believed.
HEADERS_LIFETIME = 3600
SHORTEST_DELAY = 0.01


class Priority(enum.IntEnum):
    """Priority of requests when tokens are scarce; the lowest number goes first."""

    ORDERS = 0
    STOCK = 1
    CATALOGUE = 2


class Bucket(NamedTuple):
    """Tokens at a moment of the shared clock, which stands in the cache as this moment."""

    tokens: float
    at: float
    epoch: str = ""


class RateLimitHeaders(NamedTuple):
    """The rate limit headers of the latest response, with the time."""

    limit: int
    remaining: int
    at: float
    epoch: str = ""


class Pause(NamedTuple):
    """The latest pause of all workers, until a moment; `strike` counts pauses in a row."""

    until: float
    strike: int
    epoch: str = ""


class State(NamedTuple):
    """The shared state of all workers at a moment; `wait` is what is left of a pause."""

    now: Moment
    bucket: Bucket
    seen: RateLimitHeaders
    pause: Pause
    wait: float


class Budget(NamedTuple):
    """What is left of Picqer's limit, and for how many seconds all workers pause."""

    limit: int
    remaining: int
    paused_seconds: int


NOTHING_SEEN = RateLimitHeaders(DEFAULT_LIMIT, DEFAULT_LIMIT, -1.0)
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
    is_newer = seen.epoch == bucket.epoch and seen.at >= bucket.at
    left = min(bucket.tokens, seen.remaining) if is_newer else bucket.tokens
    grown = max(0.0, now - bucket.at) * rate(seen.limit, window)
    return Bucket(min(left + grown, burst(seen.limit)), now, bucket.epoch)


class RateLimiter:
    """The token bucket of an account. `window` is the period of Picqer's limit in seconds.

    `cache` is shared by all processes; a failure of the cache makes a request go out at once.
    """

    def __init__(
        self,
        cache: Cache,
        account: PicqerAccount,
        *,
        window: float = WINDOW,
        clock: ProcessClock = PROCESS_CLOCK,
    ) -> None:
        self._cache = SafeCache.around(cache)
        self._window = window
        self._clock = clock
        prefix = f"saleor_picqer:2:{account.fingerprint}:"
        self._lock = prefix + "lock"
        self._bucket = prefix + "bucket"
        self._seen = prefix + "seen"
        self._pause = prefix + "pause"
        # Exists as long as the pause lasts, so that the cache's server ends the pause, too.
        self._paused = prefix + "paused"

    def take(self, priority: Priority) -> float:
        """Take a token: return 0 if the request may go, else the seconds until the next try."""
        if not self._cache.add(self._lock, 1, LOCK_SECONDS):
            return jitter(SHORTEST_DELAY)
        try:
            return self._take(priority)
        finally:
            self._cache.delete(self._lock)

    def learn(self, limit: int | None, remaining: int | None) -> None:
        """Record the rate limit headers of a response."""
        if not limit or limit < 0 or remaining is None or remaining < 0:
            return
        now = self._clock.latest(self._bucket) or Moment("", NOTHING_SEEN.at)
        headers = RateLimitHeaders(limit, remaining, now.at, now.epoch)
        self._write(self._seen, headers, HEADERS_LIFETIME)

    def limit(self) -> int:
        """Return how many requests Picqer allows in the window, as it last told."""
        found = self._cache.get_many([self._seen])
        return RateLimitHeaders(*found.get(self._seen, NOTHING_SEEN)).limit

    def budget(self) -> Budget | None:
        """Return the limit as the workers know it; None where no response told of it lately."""
        state = self._read()
        seen = state.seen
        if seen == NOTHING_SEEN:
            return None
        # Picqer counts each minute anew. The time of another epoch has ended even before.
        is_over = seen.epoch != state.now.epoch or state.now.at - seen.at >= self._window
        remaining = seen.limit if is_over else min(seen.remaining, seen.limit)
        return Budget(seen.limit, remaining, math.ceil(state.wait))

    def pause(self, retry_after: float | None) -> float:
        """Pause all workers after a 429 and return the seconds; longer each time in a row."""
        state = self._read()
        if state.wait:
            return state.wait
        strike = state.pause.strike
        share = PAUSES[min(strike, len(PAUSES) - 1)]
        seconds = share * self._window if retry_after is None else retry_after
        pause = Pause(state.now.at + seconds, strike + 1, state.now.epoch)
        self._write(self._pause, pause, seconds + 2 * self._window)
        self._write(self._paused, (seconds,), seconds)
        # Without the bucket, the epoch of the pause would be unknown to all others.
        self._write(self._bucket, state.bucket, seconds + 2 * self._window)
        return seconds

    def _take(self, priority: Priority) -> float:
        state = self._read()
        if state.wait:
            return state.wait
        bucket = refilled(state.bucket, state.seen, state.now.at, self._window)
        lacking = needed(priority, state.seen.limit) - bucket.tokens
        if lacking > 0:
            return max(lacking / rate(state.seen.limit, self._window), SHORTEST_DELAY)
        self._write(self._bucket, bucket._replace(tokens=bucket.tokens - 1), 2 * self._window)
        return 0.0

    def _read(self) -> State:
        found = self._cache.get_many([self._bucket, self._seen, self._pause, self._paused])
        seen = RateLimitHeaders(*found.get(self._seen, NOTHING_SEEN))
        pause = Pause(*found.get(self._pause, NO_PAUSE))
        bucket = Bucket(*found.get(self._bucket) or (burst(seen.limit), 0.0, uuid4().hex))
        now = self._clock.advance(self._bucket, Moment(bucket.epoch, bucket.at))
        (seconds,) = found.get(self._paused, (0.0,))
        if pause.epoch != now.epoch:
            return State(now, bucket, seen, pause, seconds)
        if not seconds:
            # The cache's server has measured that the pause is over.
            now = self._clock.advance(self._bucket, Moment(now.epoch, max(now.at, pause.until)))
        if bucket.at < pause.until:
            # After a pause the bucket is empty: the budget was used up.
            bucket = Bucket(0.0, pause.until, bucket.epoch)
        return State(now, bucket, seen, pause, max(0.0, min(seconds, pause.until - now.at)))

    def _write(self, key: str, value: tuple[float | str, ...], seconds: float) -> None:
        # A plain tuple: a cache may serialise it any way it likes.
        self._cache.set(key, tuple(value), max(1, math.ceil(seconds)))


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
