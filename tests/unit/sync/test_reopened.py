"""Processed or shipped orders with goods that are open again."""

from __future__ import annotations

from dataclasses import replace

from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.faults import lost_after
from tests.unit.sync.scenario import Scenario


def shipped(scenario: Scenario, asked: Order | None = None) -> StoredOrder:
    remote = scenario.place_and_push(asked or order(line("MUG", 2)))
    scenario.account.ship(remote)
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.COMPLETED
    return remote


def cancel_fulfilment(scenario: Scenario) -> None:
    """Cancel all fulfilments of the order in Saleor."""
    lines = tuple(replace(each, fulfilled=0) for each in scenario.order().lines)
    scenario.shop.change("1", lines=lines, state=OrderState.OPEN)


def request_push(scenario: Scenario) -> None:
    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()


# --- shipped by Picqer, and a fulfilment is cancelled in Saleor


def test_order_is_flagged_when_its_fulfilment_is_cancelled_after_completion() -> None:
    """Failure mode F89."""
    scenario = Scenario()
    remote = shipped(scenario)

    cancel_fulfilment(scenario)
    scenario.run_until_idle()

    assert "Push this order" in scenario.row().attention
    assert scenario.notes()[-1] == scenario.row().attention
    assert scenario.live() == [remote]


def test_flag_of_open_goods_is_gone_when_staff_fulfil_them() -> None:
    scenario = Scenario()
    shipped(scenario)
    cancel_fulfilment(scenario)
    scenario.run_until_idle()

    scenario.shop.change("1", state=OrderState.CLOSED)
    scenario.run_until_idle()

    assert scenario.row().attention == ""


def test_open_goods_are_sent_once_more_when_staff_push_the_order() -> None:
    """Failure mode F89: the shipped order in Picqer is not taken for the new one."""
    scenario = Scenario()
    first = shipped(scenario, order(line("MUG", 2), line("CUP")))
    mug, cup = scenario.order().lines
    scenario.shop.change("1", lines=(replace(mug, fulfilled=1), cup), state=OrderState.OPEN)
    scenario.run_until_idle()

    request_push(scenario)

    assert scenario.remote().goods == {"MUG": 1}
    assert scenario.row().former_ids == [first.id]
    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")
    scenario.account.ship(scenario.remote())
    scenario.run_until_idle()
    assert scenario.order().state is OrderState.CLOSED
    assert [each.fulfilled for each in scenario.order().lines] == [2, 1]


def test_open_goods_are_sent_once_when_the_answer_is_lost() -> None:
    scenario = Scenario()
    shipped(scenario)
    cancel_fulfilment(scenario)
    scenario.faults.plan("picqer.orders.create", lost_after)

    request_push(scenario)
    scenario.advance()

    assert len(scenario.live()) == 2
    assert scenario.row().stage is Stage.PROCESSED


def test_cancelled_order_stays_cancelled_when_picqer_tells_of_what_it_shipped_before() -> None:
    """Failure mode F54: a late webhook about the former order of the row."""
    scenario = Scenario(cancel_in_saleor=False)
    first = shipped(scenario)
    cancel_fulfilment(scenario)
    request_push(scenario)
    scenario.account.cancel(scenario.remote())
    scenario.run_until_idle()
    second = scenario.row().remote_id
    assert (scenario.row().stage, scenario.row().former_ids) == (Stage.CANCELLED, [first.id])

    scenario.pull(first)

    assert (scenario.row().stage, scenario.row().remote_id) == (Stage.CANCELLED, second)


def test_former_order_is_known_when_staff_push_a_cancelled_order() -> None:
    """Failure modes F54, F111: bodies about it go when the customer is deleted."""
    scenario = Scenario(cancel_in_saleor=False)
    first = scenario.place_and_push()
    scenario.account.cancel(first)
    scenario.run_until_idle()

    request_push(scenario)
    scenario.pull(first)

    assert scenario.row().former_ids == [first.id]
    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")
    assert scenario.remote() is not first


def test_former_order_is_followed_when_its_cancellation_was_undone_before_the_push() -> None:
    """A second order in Picqer would ship the goods twice."""
    scenario = Scenario(cancel_in_saleor=False)
    first = scenario.place_and_push()
    scenario.account.cancel(first)
    scenario.run_until_idle()
    scenario.account.undo_cancellation(first)
    scenario.account.events.clear()

    request_push(scenario)

    assert scenario.live() == [first]
    assert scenario.remote() is first


def test_nothing_is_sent_when_staff_push_a_shipped_order() -> None:
    scenario = Scenario()
    remote = shipped(scenario)

    request_push(scenario)

    assert scenario.live() == [remote]
    assert scenario.row().stage is Stage.COMPLETED
    assert not scenario.row().requested


# --- reopened in Picqer


def reopened(scenario: Scenario) -> StoredOrder:
    remote = scenario.place_and_push()
    scenario.account.reopen(remote)
    scenario.run_until_idle()
    return remote


def test_order_is_reopened_when_picqers_staff_have_reopened_it() -> None:
    """Failure mode F93: the goods are free in Picqer again."""
    scenario = Scenario()

    reopened(scenario)

    assert scenario.row().stage is Stage.REOPENED
    assert "Process it again in Picqer" in scenario.row().attention
    assert not scenario.reservations.holds(1001)


def test_order_is_not_processed_again_when_picqers_staff_have_reopened_it() -> None:
    """Failure mode F93."""
    scenario = Scenario()
    remote = reopened(scenario)

    scenario.shop.change("1", note="Ring twice")
    scenario.advance()

    assert remote.status is RemoteStatus.CONCEPT
    assert remote.header["customer_remarks"] == "Ring twice"


def test_lines_are_changed_in_picqer_when_the_order_was_reopened() -> None:
    scenario = Scenario()
    remote = reopened(scenario)
    (only,) = scenario.order().lines

    scenario.shop.change("1", lines=(replace(only, quantity=only.quantity + 1),))
    scenario.run_until_idle()

    assert remote.goods == {only.sku: only.quantity + 1}
    assert scenario.row().stage is Stage.REOPENED


def test_flag_is_gone_when_the_order_is_processed_again() -> None:
    scenario = Scenario()
    remote = reopened(scenario)

    scenario.account.process(remote)
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")


def test_reopened_order_is_processed_when_staff_push_it() -> None:
    scenario = Scenario()
    remote = reopened(scenario)

    request_push(scenario)

    assert remote.status is RemoteStatus.PROCESSING
    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")


def test_reopened_order_is_cancelled_when_it_is_cancelled_in_saleor() -> None:
    scenario = Scenario()
    remote = reopened(scenario)

    scenario.cancel()
    scenario.run_until_idle()

    assert remote.status is RemoteStatus.CANCELLED
    assert (scenario.row().stage, scenario.row().attention) == (Stage.CANCELLED, "")
