"""Cancelling an order in Picqer after it was cancelled in Saleor."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.faults import (
    Fault,
    killed_after,
    killed_before,
    lost_after,
    lost_before,
    meanwhile,
)
from tests.unit.sync.scenario import Scenario


def test_order_is_never_sent_when_it_is_cancelled_before() -> None:
    scenario = Scenario()
    scenario.place()

    scenario.cancel()
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.requests) == (Stage.SKIPPED, [])
    assert scenario.row().waiting_for == "The order was cancelled before it was sent to Picqer."


@pytest.mark.parametrize("process_when", ["placed", "paid"])
def test_order_is_cancelled_in_picqer_when_it_is_cancelled_in_saleor(process_when: str) -> None:
    scenario = Scenario(process_when=process_when)
    remote = scenario.place_and_push()

    scenario.cancel()
    scenario.run_until_idle()

    assert remote.status is RemoteStatus.CANCELLED
    assert (scenario.row().stage, scenario.row().attention) == (Stage.CANCELLED, "")
    assert scenario.notes()[-1] == (
        f"Cancelled in Saleor, and order {remote.number} is cancelled in Picqer too."
    )


@pytest.mark.parametrize("setting", ["never", "concept"])
def test_order_stays_when_the_channel_says_so(setting: str) -> None:
    scenario = Scenario(cancel_in_picqer=setting)
    remote = scenario.place_and_push()

    scenario.cancel()
    scenario.run_until_idle()

    assert remote.status is RemoteStatus.PROCESSING
    assert scenario.row().stage is Stage.PROCESSED
    assert "is still in Picqer" in scenario.row().attention


def test_order_stays_when_it_is_picked() -> None:
    """Failure mode F50."""
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.account.pick(remote)

    scenario.cancel()
    scenario.run_until_idle()

    assert remote.status is RemoteStatus.PROCESSING
    assert "where it is picked already" in scenario.row().attention
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention


def test_flag_is_removed_when_staff_cancel_the_order_in_picqer() -> None:
    scenario = Scenario(cancel_in_picqer="never")
    remote = scenario.place_and_push()
    scenario.cancel()
    scenario.run_until_idle()

    scenario.account.cancel(remote)
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.CANCELLED, "")
    assert "attention" not in scenario.shop.metadata["1"]


def test_goods_are_asked_back_when_a_cancelled_order_is_shipped() -> None:
    scenario = Scenario(cancel_in_picqer="never")
    remote = scenario.place_and_push()
    scenario.cancel()
    scenario.run_until_idle()

    scenario.account.ship(remote)
    scenario.run_until_idle()

    assert scenario.row().stage is Stage.COMPLETED
    assert "although the order is cancelled in Saleor" in scenario.row().attention
    assert scenario.order().state is OrderState.CANCELLED


@pytest.mark.parametrize("fault", [killed_before, killed_after, lost_before, lost_after])
@pytest.mark.parametrize("process_when", ["placed", "paid"])
def test_order_is_cancelled_when_an_attempt_is_cut_short(process_when: str, fault: Fault) -> None:
    """Failure mode F50."""
    scenario = Scenario(process_when=process_when)
    remote = scenario.place_and_push()
    scenario.faults.plan("picqer.orders.cancel", fault)
    scenario.cancel()
    scenario.push()

    scenario.advance()

    assert (remote.status, scenario.row().stage) == (RemoteStatus.CANCELLED, Stage.CANCELLED)
    told = [note for note in scenario.notes() if "is cancelled in Picqer too" in note]
    assert len(told) == 1


# --- when it is unknown whether Picqer has the order


def test_order_is_cancelled_when_the_request_without_an_answer_had_arrived() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place()
    scenario.push()

    scenario.cancel()
    scenario.advance()

    assert scenario.live() == []
    assert (scenario.row().stage, len(scenario.account.orders)) == (Stage.CANCELLED, 1)


def test_order_is_not_sent_when_the_request_without_an_answer_had_not_arrived() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_before)
    scenario.place()
    scenario.push()

    scenario.cancel()
    scenario.advance()

    assert (scenario.row().stage, scenario.account.orders) == (Stage.SKIPPED, {})


def test_other_shops_order_stays_when_it_has_the_same_reference() -> None:
    """Failure mode F54."""
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_before)
    scenario.place()
    scenario.push()
    foreign = scenario.account.enter_by_hand("10042", TEA=5)

    scenario.cancel()
    scenario.advance()

    assert (foreign.status, scenario.row().stage) == (RemoteStatus.CONCEPT, Stage.SKIPPED)
    assert scenario.row().attention == ""


def test_order_is_marked_processed_when_it_cannot_be_cancelled() -> None:
    scenario = Scenario(cancel_in_picqer="concept")
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place()
    scenario.push()
    scenario.account.process(scenario.live()[0])
    scenario.account.events.clear()

    scenario.cancel()
    scenario.advance()

    assert scenario.row().stage is Stage.PROCESSED
    assert "where it is being processed" in scenario.row().attention


# --- when staff change the order in Picqer right before the request


def act_before_cancel(scenario: Scenario, action: Callable[[StoredOrder], None]) -> StoredOrder:
    """Cancel an order in Saleor; staff act in Picqer between the worker's two requests."""
    scenario.change_settings(process_when="paid")
    remote = scenario.place_and_push()
    scenario.faults.plan("picqer.orders.cancel", meanwhile(lambda: action(remote)))
    scenario.cancel()
    scenario.push()
    return remote


def test_order_is_cancelled_by_force_when_it_has_just_been_processed() -> None:
    scenario = Scenario()
    remote = act_before_cancel(scenario, scenario.account.process)
    assert remote.status is RemoteStatus.PROCESSING

    scenario.advance()

    assert (remote.status, scenario.row().stage) == (RemoteStatus.CANCELLED, Stage.CANCELLED)


def test_order_counts_as_cancelled_when_it_has_just_been_cancelled_in_picqer() -> None:
    scenario = Scenario()
    remote = act_before_cancel(scenario, scenario.account.cancel)

    assert (remote.status, scenario.row().stage) == (RemoteStatus.CANCELLED, Stage.CANCELLED)
    assert scenario.row().attention == ""


def test_order_stays_when_it_has_just_been_picked() -> None:
    scenario = Scenario()

    def pick(order: StoredOrder) -> None:
        scenario.account.process(order)
        scenario.account.pick(order)

    remote = act_before_cancel(scenario, pick)
    scenario.advance()

    assert remote.status is RemoteStatus.PROCESSING
    assert "where it is picked already" in scenario.row().attention


def test_order_is_left_alone_when_it_is_gone_from_picqer() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()
    del scenario.account.orders[remote.id]
    scenario.account.events.clear()

    scenario.cancel()
    scenario.push()

    assert scenario.row().stage is Stage.SKIPPED
