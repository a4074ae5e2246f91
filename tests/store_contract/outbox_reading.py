"""What readers without a lease may expect of the outbox."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.domain.outbox import (
    Stage,
)
from saleor_picqer.errors import TryLaterError
from tests.store_contract.outbox_case import ACCOUNT, OutboxUnderTest


class ReadingContract:
    """Subclasses provide the fixture `case`, an OutboxUnderTest."""

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
