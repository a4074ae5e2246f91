"""Which error a request without a response becomes."""

from __future__ import annotations

from collections.abc import Callable
from http.client import BadStatusLine, RemoteDisconnected
from typing import Any, Final, NamedTuple

import requests
import urllib3

from saleor_picqer.errors import (
    InvalidResponseError,
    PicqerApiError,
    ResponseLostError,
    UnreachableError,
    UnusableAddressError,
)
from saleor_picqer.picqer.connections import ImpossibleConnectionError, causes
from saleor_picqer.picqer.response_body import BodyRefusedError

# ValueError is for headers that requests cannot read, such as a malformed Location.
CONVERSATION_FAILED: Final = (OSError, ValueError, urllib3.exceptions.HTTPError)


class _Failure(NamedTuple):
    """The error and its text for an exception of any of the kinds."""

    kinds: tuple[type[Exception], ...]
    error: type[PicqerApiError]
    text: Callable[[Any], str]


def _name(cause: Exception) -> str:
    return type(cause).__name__


_FAILURES: Final = (
    _Failure((ImpossibleConnectionError,), UnusableAddressError, lambda cause: cause.reason),
    _Failure(
        (requests.exceptions.InvalidURL,), UnusableAddressError, lambda _: "this is no host name"
    ),
    _Failure((BodyRefusedError,), InvalidResponseError, str),
    _Failure(
        (urllib3.exceptions.ReadTimeoutError,),
        ResponseLostError,
        lambda _: "no complete answer in time",
    ),
    _Failure(
        (
            requests.ConnectTimeout,
            requests.exceptions.ProxyError,
            urllib3.exceptions.ConnectTimeoutError,
            urllib3.exceptions.NewConnectionError,
            urllib3.exceptions.ProxyError,
        ),
        UnreachableError,
        _name,
    ),
)


def classify(problem: Exception) -> tuple[type[PicqerApiError], str]:
    """Return the class and the text of the error for an exception of `CONVERSATION_FAILED`."""
    for cause in causes(problem):
        for failure in _FAILURES:
            if isinstance(cause, failure.kinds):
                return failure.error, failure.text(cause)
        if isinstance(cause, BadStatusLine) and _speaks_no_http(cause):
            return InvalidResponseError, "not HTTP"
    return ResponseLostError, _name(problem)


def _speaks_no_http(problem: BadStatusLine) -> bool:
    """Return whether the answer began with something else than HTTP, such as TLS."""
    is_empty = isinstance(problem, RemoteDisconnected)
    return not is_empty and not str(problem).startswith("HTTP/")
