"""The plugin's HTTP endpoint for Picqer's webhooks.

Forged requests are refused. Every authentic delivery is stored, whatever it contains, and
answered 200 at once, because Picqer switches off a webhook that keeps failing.
"""

from __future__ import annotations

import logging
import re
from typing import BinaryIO, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from saleor_picqer import address_probe, tasks, wiring
from saleor_picqer.picqer import signature
from saleor_picqer.store.inbox_endpoint import store_delivery

logger = logging.getLogger(__name__)

# Saleor passes what follows the first "picqer" of its URL, which may be a part of the slug.
_PATH: Final = re.compile(r"/webhooks(?:/(?P<channel>[0-9a-z-]{1,36}))?/?$")
# Bytes. An order with several hundred lines stays well below.
MAX_BODY: Final = 5 * 1024 * 1024
_CHUNK: Final = 64 * 1024


def receive(request: HttpRequest, path: str, channel: str | None = None) -> HttpResponse:
    """Answer a request below the plugin's URL; the path may name a channel by primary key."""
    found = _PATH.search(path)
    channel = (found["channel"] or channel) if found else None
    if channel is None:
        return _response(404, "There is nothing at this address.")
    if request.method != "POST":
        return _response(405, address_probe.WRONG_METHOD, Allow="POST")
    raw = _body(request)
    if isinstance(raw, HttpResponse):
        return raw
    signed = request.headers.get(signature.HEADER)
    if address_probe.HEADER in request.headers:
        return _answer_probe(raw, signed)
    return _receive_event(channel, raw, signed)


def _body(request: HttpRequest) -> bytes | HttpResponse:
    """Return the body, or the answer to a refused request."""
    stream = _stream(request)
    if stream is None:
        return _response(411, "Send the length of the body.")
    try:
        raw = None if _length(request) > MAX_BODY else _read(stream)
    except OSError:
        return _response(400, "The body was cut off.")
    return _response(413, "The body is too large.") if raw is None else raw


def _stream(request: HttpRequest) -> HttpRequest | BinaryIO | None:
    """Return the stream of the body; None for a server without a sign of the body's end."""
    environ = getattr(request, "environ", None)
    # For Django under WSGI, a body in chunks is empty: it announces no length.
    if environ is None or "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return request
    stream: BinaryIO = environ["wsgi.input"]
    return stream if environ.get("wsgi.input_terminated") else None


def _read(stream: HttpRequest | BinaryIO) -> bytes | None:
    """Return the body, which may be larger than Django allows; None for a body over our limit."""
    body = bytearray()
    while len(body) <= MAX_BODY and (chunk := stream.read(_CHUNK)):
        body += chunk
    return bytes(body) if len(body) <= MAX_BODY else None


def _receive_event(channel: str, raw: bytes, signed: str | None) -> HttpResponse:
    account = _sender(channel, raw, signed)
    if account is None:
        logger.warning("A webhook for channel %s was refused: wrong signature.", channel)
        return _response(401, address_probe.WRONG_SIGNATURE)
    # Stored before anything in the body is looked at: what it means is the worker's business.
    is_new, needs_message = store_delivery(channel, account, raw)
    if needs_message:
        tasks.enqueue_inbox(account)
    return _response(200, "Stored." if is_new else "Stored before.")


def _answer_probe(raw: bytes, signed: str | None) -> HttpResponse:
    """Answer the doctor, who asks whether a request arrives here; nothing is stored."""
    answer = address_probe.answer(raw, signed)
    if answer is None:
        return _response(401, address_probe.WRONG_SIGNATURE)
    return JsonResponse({"probe": answer}, status=200 if answer else 409)


def _sender(channel: str, raw: bytes, signed: str | None) -> str | None:
    """Return the Picqer account whose secret signs the body."""
    senders = [
        registration.account
        for registration in wiring.hook_registrations.of_channel(channel)
        if signature.verify(raw, signed, *registration.secrets)
    ]
    return senders[0] if senders else None


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdigit() else 0


def _response(status: int, message: str, **headers: str) -> HttpResponse:
    return JsonResponse({"message": message}, status=status, headers=headers)
