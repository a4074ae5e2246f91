"""A stand-in for Saleor's dashboard: shows a page in a frame and speaks the protocol."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

# As in the dashboard of Saleor 3.22 and newer.
SANDBOX: Final = "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"
PAGE: Final = f"""<!doctype html>
<title>Dashboard</title>
<body style="margin:0">
<iframe id="app" title="App" sandbox="{SANDBOX}" style="border:0;width:100%;height:90vh"></iframe>
<script>
  const frame = document.getElementById("app");
  const received = [];
  let handshake = null;
  const say = (type, payload) => frame.contentWindow.postMessage({{ type, payload }}, "*");
  const shake = () => handshake && say("handshake", handshake);
  frame.addEventListener("load", shake);
  addEventListener("message", ({{ source, data }}) => {{
    if (source !== frame.contentWindow) return;
    received.push(data);
    if (data.type === "notifyReady") shake();
    say("response", {{ actionId: data.payload.actionId, ok: true }});
  }});
  // A message of another frame, which the page must not take for one of the dashboard.
  const forge = (message) => {{
    const other = document.createElement("iframe");
    const text = JSON.stringify(message);
    other.sandbox = "allow-scripts";
    other.srcdoc = `<script>parent.frames[0].postMessage(${{text}}, "*")<\\/script>`;
    document.body.append(other);
  }};
  const show = (address, payload) => {{ handshake = payload; frame.src = address; }};
</script>
"""


@dataclass
class StandIn:
    """The running stand-in; `requests` are the received requests."""

    url: str
    requests: list[str] = field(default_factory=list)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Run the stand-in on a port, and thus an origin, of its own."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(f"{self.command} {self.path}")
            content = PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def do_OPTIONS(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield StandIn(f"http://127.0.0.1:{server.server_port}", requests)
        finally:
            server.shutdown()
            thread.join()
