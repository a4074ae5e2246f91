"""Digests, which show whether a value has changed without keeping the value."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal


def digest(value: object) -> str:
    """Return a short digest; equal values have equal digests."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:12]


def canonical(value: object) -> str:
    """Return equal texts for equal values: 8.5 and 8.50, or the same keys in any order."""
    return json.dumps(value, sort_keys=True, default=_text)


def _text(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
