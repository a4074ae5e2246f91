"""The outbox in memory: the rows and conditional updates of `saleor_picqer.store.outbox`.

`tests.store_contract` runs the same tests on this outbox and on the table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, Final

from saleor_picqer.domain.outbox import (
    ENQUEUE_AGAIN,
    FINAL_STAGES,
    FRESH,
    LEASE,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RECHECK,
    SAVED_FIELDS,
    SKIPPED_BY_STAFF,
    UNSURE,
    Entry,
    OutboxFields,
    Stage,
    add_attempt,
    ended,
    retry_delay,
)
from saleor_picqer.errors import TryLaterError
from tests.unit.sync.fakes.clock import Clock

_UNSENT: Final = frozenset({Stage.PENDING, Stage.CREATING, Stage.FAILED})


@dataclass(frozen=True, kw_only=True)
class Row(OutboxFields):
    """An order: the saved fields, and the outbox's own columns."""

    created_at: datetime
    dirty: bool = False
    enqueued_at: datetime | None = None
    not_before: datetime | None = None
    leased_until: datetime | None = None


class MemoryOutbox:
    """`sync.ports.Outbox`, and how orders get into the outbox."""

    def __init__(self, clock: Clock) -> None:
        self.rows: dict[str, Row] = {}
        self._clock = clock
        self._leases = count(1)

    # --- hooks and staff

    def record(
        self,
        order_pks: Iterable[str],
        channel: str,
        *,
        stage: Stage = Stage.PENDING,
        methods: Mapping[str, str] = MappingProxyType({}),
        enqueued: bool = False,
    ) -> None:
        """Add orders handled by Picqer; orders recorded before stay unchanged."""
        now = self._clock.now
        for pk in order_pks:
            new = Row(
                order_pk=pk,
                channel=channel,
                created_at=now,
                stage=stage,
                method=methods.get(pk, ""),
                dirty=True,
            )
            self.rows.setdefault(pk, replace(new, enqueued_at=now if enqueued else None))

    def touch(self, order_pks: Collection[str], *, enqueued: bool = False) -> int:
        """Mark recorded orders as changed in Saleor; return how many were not marked yet."""
        rows = [row for row in self._rows(order_pks) if not row.dirty]
        for row in rows:
            due_again = None if row.waiting_for else row.not_before
            enqueued_at = self._clock.now if enqueued else row.enqueued_at
            self.edit(row.order_pk, dirty=True, not_before=due_again, enqueued_at=enqueued_at)
        return len(rows)

    def push(self, order_pks: Collection[str], channel: str) -> None:
        """Have orders sent whatever the rules say, and again if they were sent before."""
        self.record(order_pks, channel)
        for row in filter(self._is_free, self._rows(order_pks)):
            if row.remote_id is None or row.stage in FINAL_STAGES - {Stage.COMPLETED}:
                former_ids = [*row.former_ids, *([row.remote_id] if row.remote_id else [])]
                anew = {"stage": Stage.CREATING, "remote_id": None, "former_ids": former_ids}
                self.edit(row.order_pk, attention="", **anew)
            cleared = {"method": "", "waiting_for": "", "last_error": ""}
            self.edit(row.order_pk, requested=True, **cleared, **_DUE)

    def retry(self, order_pks: Collection[str]) -> int:
        """Have failed orders tried again at once; return how many."""
        rows = [row for row in self._rows(order_pks) if row.last_error]
        for row in rows:
            self.edit(row.order_pk, **_DUE)
        return len(rows)

    def skip(self, order_pks: Collection[str]) -> int:
        """Have orders that are not in Picqer never sent; return how many."""
        rows = [row for row in self._rows(order_pks) if self._is_free(row) and _is_skippable(row)]
        for row in rows:
            self.edit(
                row.order_pk,
                stage=Stage.SKIPPED,
                requested=False,
                attention="",
                waiting_for=SKIPPED_BY_STAFF,
                last_error="",
                **_DUE,
            )
        return len(rows)

    # --- workers

    def due(self, channels: Collection[str] = ("default",), limit: int = 100) -> list[str]:
        """Return the orders that a worker should take now, oldest first."""
        rows = [row for row in self.rows.values() if row.channel in channels and self._is_due(row)]
        return [row.order_pk for row in rows[:limit]]

    def to_enqueue(self, channels: Collection[str], limit: int) -> list[str]:
        """Return the due orders without a waiting task, and note their tasks."""
        lost = self._clock.now - ENQUEUE_AGAIN
        rows = [self.rows[pk] for pk in self.due(channels, len(self.rows))]
        rows = [row for row in rows if row.enqueued_at is None or row.enqueued_at <= lost]
        for row in rows[:limit]:
            self.edit(row.order_pk, enqueued_at=self._clock.now)
        return [row.order_pk for row in rows[:limit]]

    def changed_meanwhile(self, order_pk: str) -> bool:
        return self.rows[order_pk].dirty and self._is_due(self.rows[order_pk])

    def claim(self, order_pk: str) -> Entry | None:
        row = self.rows.get(order_pk)
        if row is None or not self._is_due(row):
            return None
        lease, until = f"lease {next(self._leases)}", self._clock.now + LEASE
        claimed = {"lease": lease, "leased_until": until, "dirty": False, "enqueued_at": None}
        return self._entry(self.edit(order_pk, **claimed))

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        lease: dict[str, Any] = {}
        if entry.lease:
            lease = {"leased_until": self._clock.now + LEASE}
        elif "stage" in changes:
            row = self.rows[entry.order_pk]
            lease = {**_FREED, "dirty": row.dirty or bool(row.lease)}
        changes |= ended(changes.get("stage"))
        if not self._update(entry, **changes, **lease):
            raise TryLaterError("another worker has taken this order further", delay=2)
        return replace(entry, **changes)

    def release(self, entry: Entry, *, waiting_for: str = "", error: str = "") -> None:
        waits = waiting_for and entry.stage in OPEN_STAGES
        again = waits and not self.rows[entry.order_pk].dirty
        self._update(
            entry,
            attempts=0,
            waiting_for=waiting_for[:255],
            not_before=self._clock.now + RECHECK if again else None,
            last_error="",
            **_FREED,
            **(self._with_attempt(entry, error) if error else {}),
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
        counted = 0 if delay else 1
        if entry.attempts + counted >= MAX_ATTEMPTS and entry.stage in OPEN_STAGES:
            self.fail(entry, reason)
            return True
        self._update(
            entry,
            **(self._with_attempt(entry, reason) if counted else {}),
            attempts=entry.attempts + counted,
            not_before=self._clock.now + (delay or retry_delay(entry.attempts, slowly=slowly)),
            waiting_for="",
            last_error=reason,
            dirty=True,
            enqueued_at=None,
            lease="",
            leased_until=self._clock.now + UNSURE if unsure else None,
        )
        return False

    def fail(self, entry: Entry, reason: str) -> None:
        self._update(
            entry,
            stage=Stage.FAILED,
            attempts=entry.attempts + 1,
            not_before=None,
            waiting_for="",
            last_error=reason,
            attention=reason,
            **_FREED,
            **self._with_attempt(entry, reason),
        )

    def read(self, order_pk: str) -> Entry:
        """Return the entry of an order without a lease."""
        return replace(self._entry(self.rows[order_pk]), lease="")

    def find(self, account: str, remote_id: int) -> Entry | None:
        return self._first(lambda row: (row.account, row.remote_id) == (account, remote_id))

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        wanted = (account, reference, Stage.CANCELLED)
        return self._first(
            lambda row: bool(reference) and (row.account, row.reference, row.stage) == wanted
        )

    def record_remote_status(self, entry: Entry, status: str, status_page: str) -> bool:
        row = self.rows[entry.order_pk]
        if status == entry.remote_status:
            return False
        is_same_order = row.remote_id == entry.remote_id
        if is_same_order and row.remote_status == entry.remote_status:
            self.edit(row.order_pk, remote_status=status, status_page=status_page)
            return True
        if not (is_same_order and row.remote_status == status):
            raise TryLaterError("another worker has seen this order in another status", delay=2)
        return False

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        return frozenset(
            row.remote_id
            for row in self.rows.values()
            if row.account == account and row.order_pk != entry.order_pk
            if row.remote_id is not None and row.remote_id in remote_ids
        )

    # --- rows

    def edit(self, order_pk: str, **changes: Any) -> Row:
        """Change a row without any condition."""
        self.rows[order_pk] = replace(self.rows[order_pk], **changes)
        return self.rows[order_pk]

    def _rows(self, order_pks: Collection[str]) -> list[Row]:
        return [row for pk, row in self.rows.items() if pk in order_pks]

    def _update(self, entry: Entry, **changes: Any) -> bool:
        """Change the row; False when another worker has changed it since the entry was read."""
        row = self.rows[entry.order_pk]
        moved = (row.stage, row.remote_id) != (entry.stage, entry.remote_id)
        if moved or (entry.lease and row.lease != entry.lease):
            return False
        if entry.lease:
            changes["seen_version"] = entry.seen_version
        self.edit(entry.order_pk, **changes)
        return True

    def _with_attempt(self, entry: Entry, reason: str) -> dict[str, Any]:
        return {"failed_attempts": add_attempt(entry, reason, self._clock.now)}

    def _is_free(self, row: Row) -> bool:
        return row.leased_until is None or row.leased_until < self._clock.now

    def _is_due(self, row: Row) -> bool:
        """Tell whether the row is open, changed or left by a killed worker, and its time come."""
        now = self._clock.now
        wanted = row.stage in OPEN_STAGES or row.dirty or row.leased_until is not None
        return wanted and self._is_free(row) and (row.not_before is None or row.not_before <= now)

    def _first(self, matches: Callable[[Row], bool]) -> Entry | None:
        """Return the first match without its lease: a reader does not hold the row."""
        row = next(filter(matches, self.rows.values()), None)
        return None if row is None else replace(self._entry(row), lease="")

    def _entry(self, row: Row) -> Entry:
        return Entry(
            **{name: getattr(row, name) for name in SAVED_FIELDS},
            fresh=row.attempts == 0 and row.created_at > self._clock.now - FRESH,
            leased=row.leased_until is not None and row.leased_until > self._clock.now,
        )


_FREED: Final[dict[str, Any]] = {"lease": "", "leased_until": None}
_DUE: Final[dict[str, Any]] = {
    "dirty": True,
    "attempts": 0,
    "not_before": None,
    "enqueued_at": None,
}


def _is_skippable(row: Row) -> bool:
    return row.stage is Stage.CANCELLED or (row.stage in _UNSENT and row.remote_id is None)
