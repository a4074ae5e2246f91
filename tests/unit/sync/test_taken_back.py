"""Goods taken back by staff in Saleor during or after Picqer's shipment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saleor_picqer.domain.order_actions import RefusalReason, check_push
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Entry, Stage
from saleor_picqer.domain.taken_back import EndedFulfilment, TakenBack
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.faults import killed_before
from tests.unit.sync.scenario import Scenario

RETURNED = "Goods were returned, refunded or replaced in Saleor"


def partly_shipped(scenario: Scenario) -> StoredOrder:
    """Have Picqer ship one of three mugs, and pick the others."""
    remote = scenario.place_and_push(order(line("MUG", 3)))
    scenario.account.ship(remote, 1)
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.PROCESSED
    return remote


def shipped(scenario: Scenario) -> StoredOrder:
    remote = scenario.place_and_push(order(line("MUG", 3)))
    scenario.account.ship(remote)
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.COMPLETED
    return remote


def cancel_fulfilment(scenario: Scenario) -> None:
    """Cancel the first fulfilment in Saleor."""
    fulfilment = scenario.shop.shipped[0]
    ended = EndedFulfilment(fulfilment.pk, is_cancelled=True, quantities=fulfilment.quantities)
    scenario.shop.taken_back["1"].append(ended)
    (mug,) = scenario.order().lines
    left = mug.fulfilled - fulfilment.quantities[mug.pk]
    scenario.shop.change("1", lines=(replace(mug, fulfilled=left),), state=OrderState.OPEN)


def return_mugs(scenario: Scenario, amount: int, pk: str = "9") -> None:
    """Return mugs in Saleor, whose lines then count as fulfilled."""
    (mug,) = scenario.order().lines
    ended = EndedFulfilment(pk, is_cancelled=False, quantities={mug.pk: amount})
    scenario.shop.taken_back["1"].append(ended)
    scenario.shop.change("1")


def request_push(scenario: Scenario) -> None:
    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()


def test_order_is_flagged_when_a_fulfilment_is_cancelled_while_picqer_picks_the_rest() -> None:
    """Failure mode F89: the flag comes at once, not when Picqer has shipped the rest."""
    scenario = Scenario()
    partly_shipped(scenario)

    cancel_fulfilment(scenario)
    scenario.run_until_idle()

    assert "A fulfilment was cancelled in Saleor: 1 x MUG" in scenario.row().attention
    assert scenario.notes()[-1] == scenario.row().attention
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention


def test_open_goods_are_sent_when_the_rest_is_shipped_and_staff_push() -> None:
    """Failure mode F89: what is sent once more is not told of again."""
    scenario = Scenario()
    remote = partly_shipped(scenario)
    cancel_fulfilment(scenario)
    scenario.run_until_idle()
    scenario.account.ship(remote)
    scenario.run_until_idle()
    assert "Push this order" in scenario.row().attention

    request_push(scenario)
    scenario.shop.change("1", note="Ring twice")
    scenario.run_until_idle()

    assert scenario.remote().goods == {"MUG": 1}
    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")


def test_nothing_is_told_when_staff_push_at_once_what_they_have_opened_again() -> None:
    scenario = Scenario()
    shipped(scenario)
    cancel_fulfilment(scenario)
    request_push(scenario)

    scenario.shop.change("1", note="Ring twice")
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")


def test_order_is_not_flagged_when_staff_cancel_a_fulfilment_of_their_own() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 3)))
    (mug,) = scenario.order().lines

    by_hand = EndedFulfilment("7", is_cancelled=True, quantities={mug.pk: 1})
    scenario.shop.taken_back["1"].append(by_hand)
    scenario.shop.change("1")
    scenario.run_until_idle()

    assert scenario.row().attention == ""
    assert scenario.live() == [remote]


def test_order_is_flagged_once_when_goods_are_returned_after_completion() -> None:
    """Failure mode F89."""
    scenario = Scenario()
    shipped(scenario)

    return_mugs(scenario, 2)
    scenario.run_until_idle()

    assert scenario.row().attention.startswith(f"{RETURNED} after Picqer had shipped")
    assert "2 x MUG" in scenario.row().attention
    told = list(scenario.notes())
    assert told[-1] == scenario.row().attention
    scenario.shop.change("1")
    scenario.run_until_idle()
    assert scenario.notes() == told


def test_flag_of_returned_goods_is_gone_when_staff_push_the_order() -> None:
    scenario = Scenario()
    remote = shipped(scenario)
    return_mugs(scenario, 2)
    scenario.run_until_idle()

    request_push(scenario)
    scenario.shop.change("1")
    scenario.run_until_idle()

    assert scenario.row().attention == ""
    assert "attention" not in scenario.shop.metadata["1"]
    assert scenario.live() == [remote]


def test_order_is_flagged_again_when_more_goods_are_returned() -> None:
    scenario = Scenario()
    shipped(scenario)
    return_mugs(scenario, 1)
    scenario.run_until_idle()
    request_push(scenario)

    return_mugs(scenario, 2, pk="10")
    scenario.run_until_idle()

    assert "2 x MUG" in scenario.row().attention


def test_flag_stays_when_picqer_ships_the_rest_of_an_order_with_refunded_goods() -> None:
    """Failure mode F89: staff must be told to get the goods back."""
    scenario = Scenario()
    remote = partly_shipped(scenario)

    return_mugs(scenario, 1)
    scenario.run_until_idle()
    assert scenario.row().attention.startswith(f"{RETURNED} while Picqer still has order")
    scenario.account.ship(remote)
    scenario.run_until_idle()

    assert scenario.row().stage is Stage.COMPLETED
    assert scenario.row().attention.startswith(RETURNED)


def test_order_is_flagged_when_the_first_worker_is_killed() -> None:
    scenario = Scenario()
    shipped(scenario)
    return_mugs(scenario, 2)
    scenario.faults.plan("shop.fulfilments.ended", killed_before)

    scenario.run_until_idle()
    scenario.advance()

    assert scenario.row().attention.startswith(RETURNED)


@pytest.mark.parametrize("stage", [Stage.PROCESSED, Stage.COMPLETED])
def test_fulfilled_order_is_pushed_when_it_asks_for_attention(stage: Stage) -> None:
    """Failure mode F89."""
    flagged = Entry("1", "default", stage=stage, remote_id=7, attention="Goods were returned.")

    assert check_push(OrderState.CLOSED, flagged, active=True) is None
    assert check_push(OrderState.CANCELLED, flagged, active=True) is RefusalReason.CANCELLED
    calm = replace(flagged, attention="")
    assert check_push(OrderState.CLOSED, calm, active=True) is RefusalReason.FULFILLED


@pytest.mark.parametrize("known", [0, 1])
def test_only_what_is_new_is_told(known: int) -> None:
    mug, card = line("MUG", 3, pk="1"), line("CARD", 1, pk="2", ships=False)
    ended = [
        EndedFulfilment("7", is_cancelled=True, quantities={"1": 1}),
        EndedFulfilment("8", is_cancelled=True, quantities={"1": 1}),
        EndedFulfilment("9", is_cancelled=False, quantities={"1": 2, "2": 1, "gone": 1}),
    ]

    found = TakenBack.of(ended, {"7"}, [mug, card])

    assert found == TakenBack({"MUG": 1}, {"MUG": 2})
    news = found.beyond(TakenBack(returned={"MUG": known}))
    assert news == TakenBack({"MUG": 1}, {"MUG": 2 - known})
    assert not found.beyond(found)
