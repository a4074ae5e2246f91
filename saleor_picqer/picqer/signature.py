"""The signature of Picqer's webhooks: base64 of HMAC-SHA256 over the raw body.

Source: Picqer's API page "webhooks" and `PicqerWebhook::retrieveWithSecret` of Picqer's PHP client.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "X-Picqer-Signature"


def sign(raw: bytes, secret: str) -> str:
    """Return the value of the signature header for a body."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def verify(raw: bytes, header: str | None, *secrets: str) -> bool:
    """Return whether `header` signs exactly the raw bytes with any of the secrets.

    `secrets` are the current and the former ones. An empty secret never fits, because every
    sender could sign with it.
    """
    # All secrets are compared in constant time, so that the duration tells nothing.
    given = (header or "").strip().encode(errors="replace")
    matches = [
        hmac.compare_digest(given, sign(raw, secret).encode()) for secret in secrets if secret
    ]
    return any(matches)
