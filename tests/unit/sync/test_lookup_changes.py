"""Changes of an order before a look-up finds it in Picqer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.sync.orders import texts
from tests.unit.domain.builders import address, line, order
from tests.unit.sync.fakes.faults import lost_after, lost_before
from tests.unit.sync.scenario import Scenario

OLD = timedelta(minutes=11)


def test_change_arrives_when_the_order_changed_before_it_was_found() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place()
    scenario.push()

    scenario.shop.change("1", shipping=address(city="Utrecht"))
    scenario.advance()

    assert [found.header["deliverycity"] for found in scenario.live()] == ["Utrecht"]
    assert scenario.remote().status == "processing"


def test_change_is_flagged_when_the_warehouse_had_the_order_before_it_was_found() -> None:
    scenario = Scenario()
    scenario.picqer.header_is_locked = True
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place()
    scenario.push()
    scenario.account.process(scenario.live()[0])

    scenario.shop.change("1", shipping=address(city="Utrecht"))
    scenario.advance()

    assert scenario.row().attention == texts.too_late("delivery address")


def test_order_is_found_when_its_lines_changed_before_it_was() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place(state=OrderState.UNCONFIRMED)
    scenario.push()

    scenario.shop.change("1", lines=(line("CUP", 2), line("POT")))
    scenario.advance()

    assert [found.goods for found in scenario.live()] == [{"CUP": 2, "POT": 1}]


def test_order_is_found_when_a_part_of_it_was_fulfilled_before_it_was_sent() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place(order(line("MUG", 2, fulfilled=2), line("CUP", 3, fulfilled=1)))

    scenario.advance()
    scenario.advance()

    assert [found.goods for found in scenario.live()] == [{"CUP": 2}]
    assert scenario.row().stage is Stage.PROCESSED


@pytest.mark.parametrize("arrived", [True, False])
def test_order_is_looked_for_when_it_was_fulfilled_before_it_was_found(arrived: bool) -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_after if arrived else lost_before)
    scenario.place()
    scenario.push()

    scenario.shop.change("1", state=OrderState.CLOSED, lines=(line(fulfilled=1),))
    scenario.advance()

    if arrived:
        assert scenario.row().attention.startswith("Nothing of this order is left to ship")
        assert scenario.remote().status == "concept"
    else:
        assert (scenario.row().stage, scenario.live()) == (Stage.SKIPPED, [])


def test_change_arrives_when_staff_push_the_order_again() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push()
    scenario.shop.change("1", shipping=address(city="Utrecht"))

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()

    assert scenario.live() == [remote]
    assert remote.header["deliverycity"] == "Utrecht"
