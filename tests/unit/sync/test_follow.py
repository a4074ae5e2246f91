"""Applying to Saleor what happens to an order in Picqer."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.events import OrderEvent
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import AddressError, TryLaterError
from saleor_picqer.sync.orders import follow
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.faults import (
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario


def test_order_is_fulfilled_picklist_by_picklist() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 2), line("CUP")))
    scenario.account.ship(remote, 1)
    scenario.run_until_idle()
    assert [ln.fulfilled for ln in scenario.order().lines] == [1, 1]
    assert scenario.row().stage is Stage.PROCESSED

    scenario.account.ship(remote)
    scenario.run_until_idle()

    assert scenario.order().state is OrderState.CLOSED
    assert scenario.row().stage is Stage.COMPLETED
    assert scenario.shop.metadata["1"]["status"] == "completed"


def test_order_is_fulfilled_once_when_an_event_comes_twice() -> None:
    """Failure mode F10."""
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 2)))
    scenario.account.ship(remote, 1)

    for _ in range(3):
        scenario.pull(remote)

    assert [ln.fulfilled for ln in scenario.order().lines] == [1]
    assert len([note for note in scenario.notes() if note.startswith("Shipped")]) == 1


def test_order_is_flagged_when_it_is_cancelled_while_it_is_fulfilled() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.account.ship(remote)
    scenario.faults.plan("shop.fulfilments.create", meanwhile(scenario.cancel))
    with pytest.raises(TryLaterError):
        scenario.pull(remote)

    scenario.pull(remote)

    assert "get the goods back" in scenario.row().attention


def test_other_shops_order_is_ignored_when_it_has_the_same_reference() -> None:
    """Failure mode F54: on a shared account, even with the same reference."""
    scenario = Scenario()
    scenario.place_and_push()
    foreign = scenario.account.enter_by_hand("10042", TEA=5)
    scenario.account.process(foreign)
    scenario.account.ship(foreign)

    assert scenario.pull(foreign) is False

    assert scenario.order().state is OrderState.OPEN


def test_order_is_followed_by_id_when_its_reference_was_changed() -> None:
    """Failure mode F55."""
    scenario = Scenario()
    remote = scenario.place_and_push()
    remote.header["reference"] = "Mrs Visser"
    scenario.account.ship(remote)

    scenario.run_until_idle()

    assert scenario.order().state is OrderState.CLOSED


def test_pause_and_its_end_are_noted_without_a_new_stage() -> None:
    """Failure mode F52."""
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.account.pause(remote, "Flood")
    scenario.run_until_idle()
    assert scenario.shop.metadata["1"]["status"] == "paused"
    assert scenario.row().stage is Stage.PROCESSED

    scenario.account.resume(remote)
    scenario.run_until_idle()

    assert scenario.shop.metadata["1"]["status"] == "processing"
    assert scenario.notes()[-2:] == [
        f"Order {remote.number} is paused in Picqer: Flood.",
        f"Order {remote.number} is no longer paused in Picqer.",
    ]


def test_order_is_marked_processed_when_staff_process_it_in_picqer() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push()

    scenario.account.process(remote)
    scenario.run_until_idle()

    assert scenario.row().stage is Stage.PROCESSED


def test_failed_order_recovers_when_staff_process_it_in_picqer() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.process", refused(refusal(AddressError, 10)))
    remote = scenario.place_and_push()
    assert scenario.row().stage is Stage.FAILED

    scenario.account.process(remote)
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")


# --- at the same time


def test_picklist_is_fulfilled_once_when_two_workers_handle_it() -> None:
    """Failure mode F8."""
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 2)))
    scenario.account.ship(remote, 1)
    scenario.faults.plan("picqer.picklists.get", meanwhile(lambda: scenario.pull(remote)))

    scenario.pull(remote)

    assert [ln.fulfilled for ln in scenario.order().lines] == [1]


def test_event_is_retried_when_another_worker_has_saved_another_status() -> None:
    """Failure mode F11."""
    scenario = Scenario()
    remote = scenario.place_and_push()

    def pause() -> None:
        scenario.account.pause(remote)
        scenario.pull(remote)
        scenario.account.resume(remote)
        scenario.account.pause(remote, "Flood")

    scenario.account.process(remote)
    scenario.outbox.edit("1", remote_status="concept")
    scenario.faults.plan("outbox.record_remote_status", meanwhile(pause))

    with pytest.raises(TryLaterError):
        follow.pull(scenario.context(), OrderEvent(remote.id))
    scenario.pull(remote)

    assert scenario.row().remote_status == "paused"


def test_metadata_has_the_latest_status_when_two_workers_publish_it() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.account.pause(remote)

    def ship() -> None:
        scenario.account.resume(remote)
        scenario.account.ship(remote)
        scenario.run_until_idle()

    scenario.faults.plan("shop.orders.write_metadata", meanwhile(ship))

    scenario.pull(remote)

    assert scenario.row().stage is Stage.COMPLETED
    assert scenario.shop.metadata["1"]["status"] == "completed"
