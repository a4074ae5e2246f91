"""The plugin's HTTP endpoint. Only what is forged or malformed is refused: everything authentic
is kept and answered 200 at once, whatever becomes of it later (Picqer switches a hook off that
keeps failing).
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
MAX_BODY: Final = 5 * 1024 * 1024
"""Bytes; an order of several hundred lines stays well below."""


def receive(request: HttpRequest, channel: str | None, path: str) -> HttpResponse:
    """Answers one request below the plugin's URL."""
    if channel is None or path.rstrip("/") != PATH:
        return _answer(404, "not found")
    if request.method != "POST":
        return _answer(405, "POST only")
    if _length(request) > MAX_BODY:
        return _answer(413, "too large")
    return _receive_event(channel, request.body, request.headers.get(signature.HEADER))


def _receive_event(channel: str, raw: bytes, signed: str | None) -> HttpResponse:
    if not signature.verify(raw, signed, *wiring.secrets.accepted(channel)):
        logger.warning("Refused a webhook for channel %s: bad signature", channel)
        return _answer(401, "bad signature")
    try:
        event = WebhookEvent.parse(raw)
    except DataError as error:
        return _answer(400, str(error))
    pk = wiring.inbox.receive(
        channel, raw, event=event.event, triggered_at=event.event_triggered_at
    )
    if pk is not None:
        tasks.enqueue(tasks.handle_event, pk)
    return _answer(200, "kept" if pk is not None else "known already")


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdigit() else 0


def _answer(status: int, message: str) -> HttpResponse:
    return JsonResponse({"message": message}, status=status)
