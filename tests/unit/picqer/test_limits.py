"""Answers without a limit: each ends with one of the client's errors, never in the memory."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from saleor_picqer.errors import (
    EndpointError,
    InvalidResponseError,
    PicqerApiError,
    ResponseLostError,
)
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.resources import base
from saleor_picqer.picqer.response_body import MAX_BODY_SIZE
from tests.unit.picqer.builders import account, product
from tests.unit.picqer.socket_server import SocketServer

MEGABYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

type Handler = Callable[[socket.socket, bytes], None]


class Server(SocketServer):
    """A server whose answer to each connection is a function of the test's."""

    def __init__(self) -> None:
        self.handler: Handler = lambda connection, _: connection.sendall(HEAD + b"\r\n{}")
        self._stopped = threading.Event()
        super().__init__()

    def handle(self, connection: socket.socket) -> None:
        self.handler(connection, connection.recv(65536))

    def drip(self, connection: socket.socket, start: bytes, drop: bytes) -> None:
        """Send `start`, then `drop` again and again, as long as the client listens."""
        connection.sendall(start)
        while not self._stopped.wait(0.02):
            connection.sendall(drop)

    def close(self) -> None:
        self._stopped.set()
        super().close()


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()
    yield served
    served.close()


def client(server: Server, **options: Any) -> PicqerClient:
    return PicqerClient(account(endpoint=server.url), **{"max_wait": 0} | options)


def failure(call: Callable[[], Any]) -> PicqerApiError:
    with pytest.raises(PicqerApiError) as info:
        call()
    return info.value


def bomb(megabytes: int) -> bytes:
    """Return zeros, packed to about a thousandth: members of gzip, one after the other."""
    return gzip.compress(bytes(16 * MEGABYTE)) * (megabytes // 16)


def send(server: Server, head: bytes, body: bytes) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    server.handler = lambda connection, _: connection.sendall(head + length + body)


@pytest.fixture
def measured() -> Iterator[Callable[[], int]]:
    """Return a function for the most memory that was in use, in bytes."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found\r\nLocation: /elsewhere", b"500 Oops"])
def test_answer_is_invalid_when_it_unpacks_to_gigabytes(
    server: Server, measured: Callable[[], int], status: bytes
) -> None:
    """Failure mode F109: two megabytes of gzip that become two gigabytes."""
    packed = bomb(2048)
    assert len(packed) < 2.5 * MEGABYTE
    send(server, b"HTTP/1.1 " + status + b"\r\nContent-Encoding: gzip\r\n", packed)
    before = measured()

    error = failure(client(server).stats.get)

    assert type(error) is InvalidResponseError
    assert error.text == "larger than 16 MB"
    assert not error.answered
    assert measured() - before < 5 * MAX_BODY_SIZE


@pytest.mark.parametrize("encoding", [b"gzip, gzip", b"br", b"zstd", b"compress", b"gzip,br"])
def test_answer_is_invalid_when_it_is_compressed_in_another_way(
    server: Server, encoding: bytes
) -> None:
    """Failure mode F109: a few kilobytes of gzip inside gzip become gigabytes."""
    send(server, HEAD + b"Content-Encoding: " + encoding + b"\r\n", gzip.compress(bomb(64)))

    error = failure(client(server).stats.get)

    assert type(error) is InvalidResponseError
    assert "was not offered" in error.text


def test_answer_may_be_compressed(server: Server) -> None:
    send(server, HEAD + b"Content-Encoding: gzip\r\n", gzip.compress(b'{"open_orders":{}}'))

    assert client(server).stats.get()


def test_answer_is_invalid_when_it_never_ends(server: Server) -> None:
    """Failure mode F109: no length, no end."""
    start = HEAD + b"\r\n["
    server.handler = lambda connection, _: server.drip(connection, start, b" " * MEGABYTE)

    error = failure(client(server).stats.get)

    assert type(error) is InvalidResponseError
    assert error.text == "larger than 16 MB"


def test_large_answer_is_read(server: Server) -> None:
    rows = [product(number, name="x" * 50_000) for number in range(1, 100)]
    body = json.dumps(rows).encode()
    assert 4 * MEGABYTE < len(body) < MAX_BODY_SIZE
    send(server, HEAD, body)

    assert len(list(client(server).products.list())) == 99


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b"\x00"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
        (HEAD + b"\r\n", b" "),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"", mtime=0)),
    ],
)
def test_response_is_lost_when_the_server_only_drips(
    server: Server, start: bytes, drop: bytes
) -> None:
    """Failure mode F109: each byte arrives in time, the answer never does."""
    server.handler = lambda connection, _: server.drip(connection, start, drop)
    began = monotonic()

    error = failure(client(server, timeout=(1, 0.4)).stats.get)

    assert monotonic() - began < 2
    assert type(error) is ResponseLostError
    assert error.text == "no complete answer in time"


def test_slow_answer_is_read_when_it_is_complete_in_time(server: Server) -> None:
    body = b'{"open_orders":{}}'

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
        for byte in body:
            sleep(0.01)
            connection.sendall(bytes([byte]))

    server.handler = answer

    assert client(server, timeout=(1, 10)).stats.get()


def test_time_begins_again_with_each_request_of_a_connection(server: Server) -> None:
    answer = HEAD + b"Content-Length: 2\r\n\r\n{}"

    def answer_slowly(connection: socket.socket, request: bytes) -> None:
        while request:
            sleep(0.4)
            connection.sendall(answer)
            request = connection.recv(65536)

    server.handler = answer_slowly
    connected = client(server, timeout=(1, 0.8))

    for _ in range(4):
        connected.stats.get()

    assert server.connections == 1


def page(request: bytes, name: str) -> list[dict[str, Any]]:
    """Return a full page of products that were never sent before."""
    offset = int(parse_qs(urlsplit(request.split()[1]).query)[b"offset"][0])
    return [product(offset + number, name=name) for number in range(1, 101)]


def serve_pages(server: Server, name: str = "Mug") -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        body = json.dumps(page(request, name)).encode()
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def answer_all(connection: socket.socket, request: bytes) -> None:
        while request:
            answer(connection, request)
            request = connection.recv(65536)

    server.handler = answer_all


def test_list_is_invalid_when_it_has_no_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F109."""
    monkeypatch.setattr(base, "MAX_PAGES", 20)
    serve_pages(server)

    error = failure(lambda: list(client(server).products.list()))

    assert type(error) is InvalidResponseError
    assert error.text.startswith("a list without end: 2000 objects")
    assert not error.maybe_executed


def test_list_is_invalid_when_its_pages_are_large_together(server: Server) -> None:
    """Failure mode F109."""
    serve_pages(server, name="x" * 100_000)

    error = failure(lambda: sum(1 for _ in client(server).products.list()))

    assert type(error) is InvalidResponseError
    assert error.text.startswith("a list without end: 700 objects")


def test_page_is_invalid_when_the_list_has_no_end(server: Server) -> None:
    """Failure mode F109: a full sync goes on page by page, but not for ever."""
    serve_pages(server)
    connected = client(server)

    assert connected.products.page(base.MAX_OFFSET - 100).next_offset == base.MAX_OFFSET
    error = failure(lambda: connected.products.page(base.MAX_OFFSET + 100))

    assert type(error) is InvalidResponseError
    assert "a list without end" in error.text


def test_redirect_is_an_error_of_the_address_when_it_has_a_body(server: Server) -> None:
    send(server, b"HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\n", b"<html>")

    assert type(failure(client(server).stats.get)) is EndpointError
    assert server.connections == 1
