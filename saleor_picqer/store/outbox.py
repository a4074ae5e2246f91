"""The outbox: one row per order, taken by one worker at a time.

A row is taken for a limited time instead of being locked: no transaction stays open while
Picqer is asked, each stage is committed at once, and a killed worker's row frees itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Set
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from saleor_picqer.domain.outbox import (
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RESERVED_STAGES,
    Entry,
    Stage,
    retry_delay,
)
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import OutboxOrder

LEASE: Final = timedelta(minutes=10)
"""Longer than any single step can take with all its time-outs and retries."""

RECHECK: Final = timedelta(hours=1)
"""How often an order that waits for something in the shop is looked at without a hook."""


class Outbox:
    """`sync.ports.Outbox` on the table `OutboxOrder`."""

    def record(self, order_pks: Iterable[str], channel: str) -> None:
        """Notes that these orders concern Picqer, and that something about them changed.

        Two statements whatever their number; an order that is noted already is not doubled.
        """
        pks = list(order_pks)
        OutboxOrder.objects.bulk_create(
            [OutboxOrder(order_pk=pk, channel=channel) for pk in pks], ignore_conflicts=True
        )
        OutboxOrder.objects.filter(order_pk__in=pks).exclude(waiting_for="").update(not_before=None)

    def claim(self, order_pk: str) -> Entry | None:
        lease = uuid.uuid4().hex
        taken = (
            _free()
            .filter(order_pk=order_pk)
            .update(lease=lease, leased_until=timezone.now() + LEASE)
        )
        return _entry(OutboxOrder.objects.get(order_pk=order_pk)) if taken else None

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        if not self._update(entry, **changes):
            raise TryLaterError("another worker has taken this order further", delay=2)
        return replace(entry, **changes)

    def release(self, entry: Entry, *, waiting_for: str = "") -> None:
        again = timezone.now() + RECHECK if waiting_for else None
        self._update(
            entry, waiting_for=waiting_for[:255], not_before=again, last_error="", **_FREED
        )

    def postpone(self, entry: Entry, reason: str) -> None:
        if entry.attempts + 1 >= MAX_ATTEMPTS:
            self.fail(entry, reason)
            return
        self._update(
            entry,
            attempts=F("attempts") + 1,
            not_before=timezone.now() + retry_delay(entry.attempts),
            last_error=reason,
            **_FREED,
        )

    def fail(self, entry: Entry, reason: str) -> None:
        self._update(
            entry, stage=Stage.FAILED, attempts=F("attempts") + 1, last_error=reason, **_FREED
        )

    def find(self, channel: str, remote_id: int) -> Entry | None:
        row = OutboxOrder.objects.filter(channel=channel, remote_id=remote_id).first()
        return None if row is None else replace(_entry(row), lease="")

    def reserved(self, order_pks: Collection[str]) -> Set[str]:
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks, stage__in=RESERVED_STAGES)
        return frozenset(rows.values_list("order_pk", flat=True))

    def pushing(self, channel: str) -> bool:
        return OutboxOrder.objects.filter(
            channel=channel,
            stage__in=[Stage.CREATING, Stage.CREATED],
            leased_until__gt=timezone.now(),
        ).exists()

    def due(self, limit: int) -> list[str]:
        """Order pks that some worker should take now, oldest first."""
        return list(_free().order_by("pk").values_list("order_pk", flat=True)[:limit])

    def _update(self, entry: Entry, **changes: Any) -> bool:
        """False where the row is no longer as the entry says: it is another worker's then."""
        rows = OutboxOrder.objects.filter(order_pk=entry.order_pk, stage=entry.stage)
        if entry.lease:
            rows = rows.filter(lease=entry.lease)
        return bool(rows.update(updated_at=timezone.now(), **changes))


_FREED: Final[dict[str, Any]] = {"lease": "", "leased_until": None}


def _free() -> QuerySet[OutboxOrder]:
    now = timezone.now()
    return OutboxOrder.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        Q(not_before=None) | Q(not_before__lte=now),
        stage__in=OPEN_STAGES,
    )


def _entry(row: OutboxOrder) -> Entry:
    return Entry(
        order_pk=row.order_pk,
        channel=row.channel,
        stage=Stage(row.stage),
        remote_id=row.remote_id,
        remote_number=row.remote_number,
        attempts=row.attempts,
        lease=row.lease,
    )
