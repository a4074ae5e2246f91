"""The size of batches."""

from __future__ import annotations

from typing import Final

# Rows read, written or handed on at once: few statements, flat memory, short transactions.
BATCH_SIZE: Final = 500
