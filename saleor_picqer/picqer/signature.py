"""The signature of Picqer's webhooks: base64 of HMAC-SHA256 over the raw body.

Source: Picqer's API page "webhooks" and `PicqerWebhook::retrieveWithSecret` of its PHP client.
"""

import base64
import hashlib
import hmac

HEADER = "X-Picqer-Signature"


def sign(raw: bytes, secret: str) -> str:
    """The value of the signature header for a body."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def verify(raw: bytes, header: str | None, *secrets: str) -> bool:
    """Whether `header` signs exactly these bytes with one of the secrets (current, previous).

    Takes the same time whichever secret fits. A missing or malformed header is False, and so is
    an empty secret: anybody could sign with it.
    """
    given = (header or "").strip().encode(errors="replace")
    matches = [
        hmac.compare_digest(given, sign(raw, secret).encode()) for secret in secrets if secret
    ]
    return any(matches)
