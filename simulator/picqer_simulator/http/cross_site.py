"""The cross-site check: protection against forms that another website sends."""

from __future__ import annotations

from urllib.parse import urlsplit

from werkzeug.wrappers import Request


def is_cross_site(request: Request) -> bool:
    """Return whether a browser sent the request from a page of another website."""
    # The control routes and pages ask for no key, and browsers send the headers Origin and
    # Sec-Fetch-Site with every form. Clients other than browsers need not send either.
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
