"""Keeps other sites out: the simulator asks for no key, and a browser beside it visits them all."""

from __future__ import annotations

from urllib.parse import urlsplit

from werkzeug.wrappers import Request


def is_from_elsewhere(request: Request) -> bool:
    """Browsers say where a form comes from; what is no browser need not."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
