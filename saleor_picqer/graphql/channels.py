"""Which channel an operator means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saleor_picqer.hosts import host


def find_channel(slug: str | None, configurations: Iterable[Any]) -> Any | None:
    """The stored configuration of that channel, or the only one there is; else None."""
    rows = list(configurations)
    if slug is None:
        rows = [row for row in rows if row.active] if len(rows) > 1 else rows
        return rows[0] if len(rows) == 1 else None
    return next((row for row in rows if host().channel_of(row) == slug), None)
