"""Products on their way to Picqer, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from saleor_picqer.domain.catalogue import CatalogueEntry, Inactivate


class MemoryCatalogue:
    """`sync.ports.catalogue.Catalogue`, with one worker that holds no lease for long.

    `waiting` has the delay of each postponed variant, with the reason.
    """

    def __init__(self) -> None:
        self.rows: dict[str, CatalogueEntry] = {}
        self.waiting: dict[str, tuple[str, timedelta]] = {}

    def get(self, variant_pks: Collection[str]) -> Mapping[str, CatalogueEntry]:
        return {pk: self.rows[pk] for pk in variant_pks if pk in self.rows}

    def owners(self, remote_ids: Collection[int]) -> Mapping[int, str]:
        rows = self.rows.items()
        return {
            row.remote_id: pk for pk, row in rows if row.remote_id and row.remote_id in remote_ids
        }

    def save(self, entry: CatalogueEntry) -> None:
        known = self.rows.get(entry.variant_pk, CatalogueEntry(entry.variant_pk))
        self.rows[entry.variant_pk] = replace(
            entry, retired="", dirty=known.dirty, lease=known.lease, attempts=known.attempts
        )

    def retire(self, entry: CatalogueEntry, policy: Inactivate) -> None:
        row = self.rows[entry.variant_pk]
        self.rows[entry.variant_pk] = replace(row, retired=policy.value)

    def forget(self, variant_pk: str) -> None:
        self.rows.pop(variant_pk, None)

    def touch(self, variant_pks: Iterable[str]) -> None:
        for pk in variant_pks:
            self.waiting.pop(pk, None)
            row = self.rows.get(pk, CatalogueEntry(pk))
            self.rows[pk] = replace(row, dirty=True, attempts=0)

    def claim(self, limit: int) -> list[CatalogueEntry]:
        free = [row for pk, row in self.rows.items() if not row.lease and pk not in self.waiting]
        claimed = [replace(row, lease="worker", dirty=False) for row in free if row.dirty][:limit]
        self.rows |= {row.variant_pk: row for row in claimed}
        return claimed

    def release(self, lease: str, *, undone: Collection[str] = ()) -> None:
        for pk, row in self.rows.items():
            if row.lease == lease and pk in undone:
                self.rows[pk] = replace(row, lease="", dirty=True)
            elif row.lease == lease:
                self.rows[pk] = replace(row, lease="", attempts=0)

    def postpone(
        self, entry: CatalogueEntry, reason: str, delay: timedelta, *, sku: str = ""
    ) -> None:
        row = self.rows[entry.variant_pk]
        self.rows[entry.variant_pk] = replace(
            row, lease="", dirty=True, attempts=row.attempts + 1, sku=sku or row.sku
        )
        self.waiting[entry.variant_pk] = (reason, delay)
