"""An order that is in Picqer already is found there, and never sent a second time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.sync.orders import texts
from tests.unit.domain.builders import address, line, order
from tests.unit.sync.fakes.accidents import lost_after, lost_before
from tests.unit.sync.world import World

OLD = timedelta(minutes=11)


def overdue(world: World, **changes: Any) -> str:
    """An order that should have been in Picqer for a while."""
    pk = world.place(**changes)
    world.clock.pass_by(OLD)
    return pk


def test_order_is_adopted_when_somebody_typed_it_in() -> None:
    """Failure mode F56."""
    world = World()
    overdue(world)
    typed = world.account.type_in("10042", MUG=1)

    world.push()

    assert world.remote() is typed
    assert world.live() == [typed]
    assert world.requests == ["orders.find", "orders.process"]


def test_order_that_failed_is_adopted_when_somebody_typed_it_in() -> None:
    """Failure mode F56: it could not be sent, and somebody helped themselves."""
    world = World(create_missing_products=False)
    del world.account.products["MUG"]
    world.place()
    world.settle()
    assert world.row().stage is Stage.FAILED
    world.account.add_product("MUG")
    typed = world.account.type_in("10042", MUG=1)

    world.outbox.retry(["1"])
    world.settle()

    assert world.live() == [typed]
    assert world.row().stage is Stage.PROCESSED


def test_what_somebody_typed_in_stays_as_it_is() -> None:
    world = World()
    overdue(world)
    typed = world.account.type_in("10042", MUG=1)

    world.settle()

    assert typed.header == {"reference": "10042", "deliverycity": "Elsewhere"}


def test_staff_are_told_when_somebody_typed_in_other_amounts() -> None:
    world = World()
    overdue(world, lines=(line("MUG", 2), line("CUP", 1)))
    typed = world.account.type_in("10042", MUG=3, CUP=1)

    world.settle()

    assert (world.remote(), typed.status) == (typed, "processing")
    assert "with other amounts than in Saleor: 1 x CUP, 3 x MUG" in world.row().attention


def test_nobody_is_told_when_somebody_typed_in_only_what_was_left_to_ship() -> None:
    world = World()
    overdue(world, lines=(line("MUG", 3, fulfilled=1),))
    world.account.type_in("10042", MUG=2)

    world.settle()

    assert world.row().attention == ""


def test_order_is_followed_when_what_somebody_typed_in_is_shipped_already() -> None:
    world = World()
    overdue(world)
    typed = world.account.type_in("10042", MUG=1)
    world.account.process(typed)
    world.account.ship(typed)
    world.account.events.clear()

    world.push()

    assert world.order().state is OrderState.CLOSED
    assert world.row().stage is Stage.COMPLETED
    assert world.requests == ["orders.find", "orders.get", "orders.picklist"]


def test_order_is_followed_in_the_end_when_picqer_is_silent_meanwhile() -> None:
    """Nothing tells of it a second time."""
    world = World()
    overdue(world)
    typed = world.account.type_in("10042", MUG=1)
    world.account.process(typed)
    world.account.ship(typed)
    world.account.events.clear()
    world.accidents.at("picqer.orders.picklist", lost_before)
    world.push()
    assert world.order().state is OrderState.OPEN

    world.later()

    assert world.order().state is OrderState.CLOSED
    assert world.row().stage is Stage.COMPLETED


def test_cancelled_order_is_not_adopted() -> None:
    world = World()
    overdue(world)
    world.account.cancel(world.account.type_in("10042", MUG=1))

    world.push()

    assert world.requests == ["orders.find", "orders.create", "orders.process"]


# --- somebody else's order


def test_order_stops_when_another_order_has_its_reference() -> None:
    """Failure mode F54: another shop on the same account counts from 10001, too."""
    world = World()
    overdue(world)
    foreign = world.account.type_in("10042", TEA=5)

    world.push()

    assert world.row().stage is Stage.FAILED
    assert f"order {foreign.number} has the reference 10042 already" in world.row().attention
    assert world.live() == [foreign]


def test_order_is_sent_when_a_prefix_tells_the_shops_apart() -> None:
    """Failure mode F54."""
    world = World()
    overdue(world)
    foreign = world.account.type_in("10042", TEA=5)
    world.push()

    world.set(reference_prefix="NL-")
    world.outbox.retry(["1"])
    world.settle()

    assert world.remote().reference == "NL-10042"
    assert (world.row().stage, foreign.status) == (Stage.PROCESSED, "concept")


def test_order_takes_the_prefix_when_its_first_name_was_taken_after_all() -> None:
    """Failure mode F54: it was sent in vain, and meanwhile another shop has used the number."""
    world = World()
    world.accidents.at("picqer.orders.create", lost_before)
    world.place()
    world.push()
    world.account.type_in("10042", TEA=5)
    world.later()
    assert world.row().stage is Stage.FAILED

    world.set(reference_prefix="NL-")
    world.outbox.retry(["1"])
    world.settle()

    assert world.remote().reference == "NL-10042"


def test_order_keeps_the_name_it_was_sent_with_when_the_prefix_changes() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_after)
    world.place()
    world.push()

    world.set(reference_prefix="NL-")
    world.later()

    assert [found.reference for found in world.account.orders.values()] == ["10042"]
    assert world.row().stage is Stage.PROCESSED


def test_order_of_another_row_is_not_adopted() -> None:
    """Two channels of one shop share the account and count in the same way."""
    world = World()
    first = world.sent()
    overdue(world, pk="2")

    world.push("2")

    assert world.remote("2") is not first
    assert world.row("2").stage is Stage.PROCESSED


# --- several


def test_oldest_is_followed_when_several_are_there() -> None:
    world = World()
    overdue(world)
    first, second = (world.account.type_in("10042", MUG=1) for _ in range(2))

    world.push()

    assert world.remote() is first
    assert f"cancel {second.number} in Picqer" in world.row().attention


def test_one_that_the_warehouse_has_is_followed_when_several_are_there() -> None:
    """Processing the other would send the goods twice."""
    world = World()
    overdue(world)
    first, second = (world.account.type_in("10042", MUG=1) for _ in range(2))
    world.account.process(second)

    world.settle()

    assert world.remote() is second
    assert first.status == "concept"


# --- what changes before it is found


def test_change_arrives_when_the_order_changed_before_it_was_found() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_after)
    world.place()
    world.push()

    world.shop.change("1", shipping=address(city="Utrecht"))
    world.later()

    assert [found.header["deliverycity"] for found in world.live()] == ["Utrecht"]
    assert world.remote().status == "processing"


def test_change_is_flagged_when_the_warehouse_had_the_order_before_it_was_found() -> None:
    world = World()
    world.picqer.header_is_locked = True
    world.accidents.at("picqer.orders.create", lost_after)
    world.place()
    world.push()
    world.account.process(world.live()[0])

    world.shop.change("1", shipping=address(city="Utrecht"))
    world.later()

    assert world.row().attention == texts.too_late("delivery address")


def test_order_is_found_when_its_lines_changed_before_it_was() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_after)
    world.place(state=OrderState.UNCONFIRMED)
    world.push()

    world.shop.change("1", lines=(line("CUP", 2), line("POT")))
    world.later()

    assert [found.goods for found in world.live()] == [{"CUP": 2, "POT": 1}]


def test_order_is_found_when_a_part_of_it_was_fulfilled_before_it_was_sent() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_after)
    world.place(order(line("MUG", 2, fulfilled=2), line("CUP", 3, fulfilled=1)))

    world.later()
    world.later()

    assert [found.goods for found in world.live()] == [{"CUP": 2}]
    assert world.row().stage is Stage.PROCESSED


@pytest.mark.parametrize("arrived", [True, False])
def test_order_is_looked_for_when_it_was_fulfilled_before_it_was_found(arrived: bool) -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_after if arrived else lost_before)
    world.place()
    world.push()

    world.shop.change("1", state=OrderState.CLOSED, lines=(line(fulfilled=1),))
    world.later()

    if arrived:
        assert world.row().attention.startswith("Nothing of this order is left to ship")
        assert world.remote().status == "concept"
    else:
        assert (world.row().stage, world.live()) == (Stage.SKIPPED, [])


def test_change_arrives_when_staff_push_the_order_again() -> None:
    """Nobody has to know that Picqer has not heard of the change yet."""
    world = World(process_when="when paid")
    remote = world.sent()
    world.shop.change("1", shipping=address(city="Utrecht"))

    world.outbox.push(["1"], "default")
    world.settle()

    assert world.live() == [remote]
    assert remote.header["deliverycity"] == "Utrecht"
