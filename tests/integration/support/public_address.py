"""A public address of Saleor over real HTTP: Saleor itself, or what may stand before it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import connections
from django.test import Client

from tests.integration.support.api import commit_hooks
from tests.integration.support.connected_shop import ConnectedShop


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """An answer to give."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def html(status: int) -> Answer:
    return Answer(status, b"<html>Hello</html>", {"Content-Type": "text/html; charset=utf-8"})


def redirect(target: str, status: int = 301) -> Answer:
    return Answer(status, b"", {"Location": target})


def saleor(request: Received) -> Answer:
    """Let Saleor answer, in the transaction of the test."""
    headers: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in request.headers.items()
        if name.lower().startswith("x-")
    }
    response = Client().generic(
        request.method, request.path, request.body, "application/json", **headers
    )
    return Answer(response.status_code, response.content, dict(response.items()))


@dataclass
class Address:
    """The address; `answers` decides what a request gets, `received` are the requests so far."""

    url: str
    answers: Callable[[Received], Answer] = saleor
    received: list[Received] = field(default_factory=list)

    def always(self, answer: Answer) -> None:
        """Give every request this answer."""
        self.answers = lambda _: answer


@contextmanager
def public_address() -> Iterator[Address]:
    """Run a server whose threads use the database connections of the calling thread."""
    shared = {alias: connections[alias] for alias in connections}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            for alias, connection in shared.items():
                connections[alias] = connection
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            request = Received(self.command, self.path, dict(self.headers), body)
            address.received.append(request)
            answer = address.answers(request)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    for connection in shared.values():
        connection.inc_thread_sharing()
    try:
        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            address = Address(f"http://127.0.0.1:{server.server_port}")
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield address
            finally:
                server.shutdown()
                thread.join()
    finally:
        for connection in shared.values():
            connection.dec_thread_sharing()


def move_to(url: str, settings: Any) -> None:
    """Give Saleor another public address."""
    settings.PUBLIC_URL = url
    settings.ENABLE_SSL = url.startswith("https:")
    Site.objects.update(domain=url.partition("://")[2])
    Site.objects.clear_cache()


def settle_at(shop: ConnectedShop, url: str, settings: Any) -> None:
    """Move the shop to another public address, and its webhooks with it."""
    move_to(url, settings)
    with commit_hooks():
        call_command("picqer", "confirm-address", "--moved")
    shop.run_until_idle()
