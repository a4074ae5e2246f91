"""Tables of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone


def moment(value: datetime | None) -> str:
    """Return a time in the shop's time zone, or a dash."""
    return "-" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the rows as lines of text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
