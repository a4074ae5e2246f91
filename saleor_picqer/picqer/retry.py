"""Retries of failed requests: whether, and after how many seconds."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from saleor_picqer.errors import PicqerApiError, Remedy

# These decisions are not left to `urllib3.Retry`, because every attempt takes a token from the rate
# limiter, and because a truncated body is noticed only after urllib3 has returned.
MAX_ATTEMPTS = 4
# Seconds before the second attempt, and the most before any other.
BACKOFF = 0.5
BACKOFF_LIMIT = 8.0
# A Retry-After of more than an hour is taken for a mistake.
RETRY_AFTER_LIMIT = 3600.0
IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})


def may_retry(error: PicqerApiError) -> bool:
    """Return whether to send the request again: a POST only if Picqer cannot have executed it."""
    if error.remedy is not Remedy.RETRY or error.attempt >= MAX_ATTEMPTS:
        return False
    return error.method in IDEMPOTENT or not error.maybe_executed


def backoff(attempt: int) -> float:
    """Return the seconds before the next attempt: doubling, with jitter."""
    return jitter(min(BACKOFF * 2 ** (attempt - 1), BACKOFF_LIMIT))


def jitter(seconds: float) -> float:
    """Shorten a delay at random: workers that failed together must not retry together."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def parse_retry_after(header: str | None) -> float | None:
    """Return the seconds in a Retry-After header (a number or an HTTP date), None without any."""
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
