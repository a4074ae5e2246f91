"""The threaded server: the simulator over real HTTP on a port of this machine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server

from picqer_simulator.app import SimulatorApp
from picqer_simulator.assembly import new_account
from picqer_simulator.core.account import Account
from picqer_simulator.core.options import Options
from picqer_simulator.http.runtime import Runtime

logger = logging.getLogger(__name__)

# Shrinks 17 hours of webhook retries to 6 seconds.
FAST = Options(webhook_time_scale=0.0001)
# Seconds between two looks at whether the server must stop.
POLL_INTERVAL = 0.02


class SimulatorServer:
    """Serve an account at `url`, from `start` to `stop` or within a `with` block.

    `port=0` takes a free port. Without `account`, the server opens an empty account with fast
    webhook retries. The server answers to loopback host names and to those in `allow_hosts`.
    """

    def __init__(
        self,
        account: Account | None = None,
        *,
        api_key: str = "simulator-api-key",
        host: str = "127.0.0.1",
        port: int = 0,
        allow_hosts: Collection[str] = (),
    ) -> None:
        self.account = account or new_account(FAST)
        self.api_key = api_key
        self.runtime = Runtime(self.account, api_key)
        self.app = SimulatorApp(self.runtime, allow_hosts=allow_hosts)
        self._server = make_server(
            host, port, self.app, threaded=True, request_handler=_RequestHandler
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": POLL_INTERVAL},
            name="picqer-simulator",
            daemon=True,
        )

    @property
    def url(self) -> str:
        """Return the server's address without a trailing slash; append /api/v1 for the API."""
        return f"http://{self._server.host}:{self._server.server_port}"

    def start(self) -> Self:
        """Start to answer requests and to send webhooks."""
        self.runtime.dispatcher.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and stop to send webhooks."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.runtime.dispatcher.stop()

    def drain(self, timeout: float = 10) -> bool:
        """Wait until every webhook is delivered or given up; return False after `timeout`."""
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
    """Log at level DEBUG only."""

    # Nagle's algorithm would delay the body of a response by 40 milliseconds.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Pass werkzeug's access log on to `logging`."""
        logger.debug(message, *args)
