"""Owns the threaded server: the simulator over real HTTP on a port of its own."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server

from picqer_simulator.app import SimulatorApp
from picqer_simulator.assembly import new_account
from picqer_simulator.core.account import Account
from picqer_simulator.core.options import Options
from picqer_simulator.http.runtime import Runtime

logger = logging.getLogger(__name__)

# 17 hours of retries in 6 seconds.
FAST = Options(webhook_time_scale=0.0001)
# Seconds after which the server notices that it is to stop.
STOP_WITHIN = 0.02


class SimulatorServer:
    """A simulator at `url`, from `start` until `stop` or within a `with` block.

    `port=0` takes a free port. Without a simulator of its own it gets an empty account whose
    webhook retries are sped up for tests.
    """

    def __init__(
        self,
        account: Account | None = None,
        *,
        api_key: str = "simulator-api-key",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.account = account or new_account(FAST)
        self.api_key = api_key
        self.runtime = Runtime(self.account, api_key)
        self.app = SimulatorApp(self.runtime)
        self._server = make_server(
            host, port, self.app, threaded=True, request_handler=_RequestHandler
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": STOP_WITHIN},
            name="picqer-simulator",
            daemon=True,
        )

    @property
    def url(self) -> str:
        """Without a trailing slash; the API is below /api/v1/."""
        return f"http://{self._server.host}:{self._server.server_port}"

    def start(self) -> Self:
        self.runtime.dispatcher.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.runtime.dispatcher.stop()

    def drain(self, timeout: float = 10) -> bool:
        """Wait until every webhook is delivered or given up; False if that takes longer."""
        return self.runtime.dispatcher.drain(timeout)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _RequestHandler(WSGIRequestHandler):
    """Quiet, and without the pause that Nagle's algorithm puts between headers and body."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        logger.debug(message, *args)
