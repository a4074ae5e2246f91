"""Fixtures: a mock of Picqer, a clock that stands still, and a server of raw bytes."""

import socket
import threading
from collections.abc import Iterator

import pytest
import responses

from saleor_picqer.picqer import transport
from tests.unit.picqer.socket_server import SocketServer


@pytest.fixture
def picqer() -> Iterator[responses.RequestsMock]:
    """Return a mock that answers requests to the account of the builders."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the list of seconds that the client has slept; no time passes."""
    slept: list[float] = []
    monkeypatch.setattr(transport, "sleep", slept.append)
    return slept


class RawServer(SocketServer):
    """Answers every connection with the same bytes and closes it."""

    def __init__(self) -> None:
        self.answer = b""
        self.hold = threading.Event()
        self.hold.set()
        super().__init__()

    def handle(self, connection: socket.socket) -> None:
        connection.recv(65536)
        self.hold.wait(5)
        connection.sendall(self.answer)
        connection.shutdown(socket.SHUT_WR)
        # Closing with unread bytes would reset the connection before the answer is read.
        connection.settimeout(0.2)
        connection.recv(65536)

    def close(self) -> None:
        self.hold.set()
        super().close()


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()
