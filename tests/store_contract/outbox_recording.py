"""What hooks and staff may expect of the outbox."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.outbox import (
    SKIPPED_BY_STAFF,
    UNSURE,
    Stage,
)
from tests.store_contract.outbox_case import CHANNEL, MOMENT, OutboxUnderTest


class RecordingContract:
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

    # --- push, retry and skip

    def test_push_records_an_order_and_has_it_looked_up_first(self, case: OutboxUnderTest) -> None:
        case.outbox.push(["1"], CHANNEL)

        assert (case.row().stage, case.row().requested) == (Stage.CREATING, True)
        assert case.due() == ["1"]

    @pytest.mark.parametrize("stage", [Stage.CANCELLED, Stage.SKIPPED])
    def test_push_starts_anew_when_the_order_has_ended(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        case.add_remote(stage=stage, attention="Look at it.", waiting_for="a", attempts=2)

        case.outbox.push(["1"], CHANNEL)

        row = case.row()
        assert (row.stage, row.remote_id, row.attention) == (Stage.CREATING, None, "")
        assert (row.requested, row.waiting_for, row.attempts) == (True, "", 0)
        case.outbox.push(["1"], CHANNEL)
        assert case.row().former_ids == [1001]

    @pytest.mark.parametrize("stage", [Stage.PROCESSED, Stage.COMPLETED])
    def test_push_keeps_the_order_when_it_is_in_picqer(
        self, case: OutboxUnderTest, stage: Stage
    ) -> None:
        case.add_remote(stage=stage, attention="Look at it.", last_error="x")

        case.outbox.push(["1"], CHANNEL)

        row = case.row()
        assert (row.stage, row.remote_id, row.attention) == (
            stage,
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
