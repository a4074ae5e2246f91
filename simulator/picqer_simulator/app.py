"""The WSGI application: the API, the control routes and the web pages."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from picqer_simulator.http import api, control, hosts
from picqer_simulator.http.fault_effects import ConnectionDroppedError
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.pages import site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class SimulatorApp:
    """Serve one account. `allow_hosts` are host names to accept beside localhost."""

    def __init__(self, runtime: Runtime, *, allow_hosts: Collection[str] = ()) -> None:
        self.runtime = runtime
        self._allow_hosts = frozenset(allow_hosts)
        # The first prefix that matches decides, so the pages (prefix "") come last.
        self._sites = {
            api.PREFIX: api.Api(runtime).respond,
            control.PREFIX: control.Control(runtime).respond,
            site.PREFIX: site.Pages(runtime).respond,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that arrived over a socket."""
        try:
            response = self._respond_to_allowed_host(environ.get("HTTP_HOST", ""), environ)
        except ConnectionDroppedError:
            _close_connection(environ)
            response = Response(status=500)
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Answer a request; raise ConnectionDroppedError if a fault drops the connection."""
        for prefix, respond in self._sites.items():
            if request.path == prefix or request.path.startswith(f"{prefix}/"):
                return respond(request)
        return Response("Not found", 404)

    def _respond_to_allowed_host(self, host: str, environ: WSGIEnvironment) -> Response:
        """Answer with status 403 where the Host header names another host."""
        if not hosts.is_allowed(host, self._allow_hosts):
            return Response(hosts.refusal_text(host), 403, content_type="text/plain")
        return self.respond(Request(environ))


def _close_connection(environ: WSGIEnvironment) -> None:
    """Shut down the client's connection without a response."""
    connection: socket.socket = environ["werkzeug.socket"]
    # The client may have closed the connection already.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
