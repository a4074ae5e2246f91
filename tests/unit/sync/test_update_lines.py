"""Changes of lines after an order was sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import error_class
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.faults import (
    Call,
    killed_after,
    killed_before,
    lost_after,
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario


def test_lines_change_while_the_order_is_a_concept() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG", 2), line("CUP"))

    scenario.shop.change("1", lines=(line("MUG", 3), line("POT")))
    scenario.run_until_idle()

    assert remote.goods == {"MUG": 3, "POT": 1}
    assert scenario.notes()[-2] == "The lines were changed in Picqer too."


def test_stock_is_reserved_again_when_lines_changed() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG", 2))

    scenario.shop.change("1", lines=(line("MUG", 3),))
    scenario.run_until_idle()

    assert (remote.allocated, scenario.row().stage) == (True, Stage.ALLOCATED)


def test_order_is_never_empty_while_its_lines_change() -> None:
    """Failure mode F62."""
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"), line("CUP"))
    seen: list[dict[str, int]] = []
    watch = meanwhile(lambda: seen.append(remote.goods))
    for call in ("lines.add", "lines.update", "lines.delete"):
        scenario.faults.plan(f"picqer.{call}", *[watch] * 5)

    scenario.shop.change("1", lines=(line("POT"), line("TEA")))
    scenario.run_until_idle()

    assert len(seen) == 4
    assert all(seen)
    assert remote.goods == {"POT": 1, "TEA": 1}


@pytest.mark.parametrize("fault", [killed_before, killed_after, lost_after])
@pytest.mark.parametrize("nth", range(4))
def test_rest_of_the_lines_changes_when_the_first_attempt_was_cut_short(
    nth: int, fault: object
) -> None:
    """Failure mode F62."""
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"), line("CUP"))
    call = ("lines.add", "lines.add", "lines.delete", "lines.delete")[nth]
    no_fault = meanwhile(lambda: None)
    scenario.faults.plan(f"picqer.{call}", *[no_fault] * (nth % 2), fault)  # type: ignore[arg-type]
    scenario.shop.change("1", lines=(line("POT", 2), line("TEA")))
    scenario.push()
    assert remote.lines

    scenario.advance()

    assert remote.goods == {"POT": 2, "TEA": 1}


def test_lines_are_as_before_when_their_change_was_cut_short_and_taken_back() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"), line("CUP"))
    before = scenario.order().lines
    scenario.faults.plan("picqer.lines.delete", lost_after)
    scenario.shop.change("1", lines=(line("POT"),))
    scenario.push()
    assert "POT" in remote.goods

    scenario.shop.change("1", lines=before)
    scenario.advance()

    assert remote.goods == {"MUG": 1, "CUP": 1}


def test_price_is_sent_when_only_the_price_has_changed() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG", 2))

    scenario.shop.change("1", lines=(line("MUG", 2, total="10"),))
    scenario.run_until_idle()

    assert [(ln.amount, ln.price) for ln in remote.lines] == [(2, Decimal(5))]


def test_line_is_added_when_picqer_knows_the_product_only_by_its_id() -> None:
    scenario = Scenario()
    remote = scenario.place_concept()
    scenario.links.products.link({"CUP": scenario.account.products["CUP"]})

    scenario.shop.change("1", lines=(line("MUG"), line("CUP")))
    scenario.run_until_idle()

    assert remote.goods == {"MUG": 1, "CUP": 1}
    assert "products.find" not in scenario.requests


def test_lines_are_flagged_when_the_warehouse_has_the_order() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push(order(line("MUG"), state=OrderState.UNCONFIRMED))

    scenario.shop.change("1", lines=(line("MUG", 2),))
    scenario.run_until_idle()

    assert remote.goods == {"MUG": 1}
    assert "The lines were changed in Saleor" in scenario.row().attention


def test_lines_are_flagged_when_the_order_is_processed_meanwhile() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"))
    scenario.faults.plan("picqer.lines.update", meanwhile(lambda: scenario.account.process(remote)))

    scenario.shop.change("1", lines=(line("MUG", 2),))
    scenario.push()

    assert scenario.row().stage is Stage.PROCESSED
    assert "The lines were changed in Saleor" in scenario.row().attention


@pytest.mark.parametrize("code", [5, 21, 30, 32, 33, 77])
def test_order_is_followed_whatever_code_picqer_has_for_locked_lines(code: int) -> None:
    """Failure mode F63: the code of locked lines was 5 and is 33."""
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"))
    refused_by_picqer = refusal(error_class(400, code), code)

    def process(call: Call) -> Any:
        scenario.account.process(remote)
        raise refused_by_picqer

    scenario.faults.plan("picqer.lines.update", process)
    scenario.shop.change("1", lines=(line("MUG", 2),))
    scenario.push()

    assert scenario.row().stage is Stage.PROCESSED
    assert "The lines were changed in Saleor" in scenario.row().attention


def test_unknown_code_is_shown_to_staff_as_picqer_has_put_it() -> None:
    """Failure mode F63."""
    scenario = Scenario()
    scenario.place_concept(line("MUG"))
    error = error_class(400, 77)("PUT", "/", status=400, code=77, text="Line is frozen")
    scenario.faults.plan("picqer.lines.update", refused(error))

    scenario.shop.change("1", lines=(line("MUG", 2),))
    scenario.push()

    assert scenario.row().stage is Stage.FAILED
    assert "Line is frozen, HTTP 400, Picqer code 77" in scenario.row().attention


def test_order_is_held_back_with_its_lines_when_nothing_is_left_to_ship() -> None:
    """Failure mode F62."""
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"))

    scenario.shop.change("1", lines=(line("CARD", ships=False),), paid=True)
    scenario.run_until_idle()

    assert remote.goods == {"MUG": 1}
    assert remote.status is RemoteStatus.CONCEPT
    assert scenario.row().attention.startswith("Nothing of this order is left to ship")


def test_order_is_processed_when_it_has_goods_to_ship_again() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG"))
    scenario.shop.change("1", lines=(line("CARD", ships=False),), paid=True)
    scenario.run_until_idle()

    scenario.shop.change("1", lines=(line("CUP", 2),), state=OrderState.OPEN)
    scenario.run_until_idle()

    assert remote.goods == {"CUP": 2}
    assert remote.status is RemoteStatus.PROCESSING


def test_lines_do_not_change_when_a_part_is_fulfilled() -> None:
    scenario = Scenario()
    remote = scenario.place_concept(line("MUG", 2), line("CUP"))

    scenario.shop.change("1", lines=(line("MUG", 2, fulfilled=1), line("CUP")))
    scenario.run_until_idle()

    assert remote.goods == {"MUG": 2, "CUP": 1}
    assert scenario.requests == []


def test_fulfilled_quantities_stay_out_when_lines_change() -> None:
    scenario = Scenario()
    done = line("MUG", 3, fulfilled=1)
    remote = scenario.place_concept(done, line("CUP"))
    assert remote.goods == {"MUG": 2, "CUP": 1}

    scenario.shop.change("1", lines=(replace(done, metadata={"remarks": "Red"}), line("CUP")))
    scenario.run_until_idle()

    assert remote.goods == {"MUG": 2, "CUP": 1}
    assert remote.lines[0].remarks == "Red"
