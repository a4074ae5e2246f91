"""Serves the pages of the app: static files from a fixed table, below the global plugin's URL."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.html import escape

from saleor_picqer import extensions
from saleor_picqer.config import GLOBAL_PLUGIN_ID
from saleor_picqer.hosts import host

# Path below Saleor's public address. The page of the plugin of a channel would be gone when the
# plugin is switched off in the channel.
BASE: Final = f"/plugins/global/{GLOBAL_PLUGIN_ID}/app"
OVERVIEW: Final = "/overview"
DOCTOR: Final = "/doctor"
SET_UP: Final = "/setup"
ORDER: Final = "/order"
ORDER_CARD: Final = "/order-card"
PRODUCT: Final = "/product"
PRODUCT_CARD: Final = "/product-card"
HOME: Final = "/home"
_TYPES: Final[Mapping[str, str]] = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
}
_TEMPLATE: Final = "page.html"
# Files of the release never change below an address that contains their digest.
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)


class Page(NamedTuple):
    """The script of a page, and whether the page is a card on a page of the dashboard."""

    script: str
    view: str = "page"


# The pages by what follows `BASE` in their address.
_PAGES: Final[Mapping[str, Page]] = {
    "": Page("overview.js"),
    "/": Page("overview.js"),
    OVERVIEW: Page("overview.js"),
    DOCTOR: Page("doctor.js"),
    SET_UP: Page("setup.js"),
    ORDER: Page("order.js"),
    ORDER_CARD: Page("order.js", "card"),
    PRODUCT: Page("product.js"),
    PRODUCT_CARD: Page("product.js", "card"),
    HOME: Page("home.js", "card"),
}


class Asset(NamedTuple):
    """A static file and its content type."""

    content: bytes
    content_type: str


def serve(request: HttpRequest) -> HttpResponse | None:
    """Answer a request below the app's address; None if the address belongs to another part."""
    _, found, rest = request.path.rpartition(BASE)
    if not found or (rest and not rest.startswith("/")):
        return None
    if not extensions.is_dashboard_on():
        return _plain(404, "The app is switched off by the Django setting SALEOR_PICQER.")
    response = _page(_PAGES[rest]) if rest in _PAGES else _asset(rest)
    if response.status_code == 200 and request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return _finished(request, response)


def _page(page: Page) -> HttpResponse:
    """Return a page; only its addresses differ from the file in the package."""
    # Saleor 2.10 has no apps: the page is opened by itself and asks for a login.
    sign_in = "password" if host().apps is None else "dashboard"
    html = (files(__package__) / "static" / _TEMPLATE).read_text(encoding="utf-8")
    values = {
        "api": reverse("api"),
        "sign_in": sign_in,
        "assets": f"{BASE}/assets/{_digest()}",
        **page._asdict(),
    }
    for name, value in values.items():
        html = html.replace(f"{{{{ {name} }}}}", escape(value))
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Cache-Control"] = _ASK_AGAIN
    # The page that takes a password must not be shown inside another website.
    ancestors = "; frame-ancestors 'none'" if sign_in == "password" else ""
    response["Content-Security-Policy"] = _POLICY + ancestors
    return response


def _asset(rest: str) -> HttpResponse:
    """Return a file named `/assets/<digest>/<name>`."""
    match rest.split("/"):
        case ["", "assets", digest, name] if name in _assets():
            asset = _assets()[name]
            response = HttpResponse(asset.content, content_type=asset.content_type)
            # While a release is rolled out, a page of the old one may ask the new one.
            response["Cache-Control"] = _FOR_EVER if digest == _digest() else _ASK_AGAIN
            return response
    return _plain(404, "There is nothing at this address.")


@cache
def _assets() -> Mapping[str, Asset]:
    """Return the scripts and styles by name."""
    found = sorted((files(__package__) / "static").iterdir(), key=lambda file: file.name)
    names = [(file, file.name.rpartition(".")[2]) for file in found]
    return {
        file.name: Asset(file.read_bytes(), _TYPES[kind]) for file, kind in names if kind in _TYPES
    }


@cache
def _digest() -> str:
    """Return a digest of all files, as modules import each other by name."""
    digest = hashlib.sha256()
    for name, asset in _assets().items():
        digest.update(f"{name} {len(asset.content)} ".encode() + asset.content)
    return digest.hexdigest()[:16]


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add what all answers have; shorten an answer whose content the browser has already."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "same-origin"
    if response.status_code != 200:
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Content-Length"] = str(len(response.content))
    found = get_conditional_response(request, etag=etag, response=response)
    finished: HttpResponse = response if found is None else found
    if request.method == "HEAD":
        finished.content = b""
    return finished


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
