"""Owns the bytes of JSON: escaped as PHP's json_encode does, so no re-serialised copy is equal."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json


def dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(raw: bytes, secret: str) -> str:
    """The value of X-Picqer-Signature: base64 of the HMAC-SHA256 of the raw body."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")
