"""What workers, hooks and staff may expect of the outbox."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final, Protocol

import pytest

from saleor_picqer.domain.outbox import (
    FRESH,
    LEASE,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RECHECK,
    RESERVED_STAGES,
    SKIPPED_BY_STAFF,
    UNSURE,
    Entry,
    Stage,
)
from saleor_picqer.errors import TryLaterError
from saleor_picqer.sync.ports import Outbox, Reservations
from tests.unit.sync.fakes.clock import Clock

MOMENT: Final = timedelta(seconds=1)
ACCOUNT: Final = "example.picqer.test"
CHANNEL: Final = "default"


class FullOutbox(Outbox, Reservations, Protocol):
    """The port of the use cases, and what hooks and staff call."""

    def record(
        self, order_pks: Iterable[str], channel: str, *, stage: Stage = Stage.PENDING
    ) -> None: ...

    def touch(self, order_pks: Collection[str]) -> int: ...

    def push(self, order_pks: Collection[str], channel: str) -> None: ...

    def due(self, channels: Collection[str], limit: int) -> list[str]: ...


class OutboxUnderTest(ABC):
    """An outbox with a clock that stands still until a test moves it."""

    def __init__(self, outbox: FullOutbox, clock: Clock) -> None:
        self.outbox = outbox
        self.clock = clock

    @abstractmethod
    def row(self, pk: str = "1") -> Any:
        """Return the row with all its columns."""

    @abstractmethod
    def edit(self, pk: str, **columns: Any) -> None:
        """Change columns of a row, whatever its state."""

    @abstractmethod
    def retry(self, *pks: str) -> int:
        """Have failed orders tried again."""

    @abstractmethod
    def skip(self, *pks: str) -> int:
        """Have orders skipped."""

    def add(self, pk: str = "1", channel: str = CHANNEL, **columns: Any) -> None:
        """Record an order, and set columns of its row."""
        self.outbox.record([pk], channel)
        if columns:
            self.edit(pk, **columns)

    def add_remote(self, pk: str = "1", stage: Stage = Stage.PROCESSED, **columns: Any) -> None:
        """Record an order that is in Picqer and of which nothing has changed."""
        sent: dict[str, Any] = {"account": ACCOUNT, "reference": pk, "remote_id": 1000 + int(pk)}
        self.add(pk, **sent | {"stage": stage, "dirty": False} | columns)

    def claim(self, pk: str = "1") -> Entry:
        """Claim an order that is due."""
        entry = self.outbox.claim(pk)
        assert entry is not None
        return entry

    def due(self, limit: int = 100) -> list[str]:
        """Return the orders of the default channel that are due."""
        return self.outbox.due([CHANNEL], limit)


class OutboxContract:
    """Subclasses provide the fixture `case`, an OutboxUnderTest."""

    # --- record, touch and due

    def test_recorded_order_is_due(self, case: OutboxUnderTest) -> None:
        case.add()

        assert case.due() == ["1"]
        assert (case.row().stage, case.row().channel) == (Stage.PENDING, CHANNEL)

    def test_record_changes_nothing_when_the_order_is_recorded_already(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote()

        case.outbox.record(["1"], "other", stage=Stage.CREATING)

        assert (case.row().stage, case.row().channel) == (Stage.PROCESSED, CHANNEL)
        assert case.due() == []

    def test_due_returns_the_oldest_orders_of_the_channels(self, case: OutboxUnderTest) -> None:
        for pk in ("1", "2", "3"):
            case.add(pk)
        case.add("4", channel="other")

        assert case.due(limit=2) == ["1", "2"]
        assert case.outbox.due(["other"], 100) == ["4"]

    def test_touch_counts_the_orders_that_were_not_marked_yet(self, case: OutboxUnderTest) -> None:
        case.add_remote("1")
        case.add("2")

        assert case.outbox.touch(["1", "2", "unknown"]) == 1
        assert case.outbox.touch(["1"]) == 0

        assert case.due() == ["1", "2"]

    def test_touch_makes_an_order_due_when_it_waits_for_a_change(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()
        case.outbox.release(case.claim(), waiting_for="The order is not paid yet.")
        assert case.due() == []

        case.outbox.touch(["1"])

        assert case.due() == ["1"]

    def test_touch_keeps_the_delay_when_an_attempt_has_failed(self, case: OutboxUnderTest) -> None:
        case.add()
        case.outbox.postpone(case.claim(), "Picqer is silent.")
        case.edit("1", dirty=False)

        case.outbox.touch(["1"])

        assert case.due() == []

    # --- claim

    def test_claim_returns_the_row_with_a_lease(self, case: OutboxUnderTest) -> None:
        case.add(requested=True, sent_digests={"reference": "abc"})

        entry = case.claim()

        assert (entry.order_pk, entry.channel, entry.stage) == ("1", CHANNEL, Stage.PENDING)
        assert (entry.requested, entry.sent_digests) == (True, {"reference": "abc"})
        assert entry.lease == case.row().lease != ""
        assert not case.row().dirty

    def test_claim_returns_nothing_when_another_worker_holds_the_row(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()
        case.claim()

        assert case.outbox.claim("1") is None
        assert case.due() == []

    def test_claim_gives_a_new_lease_when_the_old_one_has_expired(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote(dirty=True)
        first = case.claim()

        case.clock.advance(LEASE + MOMENT)

        assert case.claim().lease not in ("", first.lease)

    def test_claim_returns_nothing_when_the_order_is_unknown_or_not_due(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote()

        assert case.outbox.claim("1") is None
        assert case.outbox.claim("unknown") is None

    def test_entry_is_fresh_only_at_first(self, case: OutboxUnderTest) -> None:
        case.add("1")
        case.add("2")
        case.add("3", attempts=1)

        assert case.claim("1").fresh
        assert not case.claim("3").fresh
        case.clock.advance(FRESH + MOMENT)
        assert not case.claim("2").fresh

    # --- advance

    def test_advance_saves_and_returns_the_changes(self, case: OutboxUnderTest) -> None:
        case.add()

        entry = case.outbox.advance(case.claim(), stage=Stage.CREATING, reference="10042")

        assert (entry.stage, entry.reference) == (Stage.CREATING, "10042")
        assert (case.row().stage, case.row().reference) == (Stage.CREATING, "10042")

    def test_advance_renews_the_lease(self, case: OutboxUnderTest) -> None:
        case.add()
        entry = case.claim()
        case.clock.advance(LEASE * 0.6)

        entry = case.outbox.advance(entry)
        case.clock.advance(LEASE * 0.6)

        assert case.outbox.claim("1") is None

    def test_advance_works_when_the_lease_has_expired_but_no_worker_has_taken_over(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()
        entry = case.claim()
        case.clock.advance(LEASE * 2)

        case.outbox.advance(entry, stage=Stage.CREATING)

        assert case.outbox.claim("1") is None

    def test_advance_is_refused_when_another_worker_has_taken_over(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()
        slow = case.claim()
        case.clock.advance(LEASE + MOMENT)
        case.claim()

        with pytest.raises(TryLaterError):
            case.outbox.advance(slow, stage=Stage.CREATING)

        assert case.row().stage == Stage.PENDING

    @pytest.mark.parametrize("change", [{"stage": Stage.CREATED}, {"remote_id": 7}])
    def test_advance_is_refused_when_the_row_has_moved(
        self, case: OutboxUnderTest, change: dict[str, Any]
    ) -> None:
        case.add()
        entry = case.claim()
        case.edit("1", **change)

        with pytest.raises(TryLaterError):
            case.outbox.advance(entry, attention="Look at it.")

        assert case.row().attention == ""

    def test_advance_without_a_lease_revokes_it_when_the_stage_changes(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote(dirty=True)
        holder = case.claim()
        reader = case.outbox.find(ACCOUNT, 1001)
        assert reader

        case.outbox.advance(reader, stage=Stage.COMPLETED)

        # What the holder was about to do is not lost: the row is due again.
        assert case.row().lease == ""
        assert case.due() == ["1"]
        with pytest.raises(TryLaterError):
            case.outbox.advance(holder)

    def test_advance_without_a_lease_keeps_it_when_the_stage_stays(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote(dirty=True)
        holder = case.claim()
        reader = case.outbox.find(ACCOUNT, 1001)
        assert reader

        case.outbox.advance(reader, attention="Look at it.")

        assert case.outbox.advance(holder).lease == case.row().lease

    def test_advance_without_a_lease_marks_nothing_when_no_worker_holds_the_row(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote()
        reader = case.outbox.find(ACCOUNT, 1001)
        assert reader

        case.outbox.advance(reader, stage=Stage.COMPLETED)

        assert case.due() == []

    # --- release, postpone and fail

    def test_release_ends_the_lease_and_forgets_earlier_failures(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote(dirty=True, attempts=3, last_error="Picqer is silent.")

        case.outbox.release(case.claim())

        row = case.row()
        assert (row.lease, row.leased_until, row.attempts, row.last_error) == ("", None, 0, "")
        assert case.due() == []

    @pytest.mark.parametrize("stage", [Stage.PENDING, Stage.SKIPPED])
    def test_release_has_an_open_order_looked_at_again_when_it_waits(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        case.add(stage=stage)

        case.outbox.release(case.claim(), waiting_for="x" * 300)

        assert case.row().waiting_for == "x" * 255
        assert case.due() == []
        case.clock.advance(RECHECK + MOMENT)
        assert case.due() == (["1"] if stage in OPEN_STAGES else [])

    def test_release_keeps_the_order_due_when_it_has_changed_meanwhile(
        self, case: OutboxUnderTest
    ) -> None:
        case.add_remote(dirty=True)
        entry = case.claim()
        case.outbox.touch(["1"])

        case.outbox.release(entry)

        assert case.due() == ["1"]

    @pytest.mark.parametrize("end", ["release", "postpone", "fail"])
    def test_slow_worker_changes_nothing_when_another_has_taken_over(
        self, case: OutboxUnderTest, end: str
    ) -> None:
        case.add()
        slow = case.claim()
        case.clock.advance(LEASE + MOMENT)
        holder = case.claim()

        arguments = () if end == "release" else ("Picqer is silent.",)
        getattr(case.outbox, end)(slow, *arguments)

        row = case.row()
        assert (row.lease, row.stage, row.last_error) == (holder.lease, Stage.PENDING, "")

    def test_postpone_makes_the_order_due_later(self, case: OutboxUnderTest) -> None:
        case.add_remote(dirty=True)

        assert case.outbox.postpone(case.claim(), "Picqer is silent.") is False

        row = case.row()
        assert (row.lease, row.attempts, row.last_error) == ("", 1, "Picqer is silent.")
        assert case.due() == []
        case.clock.advance(timedelta(seconds=15))
        assert case.due() == ["1"]

    def test_postpone_waits_longer_when_staff_have_to_change_the_settings(
        self, case: OutboxUnderTest
    ) -> None:
        case.add("1", attempts=9)
        case.add("2", attempts=9)

        case.outbox.postpone(case.claim("1"), "The key is wrong.", slowly=True)
        case.outbox.postpone(case.claim("2"), "Picqer is silent.")

        assert case.row("1").not_before > case.row("2").not_before

    def test_postpone_holds_the_row_when_a_request_may_be_under_way(
        self, case: OutboxUnderTest
    ) -> None:
        case.add(stage=Stage.CREATING)

        case.outbox.postpone(case.claim(), "The answer was lost.", unsure=True)

        assert case.row().lease == ""
        case.clock.advance(UNSURE - MOMENT)
        assert case.due() == []
        case.clock.advance(2 * MOMENT)
        assert case.due() == ["1"]

    @pytest.mark.parametrize("stage", [Stage.CREATING, Stage.PROCESSED])
    def test_postpone_gives_an_open_order_up_when_it_was_the_last_attempt(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        case.add(stage=stage, attempts=MAX_ATTEMPTS - 1)

        was_last = case.outbox.postpone(case.claim(), "Picqer is silent.")

        is_open = stage in OPEN_STAGES
        assert was_last is is_open
        assert case.row().stage == (Stage.FAILED if is_open else stage)
        assert case.row().attention == ("Picqer is silent." if is_open else "")

    def test_fail_makes_the_order_a_dead_letter(self, case: OutboxUnderTest) -> None:
        case.add()

        case.outbox.fail(case.claim(), "The address is wrong.")

        row = case.row()
        assert (row.stage, row.lease, row.leased_until) == (Stage.FAILED, "", None)
        assert row.attention == row.last_error == "The address is wrong."
        assert case.due() == []

    # --- readers

    def test_find_returns_the_row_without_a_lease(self, case: OutboxUnderTest) -> None:
        case.add_remote(dirty=True)
        case.claim()

        entry = case.outbox.find(ACCOUNT, 1001)

        assert entry
        assert (entry.order_pk, entry.lease, entry.leased) == ("1", "", True)

    def test_find_returns_nothing_when_account_or_id_differ(self, case: OutboxUnderTest) -> None:
        case.add_remote()

        assert case.outbox.find("other.picqer.test", 1001) is None
        assert case.outbox.find(ACCOUNT, 1002) is None

    def test_find_cancelled_returns_only_cancelled_orders(self, case: OutboxUnderTest) -> None:
        case.add_remote("1", Stage.CANCELLED)
        case.add_remote("2", Stage.PROCESSED)
        case.add_remote("3", Stage.CANCELLED, reference="")

        found = [case.outbox.find_cancelled(ACCOUNT, reference) for reference in ("1", "2", "")]

        assert [entry and entry.order_pk for entry in found] == ["1", None, None]

    def test_others_returns_the_ids_that_belong_to_other_rows(self, case: OutboxUnderTest) -> None:
        case.add_remote("1")
        case.add_remote("2")
        case.add_remote("3", account="other.picqer.test")
        own = case.outbox.find(ACCOUNT, 1001)
        assert own

        assert case.outbox.others(ACCOUNT, own, [1001, 1002, 1003, 1004]) == {1002}

    # --- record_remote_status

    def test_remote_status_is_new_to_the_first_worker_only(self, case: OutboxUnderTest) -> None:
        case.add_remote(remote_status="concept")
        first, second = (case.outbox.find(ACCOUNT, 1001) for _ in range(2))
        assert first
        assert second

        assert case.outbox.record_remote_status(first, "processing", "https://page") is True
        assert case.outbox.record_remote_status(second, "processing", "https://page") is False

        assert case.row().remote_status == "processing"
        assert case.row().status_page == "https://page"

    def test_remote_status_is_not_new_when_the_entry_has_it(self, case: OutboxUnderTest) -> None:
        case.add_remote(remote_status="concept")
        entry = case.outbox.find(ACCOUNT, 1001)
        assert entry

        assert case.outbox.record_remote_status(entry, "concept", "") is False

    @pytest.mark.parametrize(
        "change", [{"remote_status": "paused"}, {"remote_id": 7}, {"remote_id": None}]
    )
    def test_remote_status_is_refused_when_the_row_has_changed(
        self, case: OutboxUnderTest, change: dict[str, Any]
    ) -> None:
        case.add_remote(remote_status="concept")
        entry = case.outbox.find(ACCOUNT, 1001)
        assert entry
        case.edit("1", **change)

        with pytest.raises(TryLaterError):
            case.outbox.record_remote_status(entry, "processing", "")

    def test_remote_status_keeps_the_lease_of_the_holder(self, case: OutboxUnderTest) -> None:
        case.add_remote(dirty=True, remote_status="concept")
        holder = case.claim()
        reader = case.outbox.find(ACCOUNT, 1001)
        assert reader

        case.outbox.record_remote_status(reader, "processing", "")

        assert case.outbox.advance(holder).lease == holder.lease

    # --- reservations

    def test_reserved_returns_the_orders_that_picqer_has_taken_out_of_its_stock(
        self, case: OutboxUnderTest
    ) -> None:
        for number, stage in enumerate(Stage):
            case.add(str(number), stage=stage)
        wanted = {str(n) for n, stage in enumerate(Stage) if stage in RESERVED_STAGES}

        assert case.outbox.reserved([*map(str, range(len(Stage))), "unknown"]) == wanted
        assert case.outbox.reserved([]) == set()

    @pytest.mark.parametrize(
        ("stage", "expected"),
        [(Stage.CREATING, True), (Stage.CREATED, True), (Stage.PENDING, False)],
    )
    def test_pushing_is_true_while_a_worker_creates_an_order(
        self, case: OutboxUnderTest, stage: Stage, expected: bool
    ) -> None:
        case.add(stage=stage)
        assert not case.outbox.pushing(CHANNEL)
        case.claim()

        assert case.outbox.pushing(CHANNEL) is expected
        assert not case.outbox.pushing("other")
        case.clock.advance(LEASE + MOMENT)
        assert not case.outbox.pushing(CHANNEL)

    # --- push, retry and skip

    def test_push_records_an_order_and_has_it_looked_up_first(self, case: OutboxUnderTest) -> None:
        case.outbox.push(["1"], CHANNEL)

        assert (case.row().stage, case.row().requested) == (Stage.CREATING, True)
        assert case.due() == ["1"]

    @pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED, Stage.SKIPPED])
    def test_push_starts_anew_when_the_order_has_ended(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        case.add_remote(stage=stage, attention="Look at it.", waiting_for="a", attempts=2)

        case.outbox.push(["1"], CHANNEL)

        row = case.row()
        assert (row.stage, row.remote_id, row.attention) == (Stage.CREATING, None, "")
        assert (row.requested, row.waiting_for, row.attempts) == (True, "", 0)

    def test_push_keeps_the_order_when_it_is_in_picqer(self, case: OutboxUnderTest) -> None:
        case.add_remote(attention="Look at it.", last_error="x")

        case.outbox.push(["1"], CHANNEL)

        row = case.row()
        assert (row.stage, row.remote_id, row.attention) == (
            Stage.PROCESSED,
            1001,
            "Look at it.",
        )
        assert (row.requested, row.last_error) == (True, "")
        assert case.due() == ["1"]

    def test_push_changes_nothing_when_a_worker_holds_the_row(self, case: OutboxUnderTest) -> None:
        case.add()
        case.claim()

        case.outbox.push(["1"], CHANNEL)

        assert (case.row().stage, case.row().requested) == (Stage.PENDING, False)

    def test_retry_makes_only_failed_orders_due(self, case: OutboxUnderTest) -> None:
        case.add("1")
        case.outbox.postpone(case.claim("1"), "Picqer is silent.")
        case.add("2")
        case.outbox.fail(case.claim("2"), "The address is wrong.")
        case.add_remote("3")

        assert case.retry("1", "2", "3") == 2

        assert case.due() == ["1", "2"]
        assert (case.row("1").attempts, case.row("2").attempts) == (0, 0)

    def test_retry_waits_when_a_request_may_be_under_way(self, case: OutboxUnderTest) -> None:
        case.add(stage=Stage.CREATING)
        case.outbox.postpone(case.claim(), "The answer was lost.", unsure=True)

        case.retry("1")

        assert case.due() == []
        case.clock.advance(UNSURE + MOMENT)
        assert case.due() == ["1"]

    @pytest.mark.parametrize(
        ("stage", "remote_id", "expected"),
        [
            (Stage.PENDING, None, 1),
            (Stage.CREATING, None, 1),
            (Stage.FAILED, None, 1),
            (Stage.FAILED, 7, 0),
            (Stage.CANCELLED, 7, 1),
            (Stage.PROCESSED, 7, 0),
            (Stage.COMPLETED, 7, 0),
        ],
    )
    def test_skip_takes_only_orders_that_are_not_in_picqer(
        self, case: OutboxUnderTest, stage: Stage, remote_id: int | None, expected: int
    ) -> None:
        case.add(stage=stage, remote_id=remote_id, attention="Look at it.", requested=True)

        assert case.skip("1") == expected

        row = case.row()
        assert row.stage == (Stage.SKIPPED if expected else stage)
        if expected:
            assert (row.attention, row.waiting_for) == ("", SKIPPED_BY_STAFF)
            assert not row.requested
            assert case.due() == ["1"]

    def test_skip_takes_no_order_that_a_worker_holds(self, case: OutboxUnderTest) -> None:
        case.add()
        case.claim()

        assert case.skip("1") == 0
