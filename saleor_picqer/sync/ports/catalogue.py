"""The plugin's table of products on their way to Picqer, for one Picqer account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from saleor_picqer.domain.catalogue import CatalogueEntry, Inactivate


class Catalogue(Protocol):
    """Variants with what was sent of them, in a row each."""

    def get(self, variant_pks: Collection[str]) -> Mapping[str, CatalogueEntry]:
        """Return the entries of variants by primary key, without a lease."""

    def owners(self, remote_ids: Collection[int]) -> Mapping[int, str]:
        """Return the variants that products of Picqer's belong to."""

    def save(self, entry: CatalogueEntry) -> None:
        """Save the fields of a push, in one statement. A lease and later changes stay."""

    def retire(self, entry: CatalogueEntry, policy: Inactivate) -> None:
        """Note the setting under which a variant gone from the channel was handled."""

    def forget(self, variant_pk: str) -> None:
        """Delete the row of a variant that no longer exists."""

    def touch(self, variant_pks: Iterable[str]) -> None:
        """Make variants due at once."""

    def claim(self, limit: int) -> list[CatalogueEntry]:
        """Lease due rows, all with the same lease; 4 statements, 1 if none is due."""

    def release(self, lease: str, *, undone: Collection[str] = ()) -> None:
        """End the lease of all rows with the caller's lease, after a success.

        Variants that are `undone` stay due.
        """

    def postpone(
        self, entry: CatalogueEntry, reason: str, delay: timedelta, *, sku: str = ""
    ) -> None:
        """End the lease after a failed attempt, and plan the next."""


class CatalogueWatch(Protocol):
    """How far the sweeper has come with an account's products."""

    def position(self) -> tuple[datetime, int]:
        """Return since when changes are unseen, and after which variant to compare."""

    def save(
        self, swept_until: datetime, compared_until: int, *, resume_at: datetime | None = None
    ) -> None:
        """Save both; 0 begins the comparison again.

        With `resume_at`, changes from then on are unseen.
        """

    def entries(self, after: int, last: int | None) -> Mapping[str, CatalogueEntry]:
        """Return the entries of variants in a range of primary keys; None for an open end."""
