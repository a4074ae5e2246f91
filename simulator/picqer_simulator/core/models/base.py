"""The type of JSON objects."""

from __future__ import annotations

from typing import Any

# A JSON object as the API sends and receives it.
Wire = dict[str, Any]
