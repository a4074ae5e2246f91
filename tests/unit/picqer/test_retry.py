from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from saleor_picqer.errors import (
    AuthenticationError,
    InvalidResponseError,
    NotFoundError,
    RateLimitedError,
    ResponseLostError,
    ServerError,
    UnreachableError,
)
from saleor_picqer.picqer import retry


@pytest.mark.parametrize(
    ("method", "kind", "expected"),
    [
        ("GET", ResponseLostError, True),
        ("GET", ServerError, True),
        ("GET", InvalidResponseError, True),
        ("PUT", ServerError, True),
        ("DELETE", ResponseLostError, True),
        ("POST", RateLimitedError, True),
        ("POST", UnreachableError, True),
        ("POST", ResponseLostError, False),
        ("POST", ServerError, False),
        ("POST", InvalidResponseError, False),
        ("GET", NotFoundError, False),
        ("GET", AuthenticationError, False),
    ],
)
def test_request_is_repeated_only_when_that_can_do_no_harm(
    method: Any, kind: Any, expected: Any
) -> None:
    assert retry.may_retry(kind(method, "/orders")) is expected


def test_request_is_not_repeated_when_the_attempts_are_used_up() -> None:
    assert retry.may_retry(ServerError("GET", "/", attempt=retry.MAX_ATTEMPTS - 1))
    assert not retry.may_retry(ServerError("GET", "/", attempt=retry.MAX_ATTEMPTS))


def test_backoff_doubles_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "jitter", lambda seconds: seconds)

    assert [retry.backoff(attempt) for attempt in range(1, 7)] == [0.5, 1, 2, 4, 8, 8]


def test_jitter_shortens_by_at_most_half() -> None:
    assert all(1 <= retry.jitter(2) <= 2 for _ in range(100))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("20", 20), (" 7 ", 7), ("0", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_retry_after_is_read(header: Any, seconds: Any) -> None:
    assert retry.parse_retry_after(header) == seconds


def test_retry_after_may_be_a_date_to_come() -> None:
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    assert retry.parse_retry_after(header) == pytest.approx(60, abs=2)


def test_retry_after_is_limited_when_it_is_absurd() -> None:
    assert retry.parse_retry_after("9" * 400) == retry.RETRY_AFTER_LIMIT


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "²", "Mon, 99"])
def test_retry_after_is_ignored_when_it_names_no_time(header: Any) -> None:
    assert retry.parse_retry_after(header) in (None, 0.0)
