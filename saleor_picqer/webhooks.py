"""The plugin's HTTP endpoint for Picqer's webhooks.

Forged and malformed requests are refused. Every authentic delivery is stored and answered 200 at
once, because Picqer switches off a webhook that keeps failing.
"""

from __future__ import annotations

import logging
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from saleor_picqer import tasks, wiring
from saleor_picqer.errors import DataError
from saleor_picqer.picqer import signature
from saleor_picqer.picqer.objects.hooks import WebhookEvent

logger = logging.getLogger(__name__)

PATH: Final = "/webhooks"
# Bytes. An order with several hundred lines stays well below.
MAX_BODY: Final = 5 * 1024 * 1024


def receive(request: HttpRequest, channel: str | None, path: str) -> HttpResponse:
    """Answer a request below the plugin's URL; `channel` is None if the plugin is inactive."""
    if channel is None or path.rstrip("/") != PATH:
        return _response(404, "There is nothing at this address.")
    if request.method != "POST":
        return _response(405, "Use the method POST.")
    if _length(request) > MAX_BODY:
        return _response(413, "The body is too large.")
    return _receive_event(channel, request.body, request.headers.get(signature.HEADER))


def _receive_event(channel: str, raw: bytes, signed: str | None) -> HttpResponse:
    if not signature.verify(raw, signed, *wiring.secrets.accepted(channel)):
        logger.warning("A webhook for channel %s was refused: wrong signature.", channel)
        return _response(401, "The signature is wrong.")
    try:
        event = WebhookEvent.parse(raw)
    except DataError as error:
        return _response(400, str(error))
    pk = wiring.inbox.receive(
        channel, raw, event=event.event, triggered_at=event.event_triggered_at
    )
    if pk is not None:
        tasks.enqueue(tasks.handle_event, pk)
    return _response(200, "Stored." if pk is not None else "Already stored.")


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdigit() else 0


def _response(status: int, message: str) -> HttpResponse:
    return JsonResponse({"message": message}, status=status)
