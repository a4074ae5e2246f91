"""The outbox: one row per order, taken by one worker at a time.

A row is taken for a limited time instead of being locked: no transaction stays open while
Picqer is asked, each stage is committed at once, and a killed worker's row frees itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from saleor_picqer.domain.outbox import (
    FINAL_STAGES,
    FRESH,
    LEASE,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RECHECK,
    RESERVED_STAGES,
    SAVED_FIELDS,
    SKIPPED_BY_STAFF,
    UNSURE,
    Entry,
    Stage,
    retry_delay,
)
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import OutboxOrder


class Outbox:
    """`sync.ports.Outbox` on the table `OutboxOrder`, and how orders get into it."""

    # --- what the shop says

    def record(
        self, order_pks: Iterable[str], channel: str, *, stage: Stage = Stage.PENDING
    ) -> None:
        """Notes that these orders concern Picqer.

        One statement whatever their number; an order that is noted already stays as it is. New
        ones begin at `stage`: with CREATING they are looked for in Picqer before they are sent.
        """
        OutboxOrder.objects.bulk_create(
            [
                OutboxOrder(order_pk=pk, channel=channel, stage=stage, dirty=True)
                for pk in order_pks
            ],
            ignore_conflicts=True,
        )

    def touch(self, order_pks: Collection[str]) -> int:
        """Notes that something about recorded orders changed; one statement.

        The number of those that nobody had noted yet. What waited for a change is due again.
        """
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks, dirty=False)
        due_again = Case(When(waiting_for="", then=F("not_before")), default=Value(None))
        return rows.update(dirty=True, not_before=due_again)

    def known(self, order_pks: Collection[str]) -> Set[str]:
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks)
        return frozenset(rows.values_list("order_pk", flat=True))

    # --- what staff say

    def locked(self, order_pks: Collection[str]) -> dict[str, Entry]:
        """Those of these orders that are recorded: nothing moves them until the transaction ends.

        Always in the same sequence, so that two people never wait for each other.
        """
        rows = OutboxOrder.objects.select_for_update().filter(order_pk__in=order_pks)
        return {row.order_pk: _entry(row) for row in rows.order_by("pk")}

    def push(self, order_pks: Collection[str], channel: str) -> None:
        """Has the orders sent whatever the rules say, and again if they were sent before.

        They are looked for in Picqer first, by their id where it is known and else by their
        reference, so that none is there twice.
        """
        self.record(order_pks, channel)
        rows = OutboxOrder.objects.filter(_unleased(), order_pk__in=order_pks)
        anew = rows.filter(Q(remote_id=None) | Q(stage__in=FINAL_STAGES))
        anew.update(stage=Stage.CREATING, remote_id=None, attention="")
        rows.update(
            requested=True,
            waiting_for="",
            last_error="",
            updated_at=timezone.now(),
            **_DUE,
        )

    def retry(self, order_pks: Collection[str]) -> int:
        """Make orders whose last attempt failed due at once; return their number."""
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks).exclude(last_error="")
        return rows.update(updated_at=timezone.now(), **_DUE)

    def retryable(self, channels: Collection[str]) -> list[str]:
        """Return pks of the channels' orders that `retry` makes due, earliest recorded first."""
        rows = OutboxOrder.objects.filter(channel__in=channels).exclude(last_error="")
        return list(rows.order_by("pk").values_list("order_pk", flat=True))

    def skip(self, order_pks: Collection[str]) -> int:
        """Have orders never sent that are not in Picqer, or no longer; return their number."""
        unsent = Q(remote_id=None, stage__in=[Stage.PENDING, Stage.CREATING, Stage.FAILED])
        rows = OutboxOrder.objects.filter(_unleased(), order_pk__in=order_pks)
        # A worker looks at the orders once more: it clears what staff see on the order in Saleor
        # and looks in Picqer for a request that got no answer.
        return rows.filter(unsent | Q(stage=Stage.CANCELLED)).update(
            stage=Stage.SKIPPED,
            requested=False,
            attention="",
            waiting_for=SKIPPED_BY_STAFF,
            last_error="",
            updated_at=timezone.now(),
            **_DUE,
        )

    def wake(self, channel: str) -> None:
        """What failed for reasons that new settings may have mended is due at once."""
        rows = OutboxOrder.objects.filter(channel=channel, stage__in=OPEN_STAGES)
        rows.exclude(last_error="", waiting_for="").update(not_before=None)

    # --- what workers do

    def claim(self, order_pk: str) -> Entry | None:
        lease = uuid.uuid4().hex
        taken = (
            _due()
            .filter(order_pk=order_pk)
            .update(lease=lease, leased_until=timezone.now() + LEASE, dirty=False)
        )
        return _entry(OutboxOrder.objects.get(order_pk=order_pk)) if taken else None

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        """The holder's time starts anew; who moves a row without holding it ends the hold.

        What that holder had in hand, such as a change in the shop, is then looked at again.
        """
        if entry.lease:
            lease: Mapping[str, Any] = {"leased_until": timezone.now() + LEASE}
        else:
            lease = _TAKEN_AWAY if "stage" in changes else {}
        if not self._update(entry, **changes, **lease):
            raise TryLaterError("another worker has taken this order further", delay=2)
        return replace(entry, **changes)

    def release(self, entry: Entry, *, waiting_for: str = "") -> None:
        again = timezone.now() + RECHECK if waiting_for and entry.stage in OPEN_STAGES else None
        self._update(
            entry,
            attempts=0,
            waiting_for=waiting_for[:255],
            not_before=again,
            last_error="",
            **_FREED,
        )

    def postpone(
        self, entry: Entry, reason: str, *, slowly: bool = False, unsure: bool = False
    ) -> bool:
        if entry.attempts + 1 >= MAX_ATTEMPTS and entry.stage in OPEN_STAGES:
            self.fail(entry, reason)
            return True
        self._update(
            entry,
            attempts=F("attempts") + 1,
            not_before=timezone.now() + retry_delay(entry.attempts, slowly=slowly),
            waiting_for="",
            last_error=reason,
            dirty=True,
            lease="",
            leased_until=timezone.now() + UNSURE if unsure else None,
        )
        return False

    def fail(self, entry: Entry, reason: str) -> None:
        self._update(
            entry,
            stage=Stage.FAILED,
            attempts=F("attempts") + 1,
            not_before=None,
            waiting_for="",
            last_error=reason,
            attention=reason,
            **_FREED,
        )

    def find(self, account: str, remote_id: int) -> Entry | None:
        return _first(OutboxOrder.objects.filter(account=account, remote_id=remote_id))

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        return _first(
            OutboxOrder.objects.filter(
                account=account, reference=reference, stage=Stage.CANCELLED
            ).exclude(reference="")
        )

    def record_remote_status(self, entry: Entry, status: str, status_page: str) -> bool:
        if status == entry.remote_status:
            return False
        rows = OutboxOrder.objects.filter(order_pk=entry.order_pk, remote_id=entry.remote_id)
        unseen = rows.filter(remote_status=entry.remote_status)
        if unseen.update(remote_status=status, status_page=status_page, updated_at=timezone.now()):
            return True
        if not rows.filter(remote_status=status).exists():
            raise TryLaterError("another worker has seen this order in another status", delay=2)
        return False

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        rows = OutboxOrder.objects.filter(account=account, remote_id__in=remote_ids)
        rows = rows.exclude(order_pk=entry.order_pk)
        return frozenset(pk for pk in rows.values_list("remote_id", flat=True) if pk is not None)

    def reserved(self, order_pks: Collection[str]) -> Set[str]:
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks, stage__in=RESERVED_STAGES)
        return frozenset(rows.values_list("order_pk", flat=True))

    def pushing(self, channel: str) -> bool:
        return OutboxOrder.objects.filter(
            channel=channel,
            stage__in=[Stage.CREATING, Stage.CREATED],
            leased_until__gt=timezone.now(),
        ).exists()

    def channel_of(self, order_pk: str) -> str | None:
        """Return the channel of an order, or None if the outbox does not have the order."""
        rows = OutboxOrder.objects.filter(order_pk=order_pk)
        return rows.values_list("channel", flat=True).first()

    def due(self, channels: Collection[str], limit: int) -> list[str]:
        """Order pks of these channels that some worker should take now, oldest first."""
        rows = _due().filter(channel__in=channels).order_by("pk")
        return list(rows.values_list("order_pk", flat=True)[:limit])

    def _update(self, entry: Entry, **changes: Any) -> bool:
        """False where the row is no longer as the entry says: it is another worker's then."""
        rows = OutboxOrder.objects.filter(
            order_pk=entry.order_pk, stage=entry.stage, remote_id=entry.remote_id
        )
        if entry.lease:
            rows = rows.filter(lease=entry.lease)
        return bool(rows.update(updated_at=timezone.now(), **changes))


_FREED: Final[Mapping[str, Any]] = {"lease": "", "leased_until": None}
_TAKEN_AWAY: Final[Mapping[str, Any]] = {
    **_FREED,
    "dirty": Case(When(lease="", then=F("dirty")), default=Value(True)),
}
_DUE: Final[Mapping[str, Any]] = {"dirty": True, "attempts": 0, "not_before": None}


def _unleased() -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=timezone.now())


def _due() -> QuerySet[OutboxOrder]:
    """Open orders whose time has come, any order of which something changed, and any that a worker
    never gave back: it was killed with a change in hand.
    """
    return OutboxOrder.objects.filter(
        _unleased(),
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        Q(stage__in=OPEN_STAGES) | Q(dirty=True) | Q(leased_until__isnull=False),
    )


def _first(rows: QuerySet[OutboxOrder]) -> Entry | None:
    """Without a lease: whoever only looks does not hold the row."""
    row = rows.order_by("pk").first()
    return None if row is None else replace(_entry(row), lease="")


def _entry(row: OutboxOrder) -> Entry:
    saved = {name: getattr(row, name) for name in SAVED_FIELDS}
    return Entry(
        **saved | {"stage": Stage(row.stage)},
        fresh=row.attempts == 0 and row.created_at > timezone.now() - FRESH,
        leased=row.leased,
    )
