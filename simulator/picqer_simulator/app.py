"""Owns the WSGI application: the API, the control routes and the web pages, each by its prefix."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from picqer_simulator.http import api, control
from picqer_simulator.http.fault_effects import ConnectionDroppedError
from picqer_simulator.http.runtime import Runtime
from picqer_simulator.pages import site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class SimulatorApp:
    """Serves one simulator; of its `sites` the first one whose prefix fits answers."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.sites = {
            api.PREFIX: api.Api(runtime).answer,
            control.PREFIX: control.Control(runtime).answer,
            site.PREFIX: site.Pages(runtime).answer,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = self.answer(Request(environ))
        except ConnectionDroppedError:
            _close_connection(environ)
            response = Response(status=500)
        return response(environ, start_response)

    def answer(self, request: Request) -> Response:
        """ConnectionDroppedError if a fault wants the client to get no answer."""
        for prefix, answer in self.sites.items():
            if request.path == prefix or request.path.startswith(f"{prefix}/"):
                return answer(request)
        return Response("Not found", 404)


def _close_connection(environ: WSGIEnvironment) -> None:
    """What is written afterwards goes nowhere; a client that has gone itself may stay so."""
    connection: socket.socket = environ["werkzeug.socket"]
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
