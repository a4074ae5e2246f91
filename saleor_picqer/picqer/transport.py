"""HTTP requests to a Picqer account: rate limit, retries, and errors from `errors.py`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic, sleep
from typing import Any, NamedTuple

import requests

from saleor_picqer.errors import (
    InvalidRequestError,
    InvalidResponseError,
    PicqerApiError,
    RateLimitedError,
    RefusedError,
    ServerError,
    error_class,
)
from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.failures import CONVERSATION_FAILED, classify
from saleor_picqer.picqer.rate_limiter import Priority, RateLimiter, Unlimited
from saleor_picqer.picqer.redact import redacted
from saleor_picqer.picqer.response_body import ACCEPT_ENCODING, read_body
from saleor_picqer.picqer.retry import backoff, may_retry, parse_retry_after
from saleor_picqer.picqer.wire import decode

logger = logging.getLogger(__name__)

type Params = Mapping[str, str]


class Request(NamedTuple):
    """A request. Only `method` and `path` are logged and shown: the query may be personal data."""

    method: str
    path: str
    params: Params | None = None
    body: bytes | None = None


class ApiResponse(NamedTuple):
    """A successful response of Picqer; `payload` is the decoded JSON, None for an empty body."""

    payload: Any
    request: Request
    status: int
    attempt: int
    # Bytes of the decoded body.
    size: int

    def invalid_response(self, text: str) -> InvalidResponseError:
        """Return the error for a payload of an unexpected shape."""
        method, path = self.request.method, self.request.path
        return InvalidResponseError(
            method, path, status=self.status, text=text, attempt=self.attempt
        )


class Transport:
    """Sends requests within the rate limit and repeats requests where safe.

    `timeout` is (connect, answer) in seconds; the second is for the complete answer. A request that
    would have to wait longer than `max_wait` seconds fails with a RateLimitedError that has
    `retry_after`. `answered` is true after Picqer has given any valid response, also a refusal or a
    fault of its own. `clock_ahead` is by how many seconds the clock in the latest response is ahead
    of this process's.
    """

    def __init__(
        self,
        account: PicqerAccount,
        *,
        session: requests.Session,
        timeout: tuple[float, float],
        rate_limiter: RateLimiter | Unlimited,
        priority: Priority,
        max_wait: float,
    ) -> None:
        self._account = account
        self._session = session
        self._timeout = timeout
        self._rate_limiter = rate_limiter
        self._priority = priority
        self._max_wait = max_wait
        self.answered = False
        self.requests = 0
        self.clock_ahead: float | None = None

    def request(self, request: Request) -> ApiResponse:
        """Return a response with a 2xx status; raise PicqerApiError for other outcomes."""
        deadline = monotonic() + self._max_wait
        earlier: PicqerApiError | None = None
        while True:
            self._wait_for_turn(request, deadline, earlier)
            outcome = self._exchange(request, earlier.attempt + 1 if earlier else 1)
            self.answered |= isinstance(outcome, ApiResponse) or outcome.answered
            if isinstance(outcome, ApiResponse):
                return outcome
            earlier = outcome.after(earlier)
            delay = self._delay(earlier)
            if not may_retry(earlier) or monotonic() + delay > deadline:
                raise earlier
            logger.info("%s; again in %.1f s", earlier, delay)
            sleep(delay)

    def _wait_for_turn(
        self, request: Request, deadline: float, earlier: PicqerApiError | None
    ) -> None:
        while delay := self._rate_limiter.take(self._priority):
            if monotonic() + delay > deadline:
                raise RateLimitedError(
                    request.method,
                    request.path,
                    text="no budget left for now",
                    attempt=earlier.attempt if earlier else 0,
                    retry_after=delay,
                ).after(earlier)
            sleep(delay)

    def _delay(self, error: PicqerApiError) -> float:
        """Return the seconds to wait after an error; a 429 pauses all workers of the account."""
        if isinstance(error, RateLimitedError):
            error.retry_after = self._rate_limiter.pause(error.retry_after)
        return max(backoff(error.attempt), error.retry_after or 0.0)

    def _exchange(self, request: Request, attempt: int) -> ApiResponse | PicqerApiError:
        """Send the request once and return the response, or an error for a failure."""
        self.requests += 1
        try:
            response = self._session.request(
                request.method,
                self._account.base_url + request.path,
                params=request.params,
                data=request.body,
                headers=self._headers(request),
                auth=(self._account.api_key, ""),
                timeout=self._timeout,
                # A redirect would turn a POST into a GET and drop the key.
                allow_redirects=False,
                stream=True,
            )
            body = read_body(response)
        except CONVERSATION_FAILED as problem:
            failure, text = classify(problem)
        else:
            return self._judge(response, body, request, attempt)
        # Made outside the `except`, so that the error does not carry the request as its context.
        error = failure(request.method, request.path, text=text, attempt=attempt)
        error.answered = False
        return error

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {
            "User-Agent": self._account.user_agent,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        return headers if request.body is None else headers | {"Content-Type": "application/json"}

    def _judge(
        self, response: requests.Response, body: bytes, request: Request, attempt: int
    ) -> ApiResponse | PicqerApiError:
        """Read the rate limit headers and the body of a response."""
        self._rate_limiter.learn(
            _whole(response.headers.get("X-RateLimit-Limit")),
            _whole(response.headers.get("X-RateLimit-Remaining")),
        )
        self.clock_ahead = _seconds_ahead(response.headers.get("Date"))
        try:
            payload = decode(body) if body.strip() else None
        except ValueError:
            payload = _NOT_JSON
        if 200 <= response.status_code < 300 and payload is not _NOT_JSON:
            return ApiResponse(payload, request, response.status_code, attempt, len(body))
        return self._error(response, payload, request, attempt)

    def _error(
        self, response: requests.Response, payload: Any, request: Request, attempt: int
    ) -> PicqerApiError:
        told = payload if isinstance(payload, dict) else {}
        code = _whole(told.get("error_code"))
        failure = error_class(response.status_code, code)
        if payload is _NOT_JSON and failure in _SAID_BY_THE_BODY:
            failure = InvalidResponseError
        error = failure(
            request.method,
            request.path,
            status=response.status_code,
            code=code,
            text=redacted(told.get("error_message"), secret=self._account.api_key),
            attempt=attempt,
            retry_after=parse_retry_after(response.headers.get("Retry-After")),
        )
        if isinstance(error, InvalidResponseError | ServerError):
            # Without Picqer's error object, a proxy may have answered in its place.
            error.answered = isinstance(payload, dict)
        return error


# Distinguishes a body that is no JSON from JSON's own null.
_NOT_JSON = object()
# Errors that only the body tells apart: a truncated body may have said "processed already".
_SAID_BY_THE_BODY = (InvalidRequestError, RefusedError)


def _whole(value: object) -> int | None:
    """Return a header or code as a number, None for other texts."""
    try:
        return int(str(value)) if len(str(value)) < 10 else None
    except ValueError:
        return None


def _seconds_ahead(date: str | None) -> float | None:
    """Return by how many seconds the date of a response is in the future."""
    try:
        moment = parsedate_to_datetime(date or "")
    except (ValueError, OverflowError):
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
