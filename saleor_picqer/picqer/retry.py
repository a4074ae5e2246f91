"""When a failed request is sent again, and after how long.

Three pure decisions. They are ours and not `urllib3.Retry`'s because every attempt has to take its
turn in the rate rate_limiter, and because a body that breaks off is noticed only after urllib3 has
returned.
"""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from saleor_picqer.errors import PicqerApiError, Remedy

MAX_ATTEMPTS = 4
BACKOFF = 0.5
BACKOFF_LIMIT = 8.0
# More than an hour is a mistake somewhere: ask again then.
RETRY_AFTER_LIMIT = 3600.0
IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})


def may_retry(error: PicqerApiError) -> bool:
    """Whether the same request may go out again: a POST only if it was certainly not executed."""
    if error.remedy is not Remedy.RETRY or error.attempt >= MAX_ATTEMPTS:
        return False
    return error.method in IDEMPOTENT or not error.maybe_executed


def backoff(attempt: int) -> float:
    """Seconds before the attempt after this one: doubling, with jitter."""
    return jitter(min(BACKOFF * 2 ** (attempt - 1), BACKOFF_LIMIT))


def jitter(seconds: float) -> float:
    """Spreads workers that failed together."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def parse_retry_after(header: str | None) -> float | None:
    """Seconds named by a Retry-After header (a number or an HTTP date); None if it names none."""
    if not header:
        return None
    try:
        seconds = float(header) if header.strip().isdigit() else _seconds_until(header)
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_LIMIT)


def _seconds_until(http_date: str) -> float:
    moment = parsedate_to_datetime(http_date)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
