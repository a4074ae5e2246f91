"""Allocating, processing and holding an order in Picqer."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import WrongStatusError
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.faults import meanwhile, refused
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario


def test_stock_is_reserved_until_the_order_is_paid_and_then_it_is_processed() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push()
    assert (remote.status, remote.allocated) == ("concept", True)
    assert scenario.row().stage is Stage.ALLOCATED

    scenario.shop.change("1", paid=True)
    scenario.run_until_idle()

    assert remote.status == "processing"
    assert scenario.notes() == [
        f"Received by Picqer as order {remote.number}.",
        "Picqer keeps the stock reserved until the order may be picked.",
        f"Order {remote.number} is ready to be picked in Picqer.",
    ]


def test_order_is_processed_later_when_the_key_may_not_allocate() -> None:
    scenario = Scenario(process_when="paid")
    scenario.picqer.may_allocate = False
    remote = scenario.place_and_push()
    assert scenario.row().attention.startswith("Picqer does not keep the stock reserved")
    scenario.advance()

    scenario.shop.change("1", paid=True)
    scenario.run_until_idle()

    assert remote.status == "processing"
    assert len([note for note in scenario.notes() if note.startswith("Picqer does not keep")]) == 1


def test_order_is_held_back_when_it_was_fulfilled_in_the_shop_meanwhile() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push()
    done = order(line(fulfilled=1)).lines

    scenario.shop.change("1", paid=True, state=OrderState.CLOSED, lines=done)
    scenario.run_until_idle()

    assert remote.status == "concept"
    assert scenario.row().attention.startswith("Nothing of this order is left to ship")


@pytest.mark.parametrize("call", ["orders.process", "orders.allocate"])
def test_order_is_processed_once_when_staff_process_it_in_picqer_meanwhile(call: str) -> None:
    scenario = Scenario(process_when="placed" if call == "orders.process" else "paid")
    act = meanwhile(lambda: scenario.account.process(scenario.remote()))
    scenario.faults.plan(f"picqer.{call}", act)
    scenario.place()

    assert scenario.push() is Outcome.DONE

    assert (scenario.row().stage, scenario.row().remote_status) == (Stage.PROCESSED, "processing")
    assert scenario.notes()[-1].endswith("is ready to be picked in Picqer.")


def test_pause_is_recorded_when_staff_pause_the_order_in_picqer_meanwhile() -> None:
    scenario = Scenario()

    def pause() -> None:
        scenario.account.process(scenario.remote())
        scenario.account.pause(scenario.remote(), "Flood")

    scenario.faults.plan("picqer.orders.process", meanwhile(pause))
    scenario.place()

    scenario.push()

    assert (scenario.row().stage, scenario.row().remote_status) == (Stage.PROCESSED, "paused")
    assert any(note.endswith("is paused in Picqer: Flood.") for note in scenario.notes())


def test_order_is_cancelled_in_saleor_when_staff_cancel_it_in_picqer_meanwhile() -> None:
    scenario = Scenario()
    act = meanwhile(lambda: scenario.account.cancel(scenario.remote()))
    scenario.faults.plan("picqer.orders.process", act)
    scenario.place()

    scenario.push()

    assert (scenario.row().stage, scenario.order().state) == (Stage.CANCELLED, OrderState.CANCELLED)


def test_order_is_fulfilled_when_it_is_shipped_before_the_process_request() -> None:
    scenario = Scenario()

    def ship() -> None:
        scenario.account.process(scenario.remote())
        scenario.account.ship(scenario.remote())

    scenario.faults.plan("picqer.orders.process", meanwhile(ship))
    scenario.place()

    scenario.push()

    assert (scenario.row().stage, scenario.order().state) == (Stage.COMPLETED, OrderState.CLOSED)


def test_order_fails_when_picqer_refuses_to_process_a_concept() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.process", refused(refusal(WrongStatusError, 21)))
    scenario.place()

    scenario.push()

    assert scenario.row().stage is Stage.FAILED
    scenario.shop.change("1", note="Ring twice")
    scenario.run_until_idle()
    assert scenario.remote().status == "processing"
