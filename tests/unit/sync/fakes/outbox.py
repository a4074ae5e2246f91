"""The outbox in memory: the rows and the conditional updates of `saleor_picqer.store.outbox`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from saleor_picqer.domain.outbox import (
    FINAL_STAGES,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RESERVED_STAGES,
    UNSURE,
    Entry,
    Stage,
    retry_delay,
)
from saleor_picqer.errors import TryLaterError
from tests.unit.sync.fakes.clock import Clock

LEASE: Final = timedelta(minutes=10)
RECHECK: Final = timedelta(hours=1)
FRESH: Final = timedelta(minutes=10)


@dataclass
class Row:
    """One order; the fields of the table `OutboxOrder`."""

    order_pk: str
    channel: str
    created_at: datetime
    stage: Stage = Stage.PENDING
    dirty: bool = False
    requested: bool = False
    account: str = ""
    reference: str = ""
    remote_id: int | None = None
    remote_number: str = ""
    remote_status: str = ""
    status_page: str = ""
    sent_digests: dict[str, str] = field(default_factory=dict)
    attention: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    waiting_for: str = ""
    last_error: str = ""
    lease: str = ""
    leased_until: datetime | None = None


class MemoryOutbox:
    """`sync.ports.Outbox`, and how orders get into it."""

    def __init__(self, clock: Clock) -> None:
        self.rows: dict[str, Row] = {}
        self._clock = clock
        self._leases = count(1)

    # --- what the shop and staff say

    def record(
        self, order_pks: Iterable[str], channel: str, *, stage: Stage = Stage.PENDING
    ) -> None:
        for pk in order_pks:
            row = Row(pk, channel, self._clock.now, stage=stage, dirty=True)
            self.rows.setdefault(pk, row)

    def touch(self, order_pks: Iterable[str]) -> None:
        """Something about recorded orders changed. What waited for a change is due again."""
        for row in (self.rows[pk] for pk in order_pks if pk in self.rows):
            if not row.dirty:
                row.dirty = True
                row.not_before = None if row.waiting_for else row.not_before

    def push(self, order_pk: str, channel: str) -> None:
        """Staff want it sent, whatever the rules say, and again if it was sent before."""
        self.record([order_pk], channel)
        row = self.rows[order_pk]
        if self._is_free(row):
            if row.remote_id is None or row.stage in FINAL_STAGES:
                row.stage, row.remote_id, row.attention = Stage.CREATING, None, ""
            row.requested = True
            row.waiting_for = row.last_error = ""
            self._make_due(row)

    def retry(self, order_pk: str) -> None:
        row = self.rows[order_pk]
        if row.last_error:
            self._make_due(row)

    def skip(self, order_pk: str) -> bool:
        """Staff want it never sent; False where it is too late for that."""
        row = self.rows[order_pk]
        unsent = row.stage in (Stage.PENDING, Stage.CREATING, Stage.FAILED)
        gone = row.stage is Stage.CANCELLED or (unsent and row.remote_id is None)
        if gone and self._is_free(row):
            row.stage, row.requested, row.waiting_for = Stage.SKIPPED, False, "skipped by staff"
            row.attention = row.last_error = ""
            self._make_due(row)
        return row.stage is Stage.SKIPPED

    def _make_due(self, row: Row) -> None:
        row.dirty, row.attempts, row.not_before = True, 0, None

    # --- what workers do

    def due(self) -> list[str]:
        return [pk for pk, row in self.rows.items() if self._is_due(row)]

    def claim(self, order_pk: str) -> Entry | None:
        row = self.rows.get(order_pk)
        if row is None or not self._is_due(row):
            return None
        row.lease, row.leased_until = f"lease {next(self._leases)}", self._clock.now + LEASE
        row.dirty = False
        return self._entry(row)

    def advance(self, entry: Entry, **changes: Any) -> Entry:
        if not self._update(entry, **changes):
            raise TryLaterError("another worker has taken this order further", delay=2)
        row = self.rows[entry.order_pk]
        if entry.lease:
            row.leased_until = self._clock.now + LEASE
        elif "stage" in changes:
            row.dirty = row.dirty or bool(row.lease)
            row.lease, row.leased_until = "", None
        return replace(entry, **changes)

    def release(self, entry: Entry, *, waiting_for: str = "") -> None:
        again = waiting_for and entry.stage in OPEN_STAGES
        self._give_back(
            entry,
            waiting_for=waiting_for,
            not_before=self._clock.now + RECHECK if again else None,
            last_error="",
            attempts=0,
        )

    def postpone(
        self, entry: Entry, reason: str, *, slowly: bool = False, unsure: bool = False
    ) -> bool:
        if entry.attempts + 1 >= MAX_ATTEMPTS and entry.stage in OPEN_STAGES:
            self.fail(entry, reason)
            return True
        self._give_back(
            entry,
            attempts=entry.attempts + 1,
            not_before=self._clock.now + retry_delay(entry.attempts, slowly=slowly),
            waiting_for="",
            last_error=reason,
            dirty=True,
            leased_until=self._clock.now + UNSURE if unsure else None,
        )
        return False

    def fail(self, entry: Entry, reason: str) -> None:
        self._give_back(
            entry,
            stage=Stage.FAILED,
            attempts=entry.attempts + 1,
            not_before=None,
            waiting_for="",
            last_error=reason,
            attention=reason,
        )

    def find(self, account: str, remote_id: int) -> Entry | None:
        return self._first(lambda row: (row.account, row.remote_id) == (account, remote_id))

    def find_cancelled(self, account: str, reference: str) -> Entry | None:
        wanted = (account, reference, Stage.CANCELLED)
        return self._first(
            lambda row: bool(reference) and (row.account, row.reference, row.stage) == wanted
        )

    def record_remote_status(self, entry: Entry, status: str, status_page: str) -> bool:
        row = self.rows[entry.order_pk]
        if status in (entry.remote_status, row.remote_status):
            return False
        if (row.remote_id, row.remote_status) != (entry.remote_id, entry.remote_status):
            raise TryLaterError("another worker has seen this order in another status", delay=2)
        row.remote_status, row.status_page = status, status_page
        return True

    def others(self, account: str, entry: Entry, remote_ids: Collection[int]) -> Set[int]:
        return frozenset(
            row.remote_id
            for row in self.rows.values()
            if row.account == account and row.order_pk != entry.order_pk
            if row.remote_id is not None and row.remote_id in remote_ids
        )

    def reserved(self, order_pks: Collection[str]) -> Set[str]:
        return frozenset(pk for pk in order_pks if self.rows[pk].stage in RESERVED_STAGES)

    def pushing(self, channel: str) -> bool:
        return any(
            row.channel == channel
            and row.stage in (Stage.CREATING, Stage.CREATED)
            and not self._is_free(row)
            for row in self.rows.values()
        )

    # --- rows

    def _update(self, entry: Entry, **changes: Any) -> bool:
        """False where the row is no longer as the entry says: it is another worker's then."""
        row = self.rows[entry.order_pk]
        moved = (row.stage, row.remote_id) != (entry.stage, entry.remote_id)
        if moved or (entry.lease and row.lease != entry.lease):
            return False
        for name, value in changes.items():
            setattr(row, name, value)
        return True

    def _give_back(self, entry: Entry, **changes: Any) -> None:
        self._update(entry, **{"lease": "", "leased_until": None} | changes)

    def _is_free(self, row: Row) -> bool:
        return row.leased_until is None or row.leased_until < self._clock.now

    def _is_due(self, row: Row) -> bool:
        """Open orders whose time has come, any order of which something changed, and any whose
        worker was killed.
        """
        now = self._clock.now
        wanted = row.stage in OPEN_STAGES or row.dirty or row.leased_until is not None
        return wanted and self._is_free(row) and (row.not_before is None or row.not_before <= now)

    def _first(self, matches: Callable[[Row], bool]) -> Entry | None:
        """Without a lease: whoever only looks does not hold the row."""
        row = next(filter(matches, self.rows.values()), None)
        return None if row is None else replace(self._entry(row), lease="")

    def _entry(self, row: Row) -> Entry:
        fresh = row.attempts == 0 and row.created_at > self._clock.now - FRESH
        own = {name: getattr(row, name) for name in _SHARED}
        return Entry(**own, fresh=fresh, leased=not self._is_free(row))


_SHARED: Final = (
    *("order_pk", "channel", "stage", "account", "reference", "remote_id", "remote_number"),
    *(
        "remote_status",
        "status_page",
        "sent_digests",
        "requested",
        "attention",
        "waiting_for",
        "last_error",
    ),
    *("attempts", "lease"),
)
