"""An order goes to Picqer with few requests, as far as it may go; what stops it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import (
    WrongStatusError,
)
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.accidents import (
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.world import World

# --- few requests


def test_fresh_order_costs_two_requests_whatever_its_lines() -> None:
    world = World()
    world.place(order(*(line(sku, 2) for sku in ("MUG", "CUP", "POT", "TEA"))))

    assert world.push() is Outcome.DONE

    assert world.requests == ["orders.create", "orders.process"]


def test_order_that_was_placed_a_while_ago_is_looked_for_first() -> None:
    """Somebody may have typed it in."""
    world = World()
    world.place()
    world.clock.pass_by(timedelta(minutes=11))

    world.push()

    assert world.requests == ["orders.find", "orders.create", "orders.process"]


def test_nothing_is_asked_when_nothing_changed() -> None:
    world = World()
    world.sent()
    world.forget()
    world.outbox.touch(["1"])

    assert world.push() is Outcome.DONE

    assert world.requests == []


def test_nothing_is_done_when_the_order_is_not_due() -> None:
    world = World()
    world.sent()

    assert world.push() is Outcome.NOT_DUE


# --- when and how far


def test_order_waits_until_it_is_paid_when_only_paid_ones_are_sent() -> None:
    world = World(push_when="paid")
    world.place()
    world.settle()
    assert (world.row().waiting_for, world.requests) == ("The order is not paid yet.", [])

    world.shop.change("1", paid=True)
    world.settle()

    assert world.remote().status == "processing"


def test_order_that_waits_is_looked_at_again_when_no_hook_came() -> None:
    world = World(push_when="paid")
    world.place()
    world.settle()
    world.shop.placed["1"] = order(paid=True)

    world.later(timedelta(hours=2))

    assert world.remote().status == "processing"


def test_stock_is_reserved_until_the_order_is_paid_and_then_it_is_processed() -> None:
    world = World(process_when="when paid")
    remote = world.sent()
    assert (remote.status, remote.allocated) == ("concept", True)
    assert world.row().stage is Stage.ALLOCATED

    world.shop.change("1", paid=True)
    world.settle()

    assert remote.status == "processing"
    assert world.notes() == [
        f"Received by Picqer as order {remote.number}.",
        "Picqer reserves the stock until the order is paid.",
        f"Order {remote.number} is ready to be picked in Picqer.",
    ]


def test_order_goes_on_without_reserved_stock_when_the_key_may_not_allocate() -> None:
    world = World(process_when="when paid")
    world.picqer.may_allocate = False
    remote = world.sent()
    assert world.row().attention.startswith("Picqer does not reserve the stock")
    world.later()

    world.shop.change("1", paid=True)
    world.settle()

    assert remote.status == "processing"
    assert len([note for note in world.notes() if note.startswith("Picqer does not reserve")]) == 1


def test_order_is_skipped_when_it_was_placed_before_the_plugin_was_switched_on() -> None:
    world = World()
    world.since = world.clock.now
    world.place(placed_at=world.clock.now - timedelta(days=1))

    world.settle()

    assert (world.row().stage, world.requests) == (Stage.SKIPPED, [])


def test_old_order_is_sent_when_staff_ask_for_it() -> None:
    world = World()
    world.since = world.clock.now
    world.place(placed_at=world.clock.now - timedelta(days=1))
    world.settle()

    world.outbox.push(["1"], "default")
    world.settle()

    assert world.remote().status == "processing"


def test_order_that_is_still_there_is_kept_when_staff_push_it_again() -> None:
    world = World(process_when="when paid")
    remote = world.sent()
    world.forget()

    world.outbox.push(["1"], "default")
    world.settle()

    assert world.requests == ["orders.get"]
    assert (world.live(), world.row().stage) == ([remote], Stage.ALLOCATED)
    assert not world.row().requested


def test_order_that_is_gone_from_picqer_is_sent_when_staff_push_it_again() -> None:
    world = World(process_when="when paid")
    remote = world.sent()
    del world.account.orders[remote.id]

    world.outbox.push(["1"], "default")
    world.settle()

    assert world.remote().id != remote.id
    assert world.row().stage is Stage.ALLOCATED


def test_order_is_held_back_when_it_was_fulfilled_in_the_shop_meanwhile() -> None:
    world = World(process_when="when paid")
    remote = world.sent()
    done = order(line(fulfilled=1)).lines

    world.shop.change("1", paid=True, state=OrderState.CLOSED, lines=done)
    world.settle()

    assert remote.status == "concept"
    assert world.row().attention.startswith("Nothing of this order is left to ship")


# --- what the order shows


def test_order_shows_where_it_is() -> None:
    world = World()
    remote = world.sent()

    assert world.shop.remembered["1"] == {
        "idorder": str(remote.id),
        "number": remote.number,
        "status_page": f"https://example.picqer.test/s/{remote.id}",
        "status": "processing",
    }


def test_order_shows_that_it_is_processed_before_picqer_tells_of_it() -> None:
    world = World()
    world.place()

    world.push()

    assert world.shop.remembered["1"]["status"] == "processing"


def test_order_shows_nothing_while_it_waits() -> None:
    world = World(push_when="paid")
    world.place()

    world.settle()

    assert world.shop.remembered["1"] == {}
    assert world.notes() == []


# --- when somebody is quicker in Picqer


def test_nothing_asks_for_attention_when_staff_cancel_what_was_cancelled_in_picqer() -> None:
    world = World(cancel_in_saleor=False)
    world.account.cancel(world.sent())
    world.settle()
    assert world.row().attention

    world.cancel()
    world.settle()

    assert world.row().attention == ""
    assert "attention" not in world.shop.remembered["1"]


@pytest.mark.parametrize("call", ["orders.process", "orders.allocate"])
def test_order_is_not_processed_twice_when_somebody_processed_it_in_picqer(call: str) -> None:
    world = World(process_when="at once" if call == "orders.process" else "when paid")
    act = meanwhile(lambda: world.account.process(world.remote()))
    world.accidents.at(f"picqer.{call}", act)
    world.place()

    assert world.push() is Outcome.DONE

    assert (world.row().stage, world.row().remote_status) == (Stage.PROCESSED, "processing")
    assert world.notes()[-1].endswith("is ready to be picked in Picqer.")


def test_pause_is_taken_over_when_somebody_paused_it_in_picqer() -> None:
    world = World()

    def pause() -> None:
        world.account.process(world.remote())
        world.account.pause(world.remote(), "Flood")

    world.accidents.at("picqer.orders.process", meanwhile(pause))
    world.place()

    world.push()

    assert (world.row().stage, world.row().remote_status) == (Stage.PROCESSED, "paused")
    assert any(note.endswith("is paused in Picqer: Flood.") for note in world.notes())


def test_order_is_cancelled_in_the_shop_when_somebody_cancelled_it_in_picqer() -> None:
    world = World()
    act = meanwhile(lambda: world.account.cancel(world.remote()))
    world.accidents.at("picqer.orders.process", act)
    world.place()

    world.push()

    assert (world.row().stage, world.order().state) == (Stage.CANCELLED, OrderState.CANCELLED)


def test_order_is_fulfilled_when_somebody_has_shipped_it_before_we_knew() -> None:
    world = World()

    def ship() -> None:
        world.account.process(world.remote())
        world.account.ship(world.remote())

    world.accidents.at("picqer.orders.process", meanwhile(ship))
    world.place()

    world.push()

    assert (world.row().stage, world.order().state) == (Stage.COMPLETED, OrderState.CLOSED)


def test_order_fails_when_picqer_refuses_to_process_a_concept() -> None:
    world = World()
    world.accidents.at("picqer.orders.process", refused(refusal(WrongStatusError, 21)))
    world.place()

    world.push()

    assert world.row().stage is Stage.FAILED
    world.shop.change("1", note="Ring twice")
    world.settle()
    assert world.remote().status == "processing"


# --- when the channel has another account


def test_order_of_another_account_is_left_alone_when_it_is_cancelled() -> None:
    """Failure mode F57: in the new account its id is that of somebody else's order."""
    world = World()
    remote = world.sent()
    world.name = "other.picqer.test"

    world.cancel()
    world.settle()

    assert remote.status == "processing"
    assert "of the Picqer account example.picqer.test" in world.row().attention
    assert world.shop.remembered["1"]["attention"] == world.row().attention
    assert (world.row().lease, world.row().waiting_for) == ("", texts.IN_OTHER_ACCOUNT)
