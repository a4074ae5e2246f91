"""The address at which a shop's own programs, such as cron, have the stock pulled.

`…/picqer/pull-stock-levels`, with GET or POST and the header `Authorization: Bearer TOKEN`.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from saleor_picqer import run_actions, wiring
from saleor_picqer.errors import SettingsError

logger = logging.getLogger(__name__)

# Saleor passes what follows the first "picqer" of its URL, which may be a part of the slug.
_PATH: Final = re.compile(r"/pull-stock-levels(?:/(?P<channel>[0-9a-z-]{1,36}))?/?$")
_METHODS: Final = ("GET", "POST")
_BEARER: Final = re.compile(r"Bearer +(?P<token>\S+)", re.IGNORECASE)


def serves(path: str) -> bool:
    """Return whether a path below the plugin's URL belongs to the endpoint."""
    return _PATH.search(path) is not None


def receive(request: HttpRequest, path: str, channel: str | None = None) -> HttpResponse:
    """Start a stock run; the path may name the channel by primary key.

    Answers 202 with the new or unfinished run, without a request to Picqer.
    """
    found = _PATH.search(path)
    channel = (found["channel"] or channel) if found else None
    if channel is None:
        return _message(404, "There is nothing at this address.")
    if request.method not in _METHODS:
        response = _message(405, "Use the method GET or POST.")
        response["Allow"] = ", ".join(_METHODS)
        return response
    if not _is_allowed(channel, request.headers.get("Authorization", "")):
        logger.warning("A pull of stock for channel %s was refused: wrong token.", channel)
        response = _message(401, "Send the header Authorization: Bearer with a valid token.")
        response["WWW-Authenticate"] = "Bearer"
        return response
    run = run_actions.pull_stock(channel)
    # The id that the run has in GraphQL.
    run_id = b64encode(f"PicqerSyncRun:{run.pk}".encode()).decode()
    return _json(202, {"run": run_id, "kind": run.kind, "status": run.status})


def _is_allowed(channel: str, authorization: str) -> bool:
    """Return whether the header has one of the channel's tokens, in constant time."""
    given = _BEARER.fullmatch(authorization.strip())
    if given is None or channel not in wiring.active_channels():
        return False
    try:
        settings = wiring.load_settings(channel)
    except SettingsError:
        return False
    allowed = [
        constant_time_compare(given["token"], token)
        for token in (settings.api_key, settings.pull_token)
        if token
    ]
    return any(allowed)


def _message(status: int, message: str) -> HttpResponse:
    return _json(status, {"message": message})


def _json(status: int, content: Mapping[str, str]) -> HttpResponse:
    response = JsonResponse(content, status=status)
    # A GET that starts something must reach the shop each time.
    response["Cache-Control"] = "no-store"
    return response
