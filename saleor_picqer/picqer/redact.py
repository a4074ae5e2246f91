"""Redaction of Picqer's texts for logs, error rows and timelines."""

from __future__ import annotations

import re

MAX_LENGTH = 200

_MAIL = re.compile(r"\S+@\S+")


def redacted(text: object, *, secret: str) -> str:
    """Return a short printable line without the secret and without mail addresses."""
    if not isinstance(text, str):
        return ""
    printable = "".join(char if char.isprintable() else " " for char in text[: MAX_LENGTH * 10])
    hidden = _MAIL.sub("[mail address]", printable.replace(secret, "[key]"))
    return " ".join(hidden.split())[:MAX_LENGTH]
