"""What happens to an order in Picqer is taken over in the shop."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import AddressError, TryLaterError
from saleor_picqer.sync.orders import follow
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.accidents import (
    Accident,
    killed_after,
    killed_before,
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.account import StoredOrder
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.world import World


def test_order_is_fulfilled_picklist_by_picklist() -> None:
    world = World()
    remote = world.sent(order(line("MUG", 2), line("CUP")))
    world.account.ship(remote, 1)
    world.settle()
    assert [ln.fulfilled for ln in world.order().lines] == [1, 1]
    assert world.row().stage is Stage.PROCESSED

    world.account.ship(remote)
    world.settle()

    assert world.order().state is OrderState.CLOSED
    assert world.row().stage is Stage.COMPLETED
    assert world.shop.remembered["1"]["status"] == "completed"


def test_nothing_happens_twice_when_an_event_is_told_twice() -> None:
    """Failure mode F10."""
    world = World()
    remote = world.sent(order(line("MUG", 2)))
    world.account.ship(remote, 1)

    for _ in range(3):
        world.follow(remote)

    assert [ln.fulfilled for ln in world.order().lines] == [1]
    assert len([note for note in world.notes() if note.startswith("Shipped")]) == 1


def test_staff_are_told_when_the_order_is_cancelled_at_the_moment_it_is_shipped() -> None:
    world = World()
    remote = world.sent()
    world.account.ship(remote)
    world.accidents.at("shop.orders.fulfil", meanwhile(world.cancel))
    with pytest.raises(TryLaterError):
        world.follow(remote)

    world.follow(remote)

    assert "get the goods back" in world.row().attention


def test_foreign_order_is_none_of_our_business() -> None:
    """Failure mode F54: on a shared account, even with the same reference."""
    world = World()
    world.sent()
    foreign = world.account.type_in("10042", TEA=5)
    world.account.process(foreign)
    world.account.ship(foreign)

    assert world.follow(foreign) is False

    assert world.order().state is OrderState.OPEN


def test_order_is_followed_by_its_id_when_somebody_changed_its_reference() -> None:
    """Failure mode F55."""
    world = World()
    remote = world.sent()
    remote.header["reference"] = "Mrs Visser"
    world.account.ship(remote)

    world.settle()

    assert world.order().state is OrderState.CLOSED


def test_pause_and_its_end_are_told_and_change_nothing() -> None:
    """Failure mode F52."""
    world = World()
    remote = world.sent()
    world.account.pause(remote, "Flood")
    world.settle()
    assert world.shop.remembered["1"]["status"] == "paused"
    assert world.row().stage is Stage.PROCESSED

    world.account.resume(remote)
    world.settle()

    assert world.shop.remembered["1"]["status"] == "processing"
    assert world.notes()[-2:] == [
        f"Order {remote.number} is paused in Picqer: Flood.",
        f"Order {remote.number} is no longer paused in Picqer.",
    ]


def test_order_is_processed_when_somebody_processed_it_in_picqer() -> None:
    world = World(process_when="when paid")
    remote = world.sent()

    world.account.process(remote)
    world.settle()

    assert world.row().stage is Stage.PROCESSED


def test_failed_order_is_mended_when_somebody_processed_it_in_picqer() -> None:
    world = World()
    world.accidents.at("picqer.orders.process", refused(refusal(AddressError, 10)))
    remote = world.sent()
    assert world.row().stage is Stage.FAILED

    world.account.process(remote)
    world.settle()

    assert (world.row().stage, world.row().attention) == (Stage.PROCESSED, "")


# --- cancelled there


def test_order_is_cancelled_here_when_it_is_cancelled_there() -> None:
    world = World()
    remote = world.sent()

    world.account.cancel(remote)
    world.settle()

    assert world.order().state is OrderState.CANCELLED
    assert (world.row().stage, world.row().attention) == (Stage.CANCELLED, "")
    assert world.notes()[-1] == "Cancelled in Picqer, so cancelled in Saleor."


def test_order_stays_open_with_a_flag_when_the_channel_says_so() -> None:
    """Failure mode F49."""
    world = World(cancel_in_saleor=False)
    remote = world.sent()

    world.account.cancel(remote)
    world.settle()

    assert world.order().state is OrderState.OPEN
    assert world.row().attention.startswith("Cancelled in Picqer, and still open in Saleor")
    assert world.shop.remembered["1"]["attention"] == world.row().attention


def test_order_is_flagged_when_a_part_of_it_had_left() -> None:
    world = World()
    remote = world.sent(order(line("MUG", 2)))
    world.account.ship(remote, 1)

    world.account.cancel(remote)
    world.settle()

    assert world.order().state is OrderState.OPEN
    assert "can no longer be cancelled in Saleor" in world.row().attention


@pytest.mark.parametrize("accident", [killed_before, killed_after])
@pytest.mark.parametrize(
    "call",
    [
        "outbox.record_remote_status",
        "outbox.advance",
        "shop.orders.add_note",
        "shop.orders.write_metadata",
    ],
)
def test_flag_is_there_when_the_worker_is_killed_while_it_takes_over(
    call: str, accident: Accident
) -> None:
    world = World(cancel_in_saleor=False)
    remote = world.sent()
    world.account.cancel(remote)
    world.accidents.at(call, accident)
    assert world.follow(remote) is None

    world.follow(remote)

    assert world.row().stage is Stage.CANCELLED
    assert world.row().attention.startswith("Cancelled in Picqer, and still open in Saleor")
    assert world.shop.remembered["1"]["attention"] == world.row().attention


# --- cancelled there to be entered anew


def entered_anew(world: World, **goods: int) -> StoredOrder:
    """Somebody cancels the order in Picqer and types it in once more."""
    world.account.cancel(world.sent(order(line("MUG", 2), line("CUP"))))
    world.settle()
    return world.account.type_in("10042", **goods)


def test_order_is_followed_again_when_it_is_entered_anew() -> None:
    """Failure mode F49: with other amounts, which is why it was."""
    world = World(cancel_in_saleor=False)
    anew = entered_anew(world, MUG=1, CUP=1)
    assert world.row().stage is Stage.CANCELLED

    world.account.process(anew)
    world.settle()
    assert (world.remote(), world.row().stage) == (anew, Stage.PROCESSED)
    assert world.row().attention == ""
    world.account.ship(anew)
    world.settle()

    assert world.order().state is OrderState.CLOSED


def test_order_with_other_products_is_not_ours_when_it_has_the_same_reference() -> None:
    """Failure mode F54."""
    world = World(cancel_in_saleor=False)
    foreign = entered_anew(world, TEA=5)

    world.account.process(foreign)
    world.settle()

    assert world.remote() is not foreign
    assert world.row().stage is Stage.CANCELLED


def test_order_stays_cancelled_when_it_is_entered_anew_but_cancelled_here() -> None:
    """The customer has their money back; and nothing there is cancelled by force."""
    world = World()
    anew = entered_anew(world, MUG=2, CUP=1)
    assert world.order().state is OrderState.CANCELLED

    world.account.process(anew)
    world.settle()

    assert world.row().stage is Stage.CANCELLED
    assert anew.status == "processing"
    assert f"Order {anew.number} is processed in Picqer" in world.row().attention


def test_order_is_followed_again_when_its_cancellation_is_undone() -> None:
    world = World(cancel_in_saleor=False)
    remote = world.sent()
    world.account.cancel(remote)
    world.settle()

    world.account.undo_cancellation(remote)
    world.account.process(remote)
    world.settle()

    assert (world.row().stage, world.row().attention) == (Stage.PROCESSED, "")


# --- at the same time


def test_picklist_is_fulfilled_once_when_two_workers_hear_of_it() -> None:
    """Failure mode F8."""
    world = World()
    remote = world.sent(order(line("MUG", 2)))
    world.account.ship(remote, 1)
    world.accidents.at("picqer.orders.picklist", meanwhile(lambda: world.follow(remote)))

    world.follow(remote)

    assert [ln.fulfilled for ln in world.order().lines] == [1]


def test_event_is_tried_again_when_what_was_read_may_be_out_of_date() -> None:
    """Failure mode F11: it was read before, and written after, what another worker has seen."""
    world = World()
    remote = world.sent()

    def pause() -> None:
        world.account.pause(remote)
        world.follow(remote)
        world.account.resume(remote)
        world.account.pause(remote, "Flood")

    world.account.process(remote)
    world.outbox.edit("1", remote_status="concept")
    world.accidents.at("outbox.record_remote_status", meanwhile(pause))

    with pytest.raises(TryLaterError):
        follow.pull(world.context(), remote.id)
    world.follow(remote)

    assert world.row().remote_status == "paused"


def test_order_shows_what_happened_last_when_two_workers_show_it() -> None:
    world = World()
    remote = world.sent()
    world.account.pause(remote)

    def ship() -> None:
        world.account.resume(remote)
        world.account.ship(remote)
        world.settle()

    world.accidents.at("shop.orders.write_metadata", meanwhile(ship))

    world.follow(remote)

    assert world.row().stage is Stage.COMPLETED
    assert world.shop.remembered["1"]["status"] == "completed"
