"""An HTTP client of the simulator, and a receiver of webhooks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from picqer_simulator.server import SimulatorServer

ORDER: dict[str, Any] = {
    "reference": "SALEOR-10042",
    "deliveryname": "Anna Visser",
    "deliverycountry": "NL",
    "invoicename": "Anna Visser",
    "invoicecountry": "NL",
    "products": [{"productcode": "MUG", "amount": 2}],
}
SEED: dict[str, Any] = {
    "warehouses": [{"name": "Utrecht"}],
    "orderfields": [{"title": "Gift"}],
    "productfields": [{"title": "Season"}],
    "tags": [{"title": "Urgent", "color": "#FF0000", "inherit": False}],
    "products": [
        {"productcode": "MUG", "name": "Mug", "price": 8.26, "stock": {"Utrecht": 9}},
        {"productcode": "CUP", "name": "Cup", "price": 4.13},
    ],
}


class Session:
    """A client of a simulator: `call` and `json` for the API, `control` for the control routes."""

    def __init__(self, server: SimulatorServer) -> None:
        self.server = server
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.auth = (server.api_key, "X")

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Send a request to the API."""
        url = f"{self.server.url}/api/v1{path}"
        return self._http.request(method, url, timeout=10, **arguments)

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the API and return the JSON; raise for an error status."""
        response = self.call(method, path, json=body)
        response.raise_for_status()
        return response.json() if response.content else None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to a control route and return the JSON."""
        url = f"{self.server.url}/_simulator{path}"
        response = self._http.request(method, url, json=body, timeout=40)
        response.raise_for_status()
        return response.json()


def order_body(**changes: Any) -> dict[str, Any]:
    return {**ORDER, **changes}


@dataclass
class Receiver:
    """A web server that records webhooks."""

    url: str = ""
    # The statuses of the next responses, and then the status of all later responses.
    statuses: deque[int] = field(default_factory=deque)
    always: int = 200
    # Called between the receipt of a webhook and the response.
    meanwhile: Callable[[], object] = lambda: None
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver of webhooks on a free port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append((dict(self.headers), raw))
            receiver.meanwhile()
            status = receiver.statuses.popleft() if receiver.statuses else receiver.always
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
