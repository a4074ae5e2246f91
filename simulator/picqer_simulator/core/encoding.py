"""The JSON bytes and signatures that Picqer sends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json


def dumps(value: object) -> bytes:
    """Encode as compact JSON, with slashes and non-ASCII characters escaped."""
    # PHP's json_encode escapes slashes. A receiver that checks the signature over JSON that it has
    # encoded again, and not over the raw body, fails.
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(raw: bytes, secret: str) -> str:
    """Return the value of X-Picqer-Signature: the base64 of the body's HMAC-SHA256."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")
