"""One request to Saleor's public address, as Picqer makes it: a signed POST, without redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3

from saleor_picqer.domain.doctor.address import Failure
from saleor_picqer.errors import UnusableAddressError
from saleor_picqer.picqer.connections import ClientSession, causes
from saleor_picqer.picqer.failures import CONVERSATION_FAILED, classify
from saleor_picqer.picqer.response_body import ACCEPT_ENCODING, BodyRefusedError, read_body
from saleor_picqer.picqer.signature import HEADER

# Seconds to connect, and for the complete answer.
_TIMEOUT: Final = (3, 5)
_TIMEOUTS: Final = (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)


@dataclass(frozen=True, slots=True)
class ProbeResponse:
    """An answer, or the reason for none; `location` is a redirect's target without the query."""

    status: int = 0
    body: bytes = b""
    content_type: str = ""
    location: str = ""
    failure: Failure | None = None
    reason: str = field(default="")


def send(address: str, body: bytes, signed: str, headers: Mapping[str, str]) -> ProbeResponse:
    """Send the request and return what came back; never raises for a failed connection."""
    try:
        with ClientSession() as session:
            response = session.post(
                address,
                data=body,
                headers={
                    "Content-Type": "application/json",
                    "Accept-Encoding": ACCEPT_ENCODING,
                    HEADER: signed,
                    **headers,
                },
                # Otherwise requests adds a login that it finds in a .netrc file.
                auth=lambda request: request,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            return ProbeResponse(
                status=response.status_code,
                body=_body(response),
                content_type=response.headers.get("Content-Type", ""),
                location=_without_query(response.headers.get("Location", "")),
            )
    except CONVERSATION_FAILED as problem:
        return _failed(problem)


def _body(response: requests.Response) -> bytes:
    try:
        return read_body(response)
    except BodyRefusedError:
        return b""


def _failed(problem: Exception) -> ProbeResponse:
    kind, text = classify(problem)
    if kind is UnusableAddressError:
        return ProbeResponse(failure=Failure.ADDRESS, reason=text)
    if any(isinstance(cause, _TIMEOUTS) for cause in causes(problem)):
        return ProbeResponse(failure=Failure.TIMEOUT, reason=text)
    return ProbeResponse(failure=Failure.NETWORK, reason=text)


def _without_query(location: str) -> str:
    """Return where a redirect leads, without a query, which may be a secret."""
    try:
        parts = urlsplit(location)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}{parts.path}"[:200] if host else parts.path[:200]
