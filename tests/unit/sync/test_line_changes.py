"""Lines that change in the shop change in Picqer too, as long as they can."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.accidents import (
    killed_after,
    killed_before,
    lost_after,
    meanwhile,
)
from tests.unit.sync.world import World, concept


def test_lines_change_while_the_order_is_a_concept() -> None:
    world = World()
    remote = concept(world, line("MUG", 2), line("CUP"))

    world.shop.change("1", lines=(line("MUG", 3), line("POT")))
    world.settle()

    assert remote.goods == {"MUG": 3, "POT": 1}
    assert world.notes()[-2] == "The lines were changed in Picqer too."


def test_stock_is_reserved_again_when_lines_changed() -> None:
    world = World()
    remote = concept(world, line("MUG", 2))

    world.shop.change("1", lines=(line("MUG", 3),))
    world.settle()

    assert (remote.allocated, world.row().stage) == (True, Stage.ALLOCATED)


def test_order_is_never_empty_while_its_lines_change() -> None:
    """Failure mode F62."""
    world = World()
    remote = concept(world, line("MUG"), line("CUP"))
    seen: list[dict[str, int]] = []
    watch = meanwhile(lambda: seen.append(remote.goods))
    for call in ("lines.add", "lines.update", "lines.delete"):
        world.accidents.at(f"picqer.{call}", *[watch] * 5)

    world.shop.change("1", lines=(line("POT"), line("TEA")))
    world.settle()

    assert len(seen) == 4
    assert all(seen)
    assert remote.goods == {"POT": 1, "TEA": 1}


@pytest.mark.parametrize("accident", [killed_before, killed_after, lost_after])
@pytest.mark.parametrize("nth", range(4))
def test_rest_of_the_lines_changes_when_the_first_attempt_was_cut_short(
    nth: int, accident: object
) -> None:
    """Failure mode F62."""
    world = World()
    remote = concept(world, line("MUG"), line("CUP"))
    call = ("lines.add", "lines.add", "lines.delete", "lines.delete")[nth]
    fine = meanwhile(lambda: None)
    world.accidents.at(f"picqer.{call}", *[fine] * (nth % 2), accident)  # type: ignore[arg-type]
    world.shop.change("1", lines=(line("POT", 2), line("TEA")))
    world.push()
    assert remote.lines

    world.later()

    assert remote.goods == {"POT": 2, "TEA": 1}


def test_lines_are_as_before_when_their_change_was_cut_short_and_taken_back() -> None:
    world = World()
    remote = concept(world, line("MUG"), line("CUP"))
    before = world.order().lines
    world.accidents.at("picqer.lines.delete", lost_after)
    world.shop.change("1", lines=(line("POT"),))
    world.push()
    assert "POT" in remote.goods

    world.shop.change("1", lines=before)
    world.later()

    assert remote.goods == {"MUG": 1, "CUP": 1}


def test_price_changes_when_only_it_is_another() -> None:
    world = World()
    remote = concept(world, line("MUG", 2))

    world.shop.change("1", lines=(line("MUG", 2, total="10"),))
    world.settle()

    assert [(ln.amount, ln.price) for ln in remote.lines] == [(2, Decimal(5))]


def test_line_is_added_when_picqer_knows_the_product_only_by_its_id() -> None:
    world = World()
    remote = concept(world)
    world.links.products.link({"CUP": world.account.products["CUP"]})

    world.shop.change("1", lines=(line("MUG"), line("CUP")))
    world.settle()

    assert remote.goods == {"MUG": 1, "CUP": 1}
    assert "products.find" not in world.requests


def test_lines_are_flagged_when_the_warehouse_has_the_order() -> None:
    world = World()
    remote = world.sent(order(line("MUG"), state=OrderState.UNCONFIRMED))

    world.shop.change("1", lines=(line("MUG", 2),))
    world.settle()

    assert remote.goods == {"MUG": 1}
    assert "The lines were changed in Saleor" in world.row().attention


def test_lines_are_flagged_when_somebody_processed_the_order_meanwhile() -> None:
    world = World()
    remote = concept(world, line("MUG"))
    world.accidents.at("picqer.lines.update", meanwhile(lambda: world.account.process(remote)))

    world.shop.change("1", lines=(line("MUG", 2),))
    world.push()

    assert world.row().stage is Stage.PROCESSED
    assert "The lines were changed in Saleor" in world.row().attention


def test_order_is_held_back_with_its_lines_when_nothing_is_left_to_ship() -> None:
    """Failure mode F62: an order without lines cannot be told from a broken one."""
    world = World()
    remote = concept(world, line("MUG"))

    world.shop.change("1", lines=(line("CARD", ships=False),), paid=True)
    world.settle()

    assert remote.goods == {"MUG": 1}
    assert remote.status is RemoteStatus.CONCEPT
    assert world.row().attention.startswith("Nothing of this order is left to ship")


def test_order_goes_on_when_it_has_something_to_ship_again() -> None:
    world = World()
    remote = concept(world, line("MUG"))
    world.shop.change("1", lines=(line("CARD", ships=False),), paid=True)
    world.settle()

    world.shop.change("1", lines=(line("CUP", 2),))
    world.settle()

    assert remote.goods == {"CUP": 2}
    assert remote.status is RemoteStatus.PROCESSING


def test_lines_do_not_change_when_a_part_is_fulfilled() -> None:
    world = World()
    remote = concept(world, line("MUG", 2), line("CUP"))

    world.shop.change("1", lines=(line("MUG", 2, fulfilled=1), line("CUP")))
    world.settle()

    assert remote.goods == {"MUG": 2, "CUP": 1}
    assert world.requests == []


def test_what_was_fulfilled_before_stays_out_when_lines_change() -> None:
    world = World()
    done = line("MUG", 3, fulfilled=1)
    remote = concept(world, done, line("CUP"))
    assert remote.goods == {"MUG": 2, "CUP": 1}

    world.shop.change("1", lines=(replace(done, metadata={"remarks": "Red"}), line("CUP")))
    world.settle()

    assert remote.goods == {"MUG": 2, "CUP": 1}
    assert remote.lines[0].remarks == "Red"
