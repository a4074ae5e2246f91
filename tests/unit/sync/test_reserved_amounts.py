"""No more is recorded as reserved than Picqer's order has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.scenario import Scenario


def reserved(scenario: Scenario, sku: str = "MUG") -> tuple[int, int] | None:
    """Return what is recorded as reserved of a SKU, and what of that is not shipped."""
    rows = [(row.amount, row.remaining) for row in scenario.reservations.of_goods([sku])]
    assert len(rows) <= 1
    return rows[0] if rows else None


def lower(remote: StoredOrder, amount: int) -> None:
    """Lower the first line of an order in Picqer, without a webhook."""
    remote.lines[0].amount = amount


def entered_by_hand(scenario: Scenario, **amounts: int) -> StoredOrder:
    """Place an order of five that staff have entered in Picqer, and push it."""
    scenario.place(lines=(line("MUG", 5),))
    scenario.clock.advance(timedelta(minutes=11))
    remote = scenario.account.enter_by_hand("10042", **amounts)
    # No webhook helps.
    scenario.push()
    assert scenario.remote() is remote
    return remote


def test_fresh_order_is_reserved_with_two_requests() -> None:
    scenario = Scenario()

    scenario.place_and_push(order(line("MUG", 5), line("CUP", 1)))

    assert scenario.requests[:2] == ["orders.create", "orders.process"]
    assert (reserved(scenario), reserved(scenario, "CUP")) == ((5, 5), (1, 1))


@pytest.mark.parametrize("answers", [True, False])
def test_less_is_reserved_when_the_order_was_entered_by_hand_with_less(answers: bool) -> None:
    scenario = Scenario()
    scenario.picqer.answers_with_order = answers

    entered_by_hand(scenario, MUG=2)

    assert reserved(scenario) == (2, 2)
    assert scenario.requests[:2] == ["orders.find", "orders.process"]


def test_no_more_is_reserved_than_ordered_when_the_order_was_entered_with_more() -> None:
    scenario = Scenario()

    entered_by_hand(scenario, MUG=7)

    assert reserved(scenario) == (5, 5)


def test_less_is_allocated_when_the_order_was_entered_by_hand_with_less() -> None:
    scenario = Scenario(process_when="paid")

    entered_by_hand(scenario, MUG=2)

    assert scenario.row().stage is Stage.ALLOCATED
    assert reserved(scenario) == (2, 2)


@pytest.mark.parametrize("allocated", [True, False])
def test_less_is_reserved_when_staff_have_lowered_a_line_in_picqer(allocated: bool) -> None:
    scenario = Scenario()
    scenario.picqer.may_allocate = allocated
    remote = scenario.place_concept(line("MUG", 5))
    lower(remote, 2)

    scenario.shop.change("1", paid=True, state=OrderState.OPEN)
    # No webhook helps.
    scenario.push()

    assert remote.status == "processing"
    assert reserved(scenario) == (2, 2)
    assert scenario.requests.count("orders.process") == 1
    assert "orders.find" not in scenario.requests


def test_less_is_reserved_when_staff_lower_a_line_and_picqer_does_not_answer_with_the_order() -> (
    None
):
    """The webhook of the new status brings the amounts."""
    scenario = Scenario()
    scenario.picqer.answers_with_order = False
    remote = scenario.place_concept(line("MUG", 5))
    lower(remote, 2)

    scenario.shop.change("1", paid=True, state=OrderState.OPEN)
    scenario.run_until_idle()

    assert reserved(scenario) == (2, 2)


@pytest.mark.parametrize("allocated", [True, False])
def test_less_is_reserved_when_staff_lower_a_line_and_process_the_order(allocated: bool) -> None:
    scenario = Scenario()
    scenario.picqer.may_allocate = allocated
    remote = scenario.place_concept(line("MUG", 5))
    lower(remote, 2)

    scenario.account.process(remote)
    scenario.run_until_idle()

    assert scenario.row().stage is Stage.PROCESSED
    assert reserved(scenario) == (2, 2)


def test_less_is_reserved_once_an_event_tells_that_staff_have_deleted_a_backorder() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 5), line("CUP", 1)))
    lower(remote, 2)
    scenario.forget_requests()

    scenario.pull(remote)

    assert (reserved(scenario), reserved(scenario, "CUP")) == ((2, 2), (1, 1))
    assert scenario.requests == ["orders.get"]


def test_what_was_shipped_is_not_reserved_when_staff_delete_a_backorder() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 5)))
    scenario.account.ship(remote, 1)
    scenario.run_until_idle()
    assert reserved(scenario) == (5, 4)
    lower(remote, 3)

    scenario.pull(remote)

    assert reserved(scenario) == (3, 2)


def test_reservation_stays_when_nothing_has_changed_in_picqer() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 5)))
    before = dict(scenario.reservations.rows)

    scenario.pull(remote)

    assert scenario.reservations.rows == before


def test_reservation_stays_when_picqer_lists_no_lines() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 5)))
    lines, remote.lines = remote.lines, []

    scenario.pull(remote)

    assert reserved(scenario) == (5, 5)
    remote.lines = lines


def test_amounts_of_an_order_entered_by_hand_are_forgotten_when_its_lines_are_sent() -> None:
    """What staff entered is no longer in Picqer's order once Saleor's lines are."""
    scenario = Scenario(process_when="paid")
    scenario.picqer.answers_with_order = scenario.picqer.may_allocate = False
    remote = entered_by_hand(scenario, MUG=2)
    scenario.shop.change("1", lines=(line("MUG", 4),), paid=True)

    scenario.run_until_idle()

    assert remote.goods == {"MUG": 4}
    assert reserved(scenario) == (4, 4)
