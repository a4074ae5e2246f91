"""The size of batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Rows read, written or handed on at once: few statements, flat memory, short transactions.
BATCH_SIZE: Final = 500


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A page of a list; `next_offset` is None for the last one."""

    items: Sequence[T]
    next_offset: int | None = None
