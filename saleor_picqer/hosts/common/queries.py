"""Queries that several topics need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Trim, Upper

from saleor_picqer.domain.batches import BATCH_SIZE
from saleor_picqer.domain.skus import compare_key


def in_chunks(rows: Any, rows_after: Callable[[Any], Q]) -> Iterator[Any]:
    """Yield the rows of an ordered QuerySet, reading `BATCH_SIZE` at a time.

    `rows_after` builds the filter for rows that follow the given row.
    """
    chunk = list(rows[:BATCH_SIZE])
    yield from chunk
    while len(chunk) == BATCH_SIZE:
        chunk = list(rows.filter(rows_after(chunk[-1]))[:BATCH_SIZE])
        yield from chunk


def with_skus(variants: QuerySet[Any], skus: Iterable[str]) -> QuerySet[Any]:
    """Return the variants with the given SKUs, spelled in any case."""
    keys = {compare_key(sku) for sku in skus}
    return variants.annotate(picqer_sku=Upper(Trim("sku"))).filter(picqer_sku__in=keys)
