"""Saleor's own HTTP server in processes of its own, on the test database and real Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple

from tests.integration.delivery.real_worker import ROOT
from tests.integration.support.host import IS_SALEOR_3

PROCESSES = 2


class Sample(NamedTuple):
    """A request: the status, None without a response, and the seconds."""

    status: int | None
    seconds: float


class RealServer:
    """Runs Saleor as its container image does: uvicorn, or gunicorn on Saleor 2.10."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._log = folder / "server.log"
        self._environment = environment
        self._popen: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def start(self) -> None:
        """Start the server and return when a request is answered."""
        with self._log.open("ab") as log:
            self._popen = subprocess.Popen(  # noqa: S603 - our own command
                self._command(),
                cwd=ROOT,
                env=os.environ | dict(self._environment) | _SETTINGS,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 300
        while shop_name(self.port).status != 200:
            assert time.monotonic() < deadline, self._log.read_text()[-3000:]
            assert self._popen.poll() is None, self._log.read_text()[-3000:]
            time.sleep(0.2)

    def kill(self) -> None:
        """Send SIGKILL to all processes of the server at once."""
        if self._popen is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
            self._popen = None

    def _command(self) -> list[str]:
        address = ("127.0.0.1", str(self.port))
        if IS_SALEOR_3:
            command = ["uvicorn", "saleor.asgi:application", "--host", address[0]]
            command += ["--port", address[1], "--lifespan=auto", "--ws=none", "--no-access-log"]
        else:
            command = ["gunicorn", "saleor.wsgi:application", "--bind", ":".join(address)]
            command += ["--threads", "5"]
        return [sys.executable, "-m", *command, "--workers", str(PROCESSES)]


_SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.integration.delivery.server_settings"}


def ask(
    port: int, path: str, body: bytes, connection: HTTPConnection | None = None, **headers: str
) -> Sample:
    """Post a body and return status and duration; no exception without a response."""
    used = connection or HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {"Host": "localhost", "Content-Type": "application/json", **headers}
    began = time.perf_counter()
    try:
        used.request("POST", path, body, sent)
        response = used.getresponse()
        response.read()
    except (OSError, HTTPException):
        used.close()
        return Sample(None, time.perf_counter() - began)
    finally:
        if connection is None:
            used.close()
    return Sample(response.status, time.perf_counter() - began)


def post_in_chunks(port: int, path: str, body: bytes, **headers: str) -> int:
    """Post a body without its length, in chunks; return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    chunks = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    sent = {"Host": "localhost", "Content-Type": "application/json", **headers}
    try:
        connection.request("POST", path, chunks, sent, encode_chunked=True)
        return connection.getresponse().status
    finally:
        connection.close()


def shop_name(port: int, connection: HTTPConnection | None = None) -> Sample:
    """Ask for the shop's name, Saleor's own smallest request."""
    return ask(port, "/graphql/", b'{"query": "{ shop { name } }"}', connection)


def from_connections(
    port: int, count: int, jobs: list[Callable[[HTTPConnection], Sample]]
) -> list[Sample]:
    """Run the jobs over a number of connections, and return the samples in order."""
    shares: list[list[tuple[int, Any]]] = [[] for _ in range(count)]
    for position, job in enumerate(jobs):
        shares[position % count].append((position, job))

    def run(share: list[tuple[int, Any]]) -> list[tuple[int, Sample]]:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            return [(position, job(connection)) for position, job in share]
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        found = [sample for share in pool.map(run, shares) for sample in share]
    return [sample for _, sample in sorted(found, key=lambda one: one[0])]


def percentile(samples: list[Sample], share: float) -> float:
    """Return the quantile of the samples."""
    durations = sorted(sample.seconds for sample in samples)
    return durations[min(len(durations) - 1, round(share * len(durations)))]
