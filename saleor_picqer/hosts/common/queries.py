"""Reading many rows without holding them all in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q

from saleor_picqer.domain.batches import BATCH_SIZE


def in_chunks(rows: Any, rows_after: Callable[[Any], Q]) -> Iterator[Any]:
    """Yield the rows of an ordered QuerySet, reading `BATCH_SIZE` at a time.

    `rows_after` builds the filter for rows that follow the given row.
    """
    chunk = list(rows[:BATCH_SIZE])
    yield from chunk
    while len(chunk) == BATCH_SIZE:
        chunk = list(rows.filter(rows_after(chunk[-1]))[:BATCH_SIZE])
        yield from chunk
