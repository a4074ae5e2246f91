"""What workers may expect of the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saleor_picqer.domain.outbox import (
    ENQUEUE_AGAIN,
    FRESH,
    KEPT_ATTEMPTS,
    LEASE,
    MAX_ATTEMPTS,
    OPEN_STAGES,
    RECHECK,
    UNSURE,
    Stage,
    retry_delay,
)
from saleor_picqer.errors import TryLaterError
from tests.store_contract.outbox_case import ACCOUNT, CHANNEL, MOMENT, OutboxUnderTest


class LeaseContract:
    """Subclasses provide the fixture `case`, an OutboxUnderTest."""

    @pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED, Stage.SKIPPED])
    def test_digests_of_what_was_sent_go_when_the_order_is_over(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        """Failure mode F111."""
        case.add_remote(dirty=True, sent_digests={"telephone": "abc"})

        entry = case.outbox.advance(case.claim(), stage=stage)

        assert (entry.sent_digests, case.row().sent_digests) == ({}, {})

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

    def test_release_has_an_order_looked_at_at_once_when_it_has_changed_meanwhile(
        self, case: OutboxUnderTest
    ) -> None:
        """Failure mode F74: a payment arrived while the worker held the order."""
        case.add()
        entry = case.claim()
        case.outbox.touch(["1"])

        case.outbox.release(entry, waiting_for="The order is not paid yet.")

        assert case.due() == ["1"]
        assert case.outbox.changed_meanwhile("1")

    def test_order_has_not_changed_meanwhile_when_an_attempt_failed(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()

        case.outbox.postpone(case.claim(), "Picqer is silent.")

        assert not case.outbox.changed_meanwhile("1")

    def test_worker_saves_the_version_that_it_has_read(self, case: OutboxUnderTest) -> None:
        case.add()

        case.outbox.release(replace(case.claim(), seen_version="open 2026"))

        assert case.row().seen_version == "open 2026"

    # --- enqueue

    def test_order_is_enqueued_once_when_no_worker_takes_it(self, case: OutboxUnderTest) -> None:
        """Failure mode F75: a night without workers."""
        case.add()

        assert case.outbox.to_enqueue([CHANNEL], 10) == ["1"]
        assert case.outbox.to_enqueue([CHANNEL], 10) == []
        case.clock.advance(ENQUEUE_AGAIN)
        assert case.outbox.to_enqueue([CHANNEL], 10) == ["1"]

    def test_order_is_not_enqueued_when_its_hook_has_done_so(self, case: OutboxUnderTest) -> None:
        case.outbox.record(["1"], CHANNEL, enqueued=True)
        case.add_remote("2")
        case.outbox.touch(["2"], enqueued=True)

        assert case.outbox.to_enqueue([CHANNEL], 10) == []

    def test_order_is_enqueued_again_when_a_worker_took_it_in_vain(
        self, case: OutboxUnderTest
    ) -> None:
        case.outbox.record(["1"], CHANNEL, enqueued=True)
        case.outbox.postpone(case.claim(), "Picqer is silent.")

        case.clock.advance(retry_delay(0))

        assert case.outbox.to_enqueue([CHANNEL], 10) == ["1"]

    def test_order_is_enqueued_again_when_a_task_came_during_a_failed_attempt(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()
        entry = case.claim()
        case.outbox.touch(["1"], enqueued=True)
        assert case.outbox.claim("1") is None
        case.outbox.postpone(entry, "Picqer is silent.")

        case.clock.advance(retry_delay(0))

        assert case.outbox.to_enqueue([CHANNEL], 10) == ["1"]

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

    def test_postpone_counts_no_attempt_when_the_order_waits_for_its_turn(
        self, case: OutboxUnderTest
    ) -> None:
        """Failure mode F90."""
        case.add(attempts=MAX_ATTEMPTS - 1)

        case.outbox.postpone(case.claim(), "No budget.", delay=timedelta(seconds=20))

        assert (case.row().stage, case.row().attempts) == (Stage.PENDING, MAX_ATTEMPTS - 1)
        assert case.due() == []
        case.clock.advance(timedelta(seconds=20))
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

    def test_failed_attempts_are_kept_up_to_a_number(self, case: OutboxUnderTest) -> None:
        case.add(stage=Stage.CREATING)
        for number in range(KEPT_ATTEMPTS + 2):
            case.edit("1", not_before=None)
            case.outbox.postpone(case.claim(), f"Error {number}." + "x" * 1000)
        case.edit("1", not_before=None)
        case.outbox.fail(case.claim(), "The address is wrong.")

        kept = case.row().failed_attempts

        assert len(kept) == KEPT_ATTEMPTS
        assert [one["error"].split(".")[0] for one in kept[:2]] == ["Error 3", "Error 4"]
        assert {one["stage"] for one in kept} == {"creating"}
        assert max(len(one["error"]) for one in kept) == 500
        last = {"at": case.clock.now.isoformat(), "stage": "creating"}
        assert kept[-1] == {**last, "error": "The address is wrong."}

    def test_no_attempt_is_kept_when_the_order_waits_for_its_turn(
        self, case: OutboxUnderTest
    ) -> None:
        case.add()

        case.outbox.postpone(case.claim(), "No budget.", delay=timedelta(seconds=20))

        assert not case.row().failed_attempts

    def test_failed_attempts_stay_after_a_success(self, case: OutboxUnderTest) -> None:
        case.add_remote(dirty=True)
        case.outbox.release(case.claim(), error="Picqer refuses the note.")
        case.edit("1", dirty=True)

        case.outbox.release(case.claim())

        (kept,) = case.row().failed_attempts
        assert (kept["error"], case.row().last_error) == ("Picqer refuses the note.", "")

    @pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED])
    def test_failed_attempts_go_with_the_end_of_the_order(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        """Failure mode F111."""
        case.add_remote(dirty=True)
        case.outbox.postpone(case.claim(), "Picqer is silent.")
        case.edit("1", not_before=None)

        entry = case.outbox.advance(case.claim(), stage=stage)

        assert not entry.failed_attempts
        assert not case.row().failed_attempts

    def test_fail_makes_the_order_a_dead_letter(self, case: OutboxUnderTest) -> None:
        case.add()

        case.outbox.fail(case.claim(), "The address is wrong.")

        row = case.row()
        assert (row.stage, row.lease, row.leased_until) == (Stage.FAILED, "", None)
        assert row.attention == row.last_error == "The address is wrong."
        assert case.due() == []
