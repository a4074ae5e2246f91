"""The capture of a payment after the shipment: asked for once, whatever happens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.payments import ANSWER_TIME, LONGEST_PENDING, Capture, CaptureState
from saleor_picqer.sync.orders import payments
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.faults import Fault, WorkerKilled, killed_after, killed_before
from tests.unit.sync.scenario import Scenario

NOT_CAPTURED = "The payment of this shipped order was not captured."
UNCLEAR = "Whether the payment of this shipped order was captured is not known."


def work(scenario: Scenario) -> None:
    """Do what a worker does about captures that are due."""
    for pk in scenario.captures.due():
        try:
            payments.capture(scenario.context(), scenario.outbox.read(pk))
        except WorkerKilled:
            return


def placed(**settings: Any) -> tuple[Scenario, StoredOrder]:
    scenario = Scenario(**settings)
    return scenario, scenario.place_and_push(order(line("MUG", 2)))


def ship(scenario: Scenario, remote: StoredOrder, amount: int | None = None) -> None:
    scenario.account.ship(remote, amount)
    scenario.run_until_idle()


def test_payment_is_not_captured_by_default() -> None:
    scenario, remote = placed()

    ship(scenario, remote)
    work(scenario)

    assert scenario.shop.cash.captured == []


@pytest.mark.parametrize(("when", "first"), [("first_shipment", 1), ("all_shipped", 0)])
def test_payment_is_captured_once_when_the_order_is_shipped(when: str, first: int) -> None:
    scenario, remote = placed(capture_payment=when)

    ship(scenario, remote, 1)
    work(scenario)
    assert len(scenario.shop.cash.captured) == first
    ship(scenario, remote)
    work(scenario)
    work(scenario)

    assert scenario.shop.cash.captured == ["1"]
    captured = [note for note in scenario.notes() if "payment is captured: 8.26 EUR" in note]
    assert len(captured) == 1
    assert scenario.row().attention == ""


def test_payment_is_captured_when_picqer_tells_of_no_picklist() -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    remote.picklists.clear()

    ship(scenario, remote)
    work(scenario)

    assert scenario.shop.cash.captured == ["1"]


def test_refused_capture_is_a_flag_and_holds_nothing_up() -> None:
    scenario, remote = placed(capture_payment="first_shipment")
    scenario.shop.cash.answer = Capture(CaptureState.REFUSED, reason="The card has expired.")

    ship(scenario, remote, 1)
    work(scenario)
    assert scenario.row().attention.startswith(f"{NOT_CAPTURED} The card has expired.")
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention
    ship(scenario, remote)
    work(scenario)

    assert scenario.row().stage is Stage.COMPLETED
    assert scenario.row().attention.startswith(NOT_CAPTURED)
    assert scenario.shop.cash.captured == ["1"]


def test_flag_of_a_refused_capture_is_gone_when_the_order_is_paid() -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    scenario.shop.cash.answer = Capture(CaptureState.REFUSED, reason="The card has expired.")
    ship(scenario, remote)
    work(scenario)

    scenario.shop.change("1", paid=True)
    scenario.run_until_idle()

    assert scenario.row().attention == ""


@pytest.mark.parametrize("fault", [killed_before, killed_after])
def test_capture_is_never_repeated_when_the_worker_is_killed_meanwhile(fault: Fault) -> None:
    """Staff look at the payment, as the plugin cannot tell whether the payment was captured."""
    scenario, remote = placed(capture_payment="all_shipped")
    ship(scenario, remote)
    scenario.faults.plan("shop.payments.capture", fault)
    work(scenario)
    assert scenario.captures.due() == []

    scenario.clock.advance(ANSWER_TIME)
    work(scenario)
    work(scenario)

    assert scenario.shop.cash.captured == (["1"] if fault is killed_after else [])
    assert scenario.row().attention.startswith(UNCLEAR)


def test_no_flag_is_raised_when_the_worker_was_killed_and_saleor_knows_of_the_capture() -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    ship(scenario, remote)
    scenario.faults.plan("shop.payments.capture", killed_after)
    work(scenario)
    scenario.shop.cash.later = Capture(CaptureState.CAPTURED, "8.26 EUR")

    scenario.clock.advance(ANSWER_TIME)
    work(scenario)

    assert scenario.row().attention == ""
    assert "payment is captured: 8.26 EUR" in scenario.notes()[-1]


@pytest.mark.parametrize("call", ["shop.add_note", "shop.orders.add_note"])
def test_outcome_is_told_when_the_worker_is_killed_before_the_note(call: str) -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    ship(scenario, remote)
    scenario.faults.plan(call, killed_before)

    work(scenario)
    work(scenario)

    assert "payment is captured" in scenario.notes()[-1]
    assert scenario.shop.cash.captured == ["1"]


@pytest.mark.parametrize(
    ("later", "attention"),
    [
        (Capture(CaptureState.CAPTURED, "8.26 EUR"), ""),
        (Capture(CaptureState.REFUSED, reason="Declined."), NOT_CAPTURED),
        (Capture(CaptureState.PENDING), UNCLEAR),
    ],
)
def test_answer_of_a_payment_app_is_waited_for(later: Capture, attention: str) -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    scenario.shop.cash.answer = Capture(CaptureState.PENDING, "8.26 EUR")
    ship(scenario, remote)
    work(scenario)
    assert "asked to capture 8.26 EUR" in scenario.notes()[-1]
    assert scenario.row().attention == ""

    scenario.shop.cash.later = later
    scenario.clock.advance(LONGEST_PENDING + timedelta(minutes=6))
    work(scenario)
    work(scenario)

    assert scenario.row().attention.startswith(attention)
    assert bool(scenario.row().attention) is bool(attention)
    assert scenario.captures.due() == []


def test_nothing_is_told_when_there_is_nothing_to_capture() -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    scenario.shop.cash.answer = Capture(CaptureState.NOTHING)
    ship(scenario, remote)
    told = list(scenario.notes())

    work(scenario)

    assert scenario.notes() == told
    assert scenario.captures.due() == []


def test_payment_is_not_captured_when_the_setting_is_switched_off_before() -> None:
    scenario, remote = placed(capture_payment="all_shipped")
    ship(scenario, remote)

    scenario.change_settings(capture_payment="never")
    work(scenario)

    assert scenario.shop.cash.captured == []
    assert scenario.captures.due() == []
