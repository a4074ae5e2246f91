"""An order that is cancelled in the shop is cancelled in Picqer, as far as that is allowed."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.sync.fakes.accidents import (
    Accident,
    killed_after,
    killed_before,
    lost_after,
    lost_before,
    meanwhile,
)
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.world import World


def test_order_is_never_sent_when_it_is_cancelled_before() -> None:
    world = World()
    world.place()

    world.cancel()
    world.settle()

    assert (world.row().stage, world.requests) == (Stage.SKIPPED, [])
    assert world.row().waiting_for == "The order was cancelled before it was sent to Picqer."


@pytest.mark.parametrize("process_when", ["at once", "when paid"])
def test_order_is_cancelled_there_too(process_when: str) -> None:
    world = World(process_when=process_when)
    remote = world.sent()

    world.cancel()
    world.settle()

    assert remote.status is RemoteStatus.CANCELLED
    assert (world.row().stage, world.row().attention) == (Stage.CANCELLED, "")
    assert world.notes()[-1] == (
        f"Cancelled in Saleor, and order {remote.number} is cancelled in Picqer too."
    )


@pytest.mark.parametrize("setting", ["never", "concept"])
def test_order_stays_when_the_channel_says_so(setting: str) -> None:
    world = World(cancel_in_picqer=setting)
    remote = world.sent()

    world.cancel()
    world.settle()

    assert remote.status is RemoteStatus.PROCESSING
    assert world.row().stage is Stage.PROCESSED
    assert "is still in Picqer" in world.row().attention


def test_order_stays_when_it_is_picked() -> None:
    """Failure mode F50."""
    world = World()
    remote = world.sent()
    world.account.pick(remote)

    world.cancel()
    world.settle()

    assert remote.status is RemoteStatus.PROCESSING
    assert "where it is picked already" in world.row().attention
    assert world.shop.remembered["1"]["attention"] == world.row().attention


def test_flag_goes_when_somebody_cancels_the_order_there() -> None:
    world = World(cancel_in_picqer="never")
    remote = world.sent()
    world.cancel()
    world.settle()

    world.account.cancel(remote)
    world.settle()

    assert (world.row().stage, world.row().attention) == (Stage.CANCELLED, "")
    assert "attention" not in world.shop.remembered["1"]


def test_goods_are_asked_back_when_a_cancelled_order_is_shipped() -> None:
    world = World(cancel_in_picqer="never")
    remote = world.sent()
    world.cancel()
    world.settle()

    world.account.ship(remote)
    world.settle()

    assert world.row().stage is Stage.COMPLETED
    assert "although the order is cancelled in Saleor" in world.row().attention
    assert world.order().state is OrderState.CANCELLED


@pytest.mark.parametrize("accident", [killed_before, killed_after, lost_before, lost_after])
@pytest.mark.parametrize("process_when", ["at once", "when paid"])
def test_order_is_cancelled_when_an_attempt_is_cut_short(
    process_when: str, accident: Accident
) -> None:
    """Failure mode F50."""
    world = World(process_when=process_when)
    remote = world.sent()
    world.accidents.at("picqer.orders.cancel", accident)
    world.cancel()
    world.push()

    world.later()

    assert (remote.status, world.row().stage) == (RemoteStatus.CANCELLED, Stage.CANCELLED)
    told = [note for note in world.notes() if "is cancelled in Picqer too" in note]
    assert len(told) == 1


# --- when nobody knows whether it is there


def test_order_is_cancelled_when_the_request_without_an_answer_had_arrived() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_after)
    world.place()
    world.push()

    world.cancel()
    world.later()

    assert world.live() == []
    assert (world.row().stage, len(world.account.orders)) == (Stage.CANCELLED, 1)


def test_order_is_not_sent_when_the_request_without_an_answer_had_not_arrived() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_before)
    world.place()
    world.push()

    world.cancel()
    world.later()

    assert (world.row().stage, world.account.orders) == (Stage.SKIPPED, {})


def test_other_orders_of_the_same_reference_stay() -> None:
    """Failure mode F54."""
    world = World()
    world.accidents.at("picqer.orders.create", lost_before)
    world.place()
    world.push()
    foreign = world.account.type_in("10042", TEA=5)

    world.cancel()
    world.later()

    assert (foreign.status, world.row().stage) == (RemoteStatus.CONCEPT, Stage.SKIPPED)
    assert world.row().attention == ""


def test_row_says_that_the_warehouse_has_it_when_it_cannot_be_cancelled() -> None:
    world = World(cancel_in_picqer="concept")
    world.accidents.at("picqer.orders.create", lost_after)
    world.place()
    world.push()
    world.account.process(world.live()[0])
    world.account.events.clear()

    world.cancel()
    world.later()

    assert world.row().stage is Stage.PROCESSED
    assert "where it is being processed" in world.row().attention


# --- when somebody is quicker


def quicker(world: World, deed: object) -> StoredOrder:
    """They do it between our reading the order and our cancelling it."""
    world.set(process_when="when paid")
    remote = world.sent()
    world.accidents.at("picqer.orders.cancel", meanwhile(lambda: deed(remote)))  # type: ignore[operator]
    world.cancel()
    world.push()
    return remote


def test_order_is_cancelled_by_force_when_somebody_has_just_processed_it() -> None:
    world = World()
    remote = quicker(world, world.account.process)
    assert remote.status is RemoteStatus.PROCESSING

    world.later()

    assert (remote.status, world.row().stage) == (RemoteStatus.CANCELLED, Stage.CANCELLED)


def test_order_is_cancelled_when_somebody_has_just_done_it() -> None:
    world = World()
    remote = quicker(world, world.account.cancel)

    assert (remote.status, world.row().stage) == (RemoteStatus.CANCELLED, Stage.CANCELLED)
    assert world.row().attention == ""


def test_order_stays_when_somebody_has_just_picked_it() -> None:
    world = World()

    def pick(order: StoredOrder) -> None:
        world.account.process(order)
        world.account.pick(order)

    remote = quicker(world, pick)
    world.later()

    assert remote.status is RemoteStatus.PROCESSING
    assert "where it is picked already" in world.row().attention


def test_order_is_left_alone_when_it_is_gone_from_picqer() -> None:
    world = World()
    remote = world.sent()
    del world.account.orders[remote.id]
    world.account.events.clear()

    world.cancel()
    world.push()

    assert world.row().stage is Stage.SKIPPED
