"""Orders that are cancelled in Picqer."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.faults import (
    Fault,
    killed_after,
    killed_before,
)
from tests.unit.sync.scenario import Scenario


def test_order_is_cancelled_in_saleor_when_it_is_cancelled_in_picqer() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()

    scenario.account.cancel(remote)
    scenario.run_until_idle()

    assert scenario.order().state is OrderState.CANCELLED
    assert (scenario.row().stage, scenario.row().attention) == (Stage.CANCELLED, "")
    assert scenario.notes()[-1] == "Cancelled in Picqer, so cancelled in Saleor."


def test_order_stays_open_with_a_flag_when_the_setting_says_so() -> None:
    """Failure mode F49."""
    scenario = Scenario(cancel_in_saleor=False)
    remote = scenario.place_and_push()

    scenario.account.cancel(remote)
    scenario.run_until_idle()

    assert scenario.order().state is OrderState.OPEN
    assert scenario.row().attention.startswith("Cancelled in Picqer, and still open in Saleor")
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention


def test_order_is_flagged_when_it_is_cancelled_after_a_part_was_shipped() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG", 2)))
    scenario.account.ship(remote, 1)

    scenario.account.cancel(remote)
    scenario.run_until_idle()

    assert scenario.order().state is OrderState.OPEN
    assert "can no longer be cancelled in Saleor" in scenario.row().attention


@pytest.mark.parametrize("fault", [killed_before, killed_after])
@pytest.mark.parametrize(
    "call",
    [
        "outbox.record_remote_status",
        "outbox.advance",
        "shop.orders.add_note",
        "shop.orders.write_metadata",
    ],
)
def test_order_is_flagged_when_the_worker_is_killed_during_the_pull(
    call: str, fault: Fault
) -> None:
    scenario = Scenario(cancel_in_saleor=False)
    remote = scenario.place_and_push()
    scenario.account.cancel(remote)
    scenario.faults.plan(call, fault)
    assert scenario.pull(remote) is None

    scenario.pull(remote)

    assert scenario.row().stage is Stage.CANCELLED
    assert scenario.row().attention.startswith("Cancelled in Picqer, and still open in Saleor")
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention


# --- cancelled in Picqer and entered again


def enter_again(scenario: Scenario, **goods: int) -> StoredOrder:
    """Cancel an order in Picqer, and enter it again by hand."""
    scenario.account.cancel(scenario.place_and_push(order(line("MUG", 2), line("CUP"))))
    scenario.run_until_idle()
    return scenario.account.enter_by_hand("10042", **goods)


def test_order_is_followed_again_when_it_is_entered_again_by_hand() -> None:
    """Failure mode F49."""
    scenario = Scenario(cancel_in_saleor=False)
    anew = enter_again(scenario, MUG=2, CUP=1)
    former_id = scenario.row().remote_id
    assert scenario.row().stage is Stage.CANCELLED

    scenario.account.process(anew)
    scenario.run_until_idle()
    assert (scenario.remote(), scenario.row().stage) == (anew, Stage.PROCESSED)
    assert (scenario.row().attention, scenario.row().former_ids) == ("", [former_id])
    scenario.account.ship(anew)
    scenario.run_until_idle()

    assert scenario.order().state is OrderState.CLOSED


def test_order_with_other_products_is_ignored_when_it_has_the_same_reference() -> None:
    """Failure mode F54."""
    scenario = Scenario(cancel_in_saleor=False)
    foreign = enter_again(scenario, TEA=5)

    scenario.account.process(foreign)
    scenario.run_until_idle()

    assert scenario.remote() is not foreign
    assert scenario.row().stage is Stage.CANCELLED


def test_order_stays_cancelled_when_it_is_entered_again_but_cancelled_in_saleor() -> None:
    scenario = Scenario()
    anew = enter_again(scenario, MUG=2, CUP=1)
    assert scenario.order().state is OrderState.CANCELLED

    scenario.account.process(anew)
    scenario.run_until_idle()

    assert scenario.row().stage is Stage.CANCELLED
    assert anew.status == "processing"
    assert f"Order {anew.number} is processed in Picqer" in scenario.row().attention


def test_order_is_followed_again_when_its_cancellation_is_undone() -> None:
    scenario = Scenario(cancel_in_saleor=False)
    remote = scenario.place_and_push()
    scenario.account.cancel(remote)
    scenario.run_until_idle()

    scenario.account.undo_cancellation(remote)
    scenario.account.process(remote)
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")


def test_order_counts_as_unchanged_when_its_cancellation_is_undone() -> None:
    """Failure mode F111: what was sent is forgotten, and not taken for changed."""
    scenario = Scenario(cancel_in_saleor=False)
    remote = scenario.place_and_push()
    scenario.account.cancel(remote)
    scenario.run_until_idle()
    assert scenario.row().sent_digests == {}

    scenario.account.undo_cancellation(remote)
    scenario.account.process(remote)
    scenario.run_until_idle()
    scenario.shop.change("1")
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")
    assert "orders.update" not in scenario.requests


def test_change_is_sent_when_the_cancellation_was_undone() -> None:
    scenario = Scenario(cancel_in_saleor=False)
    remote = scenario.place_and_push()
    scenario.account.cancel(remote)
    scenario.run_until_idle()
    scenario.account.undo_cancellation(remote)
    scenario.account.process(remote)
    scenario.run_until_idle()

    scenario.shop.change("1", note="Ring twice")
    scenario.run_until_idle()

    assert remote.header["customer_remarks"] == "Ring twice"
