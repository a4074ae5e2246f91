"""Finding an order in Picqer, to create no order twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from tests.unit.domain.builders import line
from tests.unit.sync.fakes.faults import lost_after, lost_before
from tests.unit.sync.scenario import Scenario

OLD = timedelta(minutes=11)


def overdue(scenario: Scenario, **changes: Any) -> str:
    """Place an order that should have been in Picqer for a while."""
    pk = scenario.place(**changes)
    scenario.clock.advance(OLD)
    return pk


def test_look_up_adopts_an_order_that_was_entered_by_hand() -> None:
    """Failure mode F56."""
    scenario = Scenario()
    overdue(scenario)
    remote = scenario.account.enter_by_hand("10042", MUG=1)

    scenario.push()

    assert scenario.remote() is remote
    assert scenario.live() == [remote]
    assert scenario.requests == ["orders.find", "orders.process"]


def test_look_up_adopts_a_failed_order_that_was_entered_by_hand() -> None:
    """Failure mode F56."""
    scenario = Scenario(create_missing_products=False)
    del scenario.account.products["MUG"]
    scenario.place()
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.FAILED
    scenario.account.add_product("MUG")
    remote = scenario.account.enter_by_hand("10042", MUG=1)

    scenario.outbox.retry(["1"])
    scenario.run_until_idle()

    assert scenario.live() == [remote]
    assert scenario.row().stage is Stage.PROCESSED


def test_order_entered_by_hand_keeps_its_fields() -> None:
    scenario = Scenario()
    overdue(scenario)
    remote = scenario.account.enter_by_hand("10042", MUG=1)

    scenario.run_until_idle()

    assert remote.header == {"reference": "10042", "deliverycity": "Elsewhere"}


def test_order_is_flagged_when_it_was_entered_with_other_amounts() -> None:
    scenario = Scenario()
    overdue(scenario, lines=(line("MUG", 2), line("CUP", 1)))
    remote = scenario.account.enter_by_hand("10042", MUG=3, CUP=1)

    scenario.run_until_idle()

    assert (scenario.remote(), remote.status) == (remote, "processing")
    assert "with other amounts than in Saleor: 1 x CUP, 3 x MUG" in scenario.row().attention


def test_order_is_not_flagged_when_only_the_rest_was_entered_by_hand() -> None:
    scenario = Scenario()
    overdue(scenario, lines=(line("MUG", 3, fulfilled=1),))
    scenario.account.enter_by_hand("10042", MUG=2)

    scenario.run_until_idle()

    assert scenario.row().attention == ""


def test_order_is_fulfilled_when_the_order_entered_by_hand_is_shipped_already() -> None:
    scenario = Scenario()
    overdue(scenario)
    remote = scenario.account.enter_by_hand("10042", MUG=1)
    scenario.account.process(remote)
    scenario.account.ship(remote)
    scenario.account.events.clear()

    scenario.push()

    assert scenario.order().state is OrderState.CLOSED
    assert scenario.row().stage is Stage.COMPLETED
    assert scenario.requests == ["orders.find", "orders.get", "picklists.get"]


def test_order_is_fulfilled_later_when_picqer_does_not_answer_at_first() -> None:
    # No webhook tells of the shipment a second time.
    scenario = Scenario()
    overdue(scenario)
    remote = scenario.account.enter_by_hand("10042", MUG=1)
    scenario.account.process(remote)
    scenario.account.ship(remote)
    scenario.account.events.clear()
    scenario.faults.plan("picqer.picklists.get", lost_before)
    scenario.push()
    assert scenario.order().state is OrderState.OPEN

    scenario.advance()

    assert scenario.order().state is OrderState.CLOSED
    assert scenario.row().stage is Stage.COMPLETED


def test_cancelled_order_is_not_adopted() -> None:
    scenario = Scenario()
    overdue(scenario)
    scenario.account.cancel(scenario.account.enter_by_hand("10042", MUG=1))

    scenario.push()

    assert scenario.requests == ["orders.find", "orders.create", "orders.process"]


# --- another shop's order


def test_order_fails_when_another_shops_order_has_its_reference() -> None:
    """Failure mode F54: another shop on the account has the same numbers."""
    scenario = Scenario()
    overdue(scenario)
    foreign = scenario.account.enter_by_hand("10042", TEA=5)

    scenario.push()

    assert scenario.row().stage is Stage.FAILED
    assert f"order {foreign.number} has the reference 10042 already" in scenario.row().attention
    assert scenario.live() == [foreign]


def test_order_is_sent_when_a_prefix_tells_the_shops_apart() -> None:
    """Failure mode F54."""
    scenario = Scenario()
    overdue(scenario)
    foreign = scenario.account.enter_by_hand("10042", TEA=5)
    scenario.push()

    scenario.change_settings(reference_prefix="NL-")
    scenario.outbox.retry(["1"])
    scenario.run_until_idle()

    assert scenario.remote().reference == "NL-10042"
    assert (scenario.row().stage, foreign.status) == (Stage.PROCESSED, "concept")


def test_order_takes_the_prefix_when_its_first_reference_is_taken_meanwhile() -> None:
    """Failure mode F54: the request did not arrive, then another shop used the number."""
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_before)
    scenario.place()
    scenario.push()
    scenario.account.enter_by_hand("10042", TEA=5)
    scenario.advance()
    assert scenario.row().stage is Stage.FAILED

    scenario.change_settings(reference_prefix="NL-")
    scenario.outbox.retry(["1"])
    scenario.run_until_idle()

    assert scenario.remote().reference == "NL-10042"


def test_order_keeps_its_reference_when_the_prefix_changes() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_after)
    scenario.place()
    scenario.push()

    scenario.change_settings(reference_prefix="NL-")
    scenario.advance()

    assert [found.reference for found in scenario.account.orders.values()] == ["10042"]
    assert scenario.row().stage is Stage.PROCESSED


def test_order_of_another_row_is_not_adopted() -> None:
    # Two channels of a shop share the account and the numbers.
    scenario = Scenario()
    first = scenario.place_and_push()
    overdue(scenario, pk="2")

    scenario.push("2")

    assert scenario.remote("2") is not first
    assert scenario.row("2").stage is Stage.PROCESSED


# --- several orders with the reference


def test_oldest_order_is_followed_when_several_have_the_reference() -> None:
    scenario = Scenario()
    overdue(scenario)
    first, second = (scenario.account.enter_by_hand("10042", MUG=1) for _ in range(2))

    scenario.push()

    assert scenario.remote() is first
    assert f"cancel {second.number} in Picqer" in scenario.row().attention


def test_processed_order_is_followed_when_several_have_the_reference() -> None:
    # Processing the other order would send the goods twice.
    scenario = Scenario()
    overdue(scenario)
    first, second = (scenario.account.enter_by_hand("10042", MUG=1) for _ in range(2))
    scenario.account.process(second)

    scenario.run_until_idle()

    assert scenario.remote() is second
    assert first.status == "concept"
