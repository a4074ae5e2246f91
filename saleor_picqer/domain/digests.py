"""Telling whether a value changed, without keeping the value."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal


def digest(value: object) -> str:
    """A short digest; equal values have equal ones."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:12]


def canonical(value: object) -> str:
    """A text that is the same for equal values: 8.5 and 8.50 are equal, as are sorted keys."""
    return json.dumps(value, sort_keys=True, default=_text)


def _text(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
