"""Reading many rows without holding them all in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import Q

# Rows per query.
CHUNK_SIZE: Final = 500


def in_chunks(rows: Any, rows_after: Callable[[Any], Q]) -> Iterator[Any]:
    """Yield the rows of an ordered QuerySet, reading `CHUNK_SIZE` at a time.

    `rows_after` builds the filter for rows that follow the given row.
    """
    chunk = list(rows[:CHUNK_SIZE])
    yield from chunk
    while len(chunk) == CHUNK_SIZE:
        chunk = list(rows.filter(rows_after(chunk[-1]))[:CHUNK_SIZE])
        yield from chunk
