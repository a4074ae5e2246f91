"""The in-process mode: a `requests` adapter that calls the application without a socket."""

from __future__ import annotations

import time
from collections.abc import Mapping
from io import BytesIO

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from picqer_simulator.app import SimulatorApp
from picqer_simulator.http.fault_effects import ConnectionDroppedError

type Timeout = float | tuple[float, float] | tuple[float, None] | None


class SimulatorAdapter(HTTPAdapter):
    """Answer the requests of a session from `app`.

    Mount the adapter: `session.mount("https://demo.picqer.test/", SimulatorAdapter(app))`. A fault
    raises the exception that `requests` would raise. Retries of urllib3 do not take place.
    """

    def __init__(self, app: SimulatorApp) -> None:
        super().__init__()
        self._app = app

    def send(  # noqa: PLR0917 - the signature of requests
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Timeout = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Return the application's response, as `HTTPAdapter.send` does."""
        started = time.monotonic()
        # `respond` skips the Host check: a request in process has no other host to come from.
        try:
            answer = self._app.respond(_incoming(request))
        except ConnectionDroppedError:
            raise requests.ConnectionError(request=request) from None
        limit = timeout[1] if isinstance(timeout, tuple) else timeout
        if limit is not None and time.monotonic() - started > limit:
            raise requests.ReadTimeout(request=request)
        response = self.build_response(request, _outgoing(answer))
        if not stream:
            response.content  # noqa: B018 - reads the body now, as requests does
        return response


def _incoming(request: requests.PreparedRequest) -> Request:
    """Translate a request of `requests` to a request of werkzeug."""
    body = request.body or b""
    builder = EnvironBuilder(
        method=request.method or "GET",
        path=request.url or "/",
        headers=list(request.headers.items()),
        data=body.encode() if isinstance(body, str) else body,
    )
    return Request(builder.get_environ())


def _outgoing(answer: Response) -> HTTPResponse:
    """Translate a response of werkzeug to a response of urllib3."""
    return HTTPResponse(
        body=BytesIO(answer.get_data()),
        headers=dict(answer.headers),
        status=answer.status_code,
        reason=answer.status.partition(" ")[2],
        preload_content=False,
        enforce_content_length=True,
    )
