"""The pages of the app, as a browser gets them."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from saleor_picqer.dashboard import pages
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.shop import Shop

PARSERS = re.compile(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(")
PAGES = list(pages._PAGES)


@pytest.fixture(autouse=True)
def _shop(shop: Shop) -> None:
    """Have a shop in which the plugin is not set up."""


def get(path: str, method: str = "get", **headers: Any) -> HttpResponse:
    return cast(HttpResponse, getattr(Client(), method)(pages.BASE + path, **headers))


def assets(page: str) -> list[str]:
    """Return the addresses of the scripts and styles in a page, relative to `pages.BASE`."""
    html = get(page).content.decode()
    return [path.removeprefix(pages.BASE) for path in re.findall(r'(?:href|src)="([^"]+)"', html)]


@pytest.mark.parametrize("page", PAGES)
def test_page_is_served_while_the_plugin_is_switched_off_everywhere(page: str) -> None:
    response = get(page)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert f'data-api="{reverse("api")}"' in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_everything_that_a_page_names_is_served(page: str) -> None:
    kinds = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}

    for asset in assets(page):
        response = get(asset)
        assert response.status_code == 200
        assert response["Content-Type"] == kinds[asset.rpartition(".")[2]]
        assert "immutable" in response["Cache-Control"]
        for name in re.findall(r'from "\./([\w.]+)"', response.content.decode()):
            assert get(f"{asset.rpartition('/')[0]}/{name}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_policy_allows_nothing_inline_and_no_other_origin(page: str) -> None:
    response = get(page)

    policy = dict(
        part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    # Where the page takes a password, no other website may show it.
    assert policy.get("frame-ancestors") == (None if IS_SALEOR_3 else "'none'")
    html = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", html)


@pytest.mark.parametrize("path", ["", "/order", "/assets/0/style.css", "/nothing"])
def test_browser_does_not_guess_content_types(path: str) -> None:
    assert get(path)["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/assets",
        "/assets/",
        "/assets/0/",
        "/assets/0/page.html",
        "/assets/0/../pages.py",
        "/assets/0/..%2Fpages.py",
        "/assets/0/%2e%2e/pages.py",
        "/assets/0/static/style.css",
        "//etc/passwd",
        "/order/",
        "les",
    ],
)
def test_nothing_else_is_served(path: str) -> None:
    assert get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_can_only_be_read(method: str) -> None:
    response = get("", method)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_head_has_the_headers_without_the_page() -> None:
    response = get("", "head")

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(get("").content))


def test_page_is_not_sent_again_when_the_browser_has_it() -> None:
    etag = get("")["ETag"]

    response = get("", HTTP_IF_NONE_MATCH=etag)

    assert (response.status_code, response.content) == (304, b"")


def test_file_is_not_kept_when_the_page_is_of_another_release() -> None:
    response = get("/assets/0123456789abcdef/style.css")

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.skipif(not IS_SALEOR_3, reason="there is one channel")
def test_page_is_not_served_at_the_address_of_a_channel(shop: Shop) -> None:
    response = Client().get(f"/plugins/channel/{shop.channel_slug}/picqer/app")

    assert response.status_code == 404


def test_page_is_gone_when_the_django_setting_switches_it_off(settings: Any) -> None:
    settings.SALEOR_PICQER = {"dashboard": False}

    assert get("").status_code == 404
    assert get("/order").status_code == 404


def test_no_script_parses_text_as_html() -> None:
    for name, asset in pages._assets().items():
        text = asset.content.decode()
        assert not PARSERS.search(text), name
        assert "saleorApiUrl" not in text, name


def test_one_script_alone_sends_requests() -> None:
    """GraphQL can do all that the pages do, and the token has a single way out."""
    senders = re.compile(r"fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon")

    sending = {
        name for name, asset in pages._assets().items() if senders.search(asset.content.decode())
    }

    assert sending == {"api.js"}
