"""Redaction of Picqer's texts for logs, error rows and timelines."""

from __future__ import annotations

import re

MAX_LENGTH = 200
# The shortest telephone numbers with an area code.
_FEWEST_DIGITS = 9

_MAIL = re.compile(r"\S+@\S+")
# At least nine digits with what people write between them, beginning with + or 0. Picqer's ids and
# SKUs hardly look like this.
_PHONE = re.compile(r"(?<![\w.])(?:\+|\(?0)[\d\s()./-]{7,}\d(?![\w])")


def redacted(text: object, *, secret: str) -> str:
    """Return a short printable line without the secret, mail addresses and telephone numbers."""
    if not isinstance(text, str):
        return ""
    printable = "".join(char if char.isprintable() else " " for char in text[: MAX_LENGTH * 10])
    hidden = _MAIL.sub("[mail address]", printable.replace(secret, "[key]"))
    hidden = _PHONE.sub(_hide_phone, hidden)
    return " ".join(hidden.split())[:MAX_LENGTH]


def _hide_phone(found: re.Match[str]) -> str:
    digits = sum(char.isdigit() for char in found[0])
    return "[telephone number]" if digits >= _FEWEST_DIGITS else found[0]
