"""Products on their way to Picqer, leased to one worker at a time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.catalogue import LEASE, CatalogueEntry, Inactivate
from saleor_picqer.models import CatalogueProduct, CatalogueState
from saleor_picqer.store.channels import CLOCK_SKEW

_TABLE: Final = CatalogueProduct._meta.db_table
# Rows are inserted and updated in the sequence of their keys, so that no deadlock occurs.
_TOUCH: Final = f"""
    INSERT INTO {_TABLE} AS known (account, variant_pk, sku, sent_digests, image, dirty, retired,
                          attempts, last_error, lease, updated_at)
    SELECT given.account, changed.pk, '', '{{}}', '', TRUE, '', 0, '', '', now()
    FROM unnest(%s::text[]) AS given (account) CROSS JOIN ({{variants}}) AS changed (pk)
    ORDER BY 1, 2
    ON CONFLICT (account, variant_pk) DO UPDATE SET dirty = TRUE, not_before = NULL, attempts = 0
    WHERE NOT known.dirty OR known.not_before IS NOT NULL
"""  # noqa: S608 - only names of our own
_SAVE: Final = f"""
    INSERT INTO {_TABLE} AS known (account, variant_pk, sku, remote_id, sent_digests, image, dirty,
                          retired, attempts, last_error, lease, sent_at, updated_at)
    VALUES (%s, %s, %s, %s, %s::jsonb, %s, FALSE, '', 0, '', '', now(), now())
    ON CONFLICT (account, variant_pk) DO UPDATE SET sku = EXCLUDED.sku,
        remote_id = EXCLUDED.remote_id, sent_digests = EXCLUDED.sent_digests,
        image = EXCLUDED.image, retired = '', last_error = '', sent_at = EXCLUDED.sent_at,
        updated_at = EXCLUDED.updated_at
"""  # noqa: S608
_FORGET_SENT: Final = f"""
    UPDATE {_TABLE} AS known
    SET sent_digests = (SELECT coalesce(jsonb_object_agg(key, ''), '{{}}')
                        FROM jsonb_object_keys(known.sent_digests) AS sent (key))
    WHERE account = ANY (%s::text[]) AND variant_pk IN ({{variants}})
"""  # noqa: S608
_RELEASED: Final[Mapping[str, Any]] = {"lease": "", "leased_until": None}


def touch(accounts: Collection[str], variants: QuerySet[Any]) -> None:
    """Mark any number of variants as changed for each account, in one statement.

    `variants` is a query of any model whose primary keys are those of the variants; it is not
    evaluated, but becomes a part of the statement. Rows are made for new variants.
    """
    sql, params = variants.order_by().values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH.replace("{variants}", sql), [[*accounts], *params])


def touch_known(variant_pks: Collection[Any]) -> None:
    """Mark variants with a row as changed, for every account, in one statement."""
    rows = CatalogueProduct.objects.filter(variant_pk__in=[int(pk) for pk in variant_pks])
    rows.update(dirty=True, not_before=None, attempts=0)


def send_anew(accounts: Collection[str], variants: QuerySet[Any]) -> None:
    """Mark variants as changed, and have each field sent again: two statements.

    `variants` is a query as in `touch`.
    """
    touch(accounts, variants)
    # The names stay: a field that was sent and is blank now is cleared in Picqer.
    sql, params = variants.order_by().values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SENT.replace("{variants}", sql), [[*accounts], *params])


def of_variants(
    accounts: Collection[str], variant_pks: Collection[str], using: str = "default"
) -> dict[tuple[str, str], CatalogueProduct]:
    """Return the rows of variants by account and primary key, in one statement."""
    rows = CatalogueProduct.objects.using(using).filter(account__in=accounts)
    rows = rows.filter(variant_pk__in=[int(pk) for pk in variant_pks])
    return {(row.account, str(row.variant_pk)): row for row in rows}


def begun(accounts: Collection[str], using: str = "default") -> set[str]:
    """Return the accounts to which a run has brought all products."""
    rows = CatalogueState.objects.using(using).filter(account__in=accounts)
    return set(rows.exclude(begun_at=None).values_list("account", flat=True))


def due_accounts() -> list[str]:
    """Return the accounts with products to send now."""
    return list(_due().order_by("account").values_list("account", flat=True).distinct())


def failing(account: str, using: str = "default") -> QuerySet[CatalogueProduct]:
    """Return the products that could not be sent, the latest failure first."""
    rows = CatalogueProduct.objects.using(using).filter(account=account).exclude(last_error="")
    return rows.order_by("-updated_at", "-pk")


def retry(account: str) -> int:
    """Make failing products due at once; return their number."""
    return failing(account).order_by().update(dirty=True, not_before=None, attempts=0)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of an account's products, read from database `using`."""

    account: str
    using: str
    known: int
    waiting: int
    failing: int


def count(account: str, using: str = "default") -> Counts:
    """Count the account's products, in one statement."""
    rows = CatalogueProduct.objects.using(using).filter(account=account)
    found = rows.aggregate(
        known=Count("pk", filter=Q(remote_id__isnull=False)),
        waiting=Count("pk", filter=Q(dirty=True, last_error="")),
        failing=Count("pk", filter=~Q(last_error="")),
    )
    return Counts(account, using, **found)


def begin(account: str) -> None:
    """Note the first complete push of products, after which changes are sent."""
    now = timezone.now()
    CatalogueState.objects.get_or_create(account=account, defaults={"swept_until": now})
    CatalogueState.objects.filter(account=account, begun_at=None).update(begun_at=now)


def has_begun(account: str) -> bool:
    """Return whether a run has brought all products of the account to Picqer."""
    return CatalogueState.objects.filter(account=account, begun_at__isnull=False).exists()


class CatalogueOutbox:
    """Products of one Picqer account: implements `sync.ports.catalogue.Catalogue`."""

    def __init__(self, account: str) -> None:
        self._account = account

    # --- what was sent

    def get(self, variant_pks: Collection[str]) -> dict[str, CatalogueEntry]:
        return {entry.variant_pk: entry for entry in map(_entry, self._rows(variant_pks))}

    def owners(self, remote_ids: Collection[int]) -> dict[int, str]:
        rows = self._all().filter(remote_id__in=list(remote_ids)).order_by("-pk")
        return {row.remote_id: str(row.variant_pk) for row in rows if row.remote_id is not None}

    def save(self, entry: CatalogueEntry) -> None:
        digests = json.dumps(dict(entry.sent_digests))
        values = (entry.variant_pk, entry.sku, entry.remote_id, digests, entry.image)
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, [self._account, *values])

    def retire(self, entry: CatalogueEntry, policy: Inactivate) -> None:
        self._rows([entry.variant_pk]).update(retired=policy.value, last_error="")

    def forget(self, variant_pk: str) -> None:
        self._rows([variant_pk]).delete()

    # --- workers

    def touch(self, variant_pks: Iterable[str]) -> None:
        pks = sorted(map(int, variant_pks))
        CatalogueProduct.objects.bulk_create(
            [CatalogueProduct(account=self._account, variant_pk=pk) for pk in pks],
            ignore_conflicts=True,
        )
        rows = self._all().filter(variant_pk__in=pks)
        rows.update(dirty=True, not_before=None, attempts=0)

    def claim(self, limit: int) -> list[CatalogueEntry]:
        lease, now = uuid.uuid4().hex, timezone.now()
        due = _due().filter(account=self._account)
        pks = list(due.order_by("pk").values_list("pk", flat=True)[:limit])
        if not pks:
            return []
        # The conditions hold once more: another worker may have claimed some meanwhile.
        claimed = _due().filter(pk__in=pks)
        claimed.update(lease=lease, leased_until=now + LEASE, dirty=False, not_before=None)
        return list(map(_entry, self._all().filter(lease=lease).order_by("pk")))

    def release(self, lease: str, *, undone: Collection[str] = ()) -> None:
        rows = self._all().filter(lease=lease)
        if undone:
            rows.filter(variant_pk__in=list(undone)).update(dirty=True, **_RELEASED)
        rows.update(attempts=0, last_error="", **_RELEASED)

    def postpone(
        self, entry: CatalogueEntry, reason: str, delay: timedelta, *, sku: str = ""
    ) -> None:
        self._rows([entry.variant_pk]).filter(lease=entry.lease).update(
            dirty=True,
            sku=sku or entry.sku,
            attempts=F("attempts") + 1,
            not_before=timezone.now() + delay,
            last_error=reason,
            updated_at=timezone.now(),
            **_RELEASED,
        )

    def _all(self) -> QuerySet[CatalogueProduct]:
        return CatalogueProduct.objects.filter(account=self._account)

    def _rows(self, variant_pks: Collection[str]) -> QuerySet[CatalogueProduct]:
        return self._all().filter(variant_pk__in=[int(pk) for pk in variant_pks])


class CatalogueWatch:
    """How far the sweeper has come: implements `sync.ports.catalogue.CatalogueWatch`."""

    def __init__(self, account: str) -> None:
        self._account = account

    def position(self) -> tuple[datetime, int]:
        state, _ = CatalogueState.objects.get_or_create(
            account=self._account, defaults={"swept_until": timezone.now()}
        )
        return state.swept_until - CLOCK_SKEW, state.compared_until

    def save(
        self, swept_until: datetime, compared_until: int, *, resume_at: datetime | None = None
    ) -> None:
        if resume_at is not None:
            # Without this, a bulk edit that fills a sweep would be read again each time.
            swept_until = resume_at + CLOCK_SKEW
        CatalogueState.objects.filter(account=self._account).update(
            swept_until=swept_until, compared_until=compared_until
        )

    def entries(self, after: int, last: int | None) -> dict[str, CatalogueEntry]:
        rows = CatalogueProduct.objects.filter(account=self._account, variant_pk__gt=after)
        if last is not None:
            rows = rows.filter(variant_pk__lte=last)
        return {entry.variant_pk: entry for entry in map(_entry, rows)}


def _due() -> QuerySet[CatalogueProduct]:
    now = timezone.now()
    return CatalogueProduct.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        Q(not_before=None) | Q(not_before__lte=now),
        # A lease that has expired was a killed worker's, perhaps in the middle of a change.
        Q(dirty=True) | Q(leased_until__isnull=False),
    )


def _entry(row: CatalogueProduct) -> CatalogueEntry:
    return CatalogueEntry(
        variant_pk=str(row.variant_pk),
        sku=row.sku,
        remote_id=row.remote_id,
        sent_digests=row.sent_digests,
        image=row.image,
        retired=row.retired,
        dirty=row.dirty,
        attempts=row.attempts,
        lease=row.lease,
    )
