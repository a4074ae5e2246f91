"""Digests, which show whether a value has changed without keeping the value."""

from __future__ import annotations

import hashlib
import hmac
import json
from decimal import Decimal


def digest(value: object, key: str = "") -> str:
    """Return a short digest; equal values have equal digests under the same key.

    What tells of people needs a key: without one, a telephone number is found by trial.
    """
    return hmac.new(key.encode(), canonical(value).encode(), hashlib.sha256).hexdigest()[:12]


def canonical(value: object) -> str:
    """Return equal texts for equal values: 8.5 and 8.50, or the same keys in any order."""
    return json.dumps(value, sort_keys=True, default=_text)


def _text(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
