"""The outbox: one row per order, leased to one worker at a time."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Case, F, Func, Q, QuerySet, Value, When
from django.utils import timezone

from saleor_picqer.domain.order_state_machine import Reason
from saleor_picqer.domain.outbox import (
    ENQUEUE_AGAIN,
    FINAL_STAGES,
    LEASE,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RECHECK,
    SKIPPED_BY_STAFF,
    UNSURE,
    Entry,
    Stage,
    add_attempt,
    ended,
    retry_delay,
)
from saleor_picqer.errors import TryLaterError
from saleor_picqer.models import OutboxOrder
from saleor_picqer.store.outbox_rows import due, entry_of, unleased

# The former ids of an order in Picqer, and its present one if there is one.
_ALL_REMOTE_IDS: Final = Func(
    F("former_ids"),
    Func(F("remote_id"), template="coalesce(to_jsonb(%(expressions)s), '[]'::jsonb)"),
    template="%(expressions)s",
    arg_joiner=" || ",
    output_field=OutboxOrder._meta.get_field("former_ids"),
)
# Values that end a lease.
_RELEASED: Final[Mapping[str, Any]] = {"lease": "", "leased_until": None}
# Values that end the lease of another worker, which may have been handling a change.
_REVOKED: Final[Mapping[str, Any]] = {
    **_RELEASED,
    "dirty": Case(When(lease="", then=F("dirty")), default=Value(True)),
}
# Values that make an order due at once.
_DUE: Final[Mapping[str, Any]] = {
    "dirty": True,
    "attempts": 0,
    "not_before": None,
    "enqueued_at": None,
}


class Outbox:
    """Orders in the outbox: implements `sync.ports.Outbox`.

    Hooks and staff use it too, to add orders and to ask for actions.
    """

    # A lease instead of a database lock: no transaction stays open during a request to Picqer,
    # each stage is committed at once, and the row of a killed worker becomes free by itself.

    # --- hooks and the sweeper

    def record(
        self,
        order_pks: Iterable[str],
        channel: str,
        *,
        stage: Stage = Stage.PENDING,
        methods: Mapping[str, str] = MappingProxyType({}),
        enqueued: bool = False,
    ) -> None:
        """Add orders, in one statement; known orders stay unchanged.

        `methods` has the keys of the shipping methods by order pk. With stage CREATING the worker
        looks an order up in Picqer before creating it. `enqueued` tells that the caller enqueues
        a task for each order.
        """
        sent_at = timezone.now() if enqueued else None
        OutboxOrder.objects.bulk_create(
            [
                OutboxOrder(
                    order_pk=pk,
                    channel=channel,
                    stage=stage,
                    method=methods.get(pk, ""),
                    dirty=True,
                    enqueued_at=sent_at,
                )
                for pk in order_pks
            ],
            ignore_conflicts=True,
        )

    def touch(self, order_pks: Collection[str], *, enqueued: bool = False) -> int:
        """Mark orders as changed, in one statement; return how many were not marked yet.

        An order that waits for a change becomes due at once. `enqueued` is as in `record`.
        """
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks, dirty=False)
        due_again = Case(When(waiting_for="", then=F("not_before")), default=Value(None))
        sent_at = {"enqueued_at": timezone.now()} if enqueued else {}
        return rows.update(dirty=True, not_before=due_again, **sent_at)

    def seen_versions(self, order_pks: Collection[str]) -> Mapping[str, str]:
        """Return which version a worker has read of each of these orders in the outbox."""
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks)
        return dict(rows.values_list("order_pk", "seen_version"))

    def read(self, order_pk: str) -> Entry | None:
        """Return the order's entry without a lease; None for an order outside the outbox."""
        return _first(OutboxOrder.objects.filter(order_pk=order_pk))

    def channel_of(self, order_pk: str) -> str | None:
        """Return the channel of an order, or None if the outbox does not have the order."""
        rows = OutboxOrder.objects.filter(order_pk=order_pk)
        return rows.values_list("channel", flat=True).first()

    def due(self, channels: Collection[str], limit: int) -> list[str]:
        """Return pks of the orders to claim now, the earliest recorded first."""
        rows = due().filter(channel__in=channels).order_by("pk")
        return list(rows.values_list("order_pk", flat=True)[:limit])

    def to_enqueue(self, channels: Collection[str], limit: int, *, last: str = "") -> list[str]:
        """Return pks of orders to claim now for which no task waits, and note their tasks.

        The order `last` comes after all others.

        A task that has not started after five minutes is taken for lost.
        """
        now = timezone.now()
        lost = Q(enqueued_at=None) | Q(enqueued_at__lte=now - ENQUEUE_AGAIN)
        rows = due().filter(lost, channel__in=channels)
        rows = rows.order_by(Case(When(order_pk=last, then=1), default=0), "pk")
        pks = list(rows.values_list("order_pk", flat=True)[:limit])
        if pks:
            OutboxOrder.objects.filter(order_pk__in=pks).update(enqueued_at=now)
        return pks

    def awaits_worker(self, channels: Collection[str]) -> bool:
        """Tell whether a due order of the channels waits in a queue for a worker."""
        return due().filter(channel__in=channels, enqueued_at__isnull=False).exists()

    def changed_meanwhile(self, order_pk: str) -> bool:
        """Return whether the order has changed since a worker claimed it, and can be claimed."""
        return due().filter(order_pk=order_pk, dirty=True).exists()

    def move(self, channels: Mapping[str, str]) -> None:
        """Save the new channels of orders, given by order pk."""
        for channel in {*channels.values()}:
            pks = [pk for pk, found in channels.items() if found == channel]
            OutboxOrder.objects.filter(order_pk__in=pks).update(channel=channel)

    def of_channel(self, channel: str) -> list[str]:
        """Return pks of all orders of a channel."""
        rows = OutboxOrder.objects.filter(channel=channel).order_by("pk")
        return list(rows.values_list("order_pk", flat=True))

    def wake(self, channel: str) -> None:
        """Make orders due that failed or wait, because new settings may have solved the problem."""
        rows = OutboxOrder.objects.filter(channel=channel)
        open_rows = rows.filter(stage__in=OPEN_STAGES)
        open_rows.exclude(last_error="", waiting_for="").update(not_before=None)
        early = rows.filter(stage=Stage.SKIPPED, waiting_for=Reason.PLACED_TOO_EARLY)
        early.update(stage=Stage.CREATING, waiting_for="", **_DUE)

    def touch_processed(self, channel: str) -> None:
        """Mark the channel's processed orders as changed, in one statement."""
        OutboxOrder.objects.filter(channel=channel, stage=Stage.PROCESSED).update(dirty=True)

    # --- staff

    def locked(self, order_pks: Collection[str]) -> dict[str, Entry]:
        """Return the known orders, locked until the transaction ends."""
        # Every caller locks in the same sequence, so that no deadlock occurs.
        rows = OutboxOrder.objects.select_for_update().filter(order_pk__in=order_pks)
        return {row.order_pk: entry_of(row) for row in rows.order_by("pk")}

    def push(self, order_pks: Collection[str], channel: str) -> None:
        """Have orders sent regardless of the channel's rules, and again if they were sent before.

        The worker looks each order up in Picqer first, so that none is created twice.
        """
        self.record(order_pks, channel)
        rows = OutboxOrder.objects.filter(unleased(), order_pk__in=order_pks)
        # Of a shipped order, the worker finds out what is open again.
        over = FINAL_STAGES - {Stage.COMPLETED}
        restarted = rows.filter(Q(remote_id=None) | Q(stage__in=over))
        restarted.update(
            stage=Stage.CREATING, remote_id=None, former_ids=_ALL_REMOTE_IDS, attention=""
        )
        rows.update(
            requested=True,
            method="",
            waiting_for="",
            last_error="",
            updated_at=timezone.now(),
            **_DUE,
        )

    def retry(self, order_pks: Collection[str]) -> int:
        """Make failing orders due at once; return the number of orders."""
        rows = OutboxOrder.objects.filter(order_pk__in=order_pks).exclude(last_error="")
        return rows.update(updated_at=timezone.now(), **_DUE)

    def retryable(self, channels: Collection[str]) -> list[str]:
        """Return pks of the channels' orders that `retry` makes due, earliest recorded first."""
        rows = OutboxOrder.objects.filter(channel__in=channels).exclude(last_error="")
        return list(rows.order_by("pk").values_list("order_pk", flat=True))

    def skip(self, order_pks: Collection[str]) -> int:
        """Exclude orders that are not in Picqer from being sent; return the number of orders."""
        unsent = Q(remote_id=None, stage__in=[Stage.PENDING, Stage.CREATING, Stage.FAILED])
        rows = OutboxOrder.objects.filter(unleased(), order_pk__in=order_pks)
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

    # --- workers

    def claim(self, order_pk: str) -> Entry | None:
        """Lease the row to the calling worker; None if the order is not due."""
        taken = (
            due()
            .filter(order_pk=order_pk)
            .update(
                lease=uuid.uuid4().hex,
                leased_until=timezone.now() + LEASE,
                dirty=False,
                enqueued_at=None,
            )
        )
        return entry_of(OutboxOrder.objects.get(order_pk=order_pk)) if taken else None

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        """Save changes and renew the lease; a caller without the lease revokes it."""
        if entry.lease:
            lease: Mapping[str, Any] = {"leased_until": timezone.now() + LEASE}
        else:
            lease = _REVOKED if "stage" in changes else {}
        changes |= ended(changes.get("stage"))
        is_news = changes.get("stage", entry.stage) is not entry.stage
        is_processed = is_news and changes["stage"] is Stage.PROCESSED
        processed = {"processed_at": timezone.now()} if is_processed else {}
        if not self._update(entry, **changes, **lease, **processed):
            raise TryLaterError("another worker has taken this order further", delay=2)
        return replace(entry, **changes)

    def release(self, entry: Entry, *, waiting_for: str = "", error: str = "") -> None:
        """End the lease; `waiting_for` names what has to happen in Saleor first.

        `error` is of an attempt that failed and is not repeated.
        """
        waits = waiting_for and entry.stage in OPEN_STAGES
        # An order that has changed meanwhile is looked at again at once.
        later = Case(When(dirty=False, then=Value(timezone.now() + RECHECK)))
        self._update(
            entry,
            attempts=0,
            waiting_for=waiting_for[:255],
            not_before=later if waits else None,
            last_error="",
            **_RELEASED,
            **(_with_attempt(entry, error) if error else {}),
        )

    def postpone(
        self,
        entry: Entry,
        reason: str,
        *,
        slowly: bool = False,
        unsure: bool = False,
        delay: timedelta | None = None,
    ) -> bool:
        """End the lease after a failure and plan a retry; True when no retry is left."""
        counted = 0 if delay else 1
        if entry.attempts + counted >= MAX_ATTEMPTS and entry.stage in OPEN_STAGES:
            self.fail(entry, reason)
            return True
        self._update(
            entry,
            # To wait for one's turn is no failed attempt.
            **(_with_attempt(entry, reason) if counted else {}),
            attempts=F("attempts") + counted,
            not_before=timezone.now() + (delay or retry_delay(entry.attempts, slowly=slowly)),
            waiting_for="",
            last_error=reason,
            dirty=True,
            # A task that came meanwhile found the order taken: it will not come again.
            enqueued_at=None,
            lease="",
            # Keeps every worker away while Picqer may still carry out the request.
            leased_until=timezone.now() + UNSURE if unsure else None,
        )
        return False

    def fail(self, entry: Entry, reason: str) -> None:
        """Make the order a dead letter that needs the attention of staff."""
        self._update(
            entry,
            stage=Stage.FAILED,
            attempts=F("attempts") + 1,
            not_before=None,
            waiting_for="",
            last_error=reason,
            attention=reason,
            **_RELEASED,
            **_with_attempt(entry, reason),
        )

    def find(self, account: str, remote_id: int) -> Entry | None:
        """Return the order with this id in Picqer, without a lease."""
        return _first(OutboxOrder.objects.filter(account=account, remote_id=remote_id))

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        """Return the order sent with the reference and then cancelled in Picqer."""
        rows = OutboxOrder.objects.filter(
            account=account, reference=reference, stage=Stage.CANCELLED
        )
        return _first(rows.exclude(reference=""))

    def record_remote_status(self, entry: Entry, status: str, status_page: str) -> bool:
        """Save Picqer's status of the order; True for the first worker to save the status."""
        if status == entry.remote_status:
            return False
        rows = OutboxOrder.objects.filter(order_pk=entry.order_pk, remote_id=entry.remote_id)
        unchanged = rows.filter(remote_status=entry.remote_status)
        if unchanged.update(
            remote_status=status, status_page=status_page, updated_at=timezone.now()
        ):
            return True
        if not rows.filter(remote_status=status).exists():
            raise TryLaterError("another worker has seen this order in another status", delay=2)
        return False

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        """Return the ids in Picqer of other orders, among the given ids."""
        rows = OutboxOrder.objects.filter(account=account, remote_id__in=remote_ids)
        rows = rows.exclude(order_pk=entry.order_pk)
        return frozenset(pk for pk in rows.values_list("remote_id", flat=True) if pk is not None)

    def _update(self, entry: Entry, **changes: Any) -> bool:
        """Change the row; False if another worker has changed it since the entry was read."""
        rows = OutboxOrder.objects.filter(
            order_pk=entry.order_pk, stage=entry.stage, remote_id=entry.remote_id
        )
        if entry.lease:
            rows = rows.filter(lease=entry.lease)
            changes["seen_version"] = entry.seen_version
        return bool(rows.update(updated_at=timezone.now(), **changes))


def _with_attempt(entry: Entry, reason: str) -> dict[str, Any]:
    """Return the change that keeps a failed attempt, for the statement that records the failure."""
    return {"failed_attempts": add_attempt(entry, reason, timezone.now())}


def _first(rows: QuerySet[OutboxOrder]) -> Entry | None:
    row = rows.order_by("pk").first()
    # A reader does not hold the row, even if another worker does.
    return None if row is None else replace(entry_of(row), lease="")
