"""What changes in the shop after an order was sent goes to Picqer as long as it can."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.outbox import LEASE, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import AddressError
from saleor_picqer.sync.orders import texts
from tests.unit.domain.builders import address
from tests.unit.sync.fakes.accidents import (
    killed_after,
    killed_before,
    lost_after,
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.world import World, concept

# --- addresses, notes and the like


def test_only_what_changed_is_sent() -> None:
    world = World()
    remote = concept(world)

    world.shop.change("1", note="Ring twice")
    world.settle()

    assert world.requests == ["orders.update"]
    assert remote.header["customer_remarks"] == "Ring twice"
    assert world.notes()[-1] == "Changed in Picqer too: customer's note."


def test_change_arrives_with_a_hint_when_the_warehouse_has_the_order() -> None:
    world = World()
    remote = world.sent()

    world.shop.change("1", shipping=address(city="Utrecht"))
    world.settle()

    assert remote.header["deliverycity"] == "Utrecht"
    assert world.notes()[-1].endswith("The warehouse has the order already: check the picklist.")


def test_change_is_taken_back_when_picqer_did_not_answer_on_it() -> None:
    world = World()
    remote = concept(world)
    world.accidents.at("picqer.orders.update", lost_after)
    world.shop.change("1", shipping=address(city="Gent"))
    world.push()
    assert remote.header["deliverycity"] == "Gent"

    world.shop.change("1", shipping=address())
    world.later()

    assert remote.header["deliverycity"] == address().city


def test_change_is_flagged_once_when_it_comes_too_late() -> None:
    world = World()
    world.picqer.header_is_locked = True
    world.sent()

    for note in ("Ring twice", "Ring thrice"):
        world.shop.change("1", note=note)
        world.settle()
    world.outbox.touch(["1"])
    world.settle()

    assert world.row().attention == texts.too_late("customer's note")
    assert world.notes().count(world.row().attention) == 1
    assert world.requests.count("orders.update") == 2


def test_change_is_flagged_when_somebody_processed_the_order_meanwhile() -> None:
    world = World()
    world.picqer.header_is_locked = True
    remote = concept(world)
    world.accidents.at("picqer.orders.update", meanwhile(lambda: world.account.process(remote)))

    world.shop.change("1", note="Ring twice")
    world.push()

    assert world.row().stage is Stage.PROCESSED
    assert world.row().attention == texts.too_late("customer's note")


def test_nothing_is_sent_when_the_order_is_over() -> None:
    world = World()
    world.account.ship(world.sent())
    world.settle()
    world.forget()

    world.shop.change("1", note="Thanks")
    world.settle()

    assert world.requests == []


def test_order_fails_when_picqer_refuses_the_new_address_of_a_concept() -> None:
    world = World()
    concept(world)
    world.accidents.at("picqer.orders.update", refused(refusal(AddressError, 9)))

    world.shop.change("1", shipping=address(country="XX"))
    world.settle()

    assert world.row().stage is Stage.FAILED
    world.shop.change("1", shipping=address(city="Utrecht"))
    world.settle()
    assert world.remote().header["deliverycity"] == "Utrecht"
    assert world.row().stage is Stage.ALLOCATED


@pytest.mark.parametrize("accident", [killed_before, killed_after])
@pytest.mark.parametrize(
    "call", ["picqer.orders.update", "outbox.release", "shop.orders.write_metadata"]
)
def test_change_of_a_processed_order_arrives_when_the_worker_is_killed(
    call: str, accident: object
) -> None:
    """The next one takes up what was in its hands."""
    world = World()
    remote = world.sent()
    world.shop.change("1", note="Ring twice")
    world.accidents.at(call, accident)  # type: ignore[arg-type]
    world.push()

    world.later()

    assert remote.header["customer_remarks"] == "Ring twice"
    assert not world.row().lease


def test_change_arrives_when_somebody_moves_the_order_while_a_worker_has_it() -> None:
    world = World()
    remote = concept(world)

    def process() -> None:
        world.clock.pass_by(LEASE * 2)
        world.account.process(remote)
        world.follow(remote)

    world.accidents.at("shop.orders.get", meanwhile(process))
    world.shop.change("1", note="Ring twice")
    world.push()

    world.later()

    assert remote.header["customer_remarks"] == "Ring twice"


# --- tags


def test_order_is_tagged_once() -> None:
    world = World(order_tags="Webshop, Gift")
    world.account.tags |= {"Webshop", "Gift"}
    remote = world.sent()

    world.shop.change("1", note="Ring twice")
    world.settle()

    assert remote.tags == ["Webshop", "Gift"]


def test_order_goes_on_when_picqer_has_no_such_tag() -> None:
    world = World(order_tags="Webshop")
    remote = world.sent()

    assert remote.status is RemoteStatus.PROCESSING
    assert 'no tag "Webshop"' in world.row().attention
