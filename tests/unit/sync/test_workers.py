"""Workers that are killed, frozen or too many: an order is in Picqer once, and none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import LEASE, Stage
from saleor_picqer.errors import UnknownProductError, WrongStatusError
from saleor_picqer.sync.orders import push
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import address, line, order
from tests.unit.sync.fakes.accidents import (
    Accident,
    Line,
    killed_after,
    killed_before,
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.fakes.worker import Worker
from tests.unit.sync.world import World

CALLS = (
    "outbox.claim",
    "shop.orders.get",
    "outbox.advance",
    "picqer.orders.create",
    "shop.orders.add_note",
    "picqer.orders.allocate",
    "shop.orders.write_metadata",
    "outbox.release",
)
"""All that are made for an order whose stock is reserved until it is paid."""


def worker(world: World, pk: str = "1") -> Worker:
    def job(line: Line) -> Outcome:
        return push.push(world.context(line), pk)

    return Worker(job, unseen=lambda: world.links.fulfilments.inside)


def stopped_at(world: World, call: str) -> Worker:
    """A worker that stands before its first such call."""
    slow = worker(world)
    while slow.at != call:
        slow.go_on()
    return slow


# --- killed


@pytest.mark.parametrize("accident", [killed_before, killed_after])
@pytest.mark.parametrize("nth", [0, 1, 2])
@pytest.mark.parametrize("call", CALLS)
def test_order_arrives_once_when_its_worker_is_killed(
    call: str, nth: int, accident: Accident
) -> None:
    """Failure mode F12."""
    world = World(process_when="when paid")
    fine = meanwhile(lambda: None)
    world.accidents.at(call, *[fine] * nth, accident)
    world.place()
    world.push()

    world.later()

    (remote,) = world.live()
    assert (remote.allocated, world.row().stage) == (True, Stage.ALLOCATED)
    assert world.shop.remembered["1"]["number"] == remote.number
    assert not world.row().lease


def test_killed_workers_order_waits_for_the_rest_of_the_lease() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", killed_after)
    world.place()
    world.push()

    assert world.push() is Outcome.NOT_DUE

    world.clock.pass_by(LEASE * 1.1)
    assert world.push() is Outcome.DONE


@pytest.mark.parametrize("call", ["shop.orders.get", "picqer.orders.get", "picqer.orders.cancel"])
def test_order_is_cancelled_when_the_worker_that_was_to_do_it_is_killed(call: str) -> None:
    """A processed order is not open, but what its worker had in hand is not lost."""
    world = World()
    remote = world.sent()
    world.cancel()
    world.accidents.at(call, killed_before)
    world.push()

    world.later()

    assert remote.status == "cancelled"


def test_failed_order_is_tried_again_when_the_worker_that_was_to_do_it_is_killed() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", refused(refusal(UnknownProductError, 24)))
    world.account.products.pop("MUG")
    world.place()
    world.settle()
    assert world.row().stage is Stage.FAILED
    world.account.add_product("MUG")
    world.accidents.at("shop.orders.get", killed_before)
    world.shop.change("1", note="Ring twice")
    world.push()

    world.later()

    assert world.row().stage is Stage.PROCESSED


# --- many


def test_order_is_sent_once_when_many_workers_take_it_up() -> None:
    """Failure mode F13."""
    world = World()
    world.place()
    crowd = [worker(world) for _ in range(16)]

    while any(one.at for one in crowd):
        for one in crowd:
            if one.at:
                one.go_on()

    assert world.requests == []
    assert len(world.account.orders) == 1
    assert [one.result for one in crowd].count(Outcome.DONE) == 1


def test_order_is_sent_once_when_it_is_in_flight_and_somebody_pushes_it() -> None:
    world = World()
    world.place()
    slow = stopped_at(world, "picqer.orders.create")

    world.outbox.push(["1"], "default")
    world.settle()
    slow.finish()
    world.settle()

    assert len(world.account.orders) == 1


# --- slow


SENDING = ("shop.orders.get", "outbox.advance")
"""Where a worker can stand before it sends the order, with its lease not renewed."""


@pytest.mark.parametrize("call", SENDING)
def test_slow_worker_sends_nothing_when_another_has_taken_over(call: str) -> None:
    """Its lease has run out meanwhile (see docs/decisions)."""
    world = World()
    world.place()
    slow = stopped_at(world, call)
    world.clock.pass_by(LEASE * 1.1)
    world.settle()
    assert world.row().stage is Stage.PROCESSED

    slow.finish()

    assert slow.result is Outcome.STOPPED
    assert len(world.account.orders) == 1
    assert world.row().stage is Stage.PROCESSED


def test_slow_worker_sends_the_order_when_nobody_has_taken_over() -> None:
    world = World()
    world.place()
    slow = stopped_at(world, "outbox.advance")
    world.clock.pass_by(LEASE * 1.1)

    slow.finish()

    assert slow.result is Outcome.DONE
    assert len(world.live()) == 1


def test_slow_worker_adds_no_line_when_another_has_taken_over() -> None:
    world = World(process_when="when paid")
    remote = world.sent(order(line("MUG"), state=OrderState.UNCONFIRMED))
    world.shop.change("1", lines=(line("MUG"), line("CUP"), line("POT")))
    slow = stopped_at(world, "picqer.products.find")
    world.clock.pass_by(LEASE * 1.1)
    world.outbox.touch(["1"])
    world.settle()

    slow.finish()

    assert len(remote.lines) == 3


def test_slow_worker_tells_nobody_of_its_failure_when_another_has_taken_over() -> None:
    world = World()
    world.place()
    slow = stopped_at(world, "picqer.orders.create")
    slow.go_on(refused(refusal(WrongStatusError, 21)))
    world.clock.pass_by(LEASE * 1.1)
    world.settle()
    told = world.notes()

    slow.finish()

    assert (world.row().stage, world.row().attention) == (Stage.PROCESSED, "")
    assert world.notes() == told
    assert "attention" not in world.shop.remembered["1"]


def test_change_arrives_when_it_comes_while_a_worker_has_the_order() -> None:
    world = World()
    world.place()
    busy = stopped_at(world, "picqer.orders.create")

    world.shop.change("1", shipping=address(city="Utrecht"))
    busy.finish()
    world.settle()

    assert world.remote().header["deliverycity"] == "Utrecht"


def test_cancellation_arrives_when_it_comes_while_a_worker_has_the_order() -> None:
    world = World()
    world.place()
    busy = stopped_at(world, "picqer.orders.create")

    world.cancel()
    busy.finish()
    world.settle()

    assert (world.remote().status, world.row().stage) == ("cancelled", Stage.CANCELLED)


def test_worker_that_has_the_order_finds_out_what_was_done_in_picqer() -> None:
    """Whoever hears of it leaves it to that worker."""
    world = World(process_when="when paid")
    world.place()
    busy = stopped_at(world, "picqer.orders.allocate")
    remote = world.live()[0]
    world.account.process(remote)
    world.follow(remote)
    assert world.row().stage is Stage.CREATED

    busy.finish()

    assert world.row().stage is Stage.PROCESSED


def test_order_catches_up_when_whoever_had_it_did_not_find_out() -> None:
    world = World(process_when="when paid")
    world.place()
    busy = stopped_at(world, "picqer.orders.allocate")
    busy.go_on()
    remote = world.live()[0]
    world.account.process(remote)
    world.follow(remote)
    busy.finish()
    assert world.row().stage is Stage.ALLOCATED

    world.later(timedelta(hours=2))

    assert world.row().stage is Stage.PROCESSED


def test_pause_is_not_forgotten_when_it_comes_right_after_processing() -> None:
    world = World()
    world.place()
    busy = stopped_at(world, "picqer.orders.process")
    busy.go_on()
    remote = world.live()[0]
    world.account.pause(remote)
    world.follow(remote)

    busy.finish()

    assert (world.row().stage, world.row().remote_status) == (Stage.PROCESSED, "paused")
    assert world.shop.remembered["1"]["status"] == "paused"
