"""What stops an order on its way to Picqer is kept, and tried again where that helps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.outbox import MAX_ATTEMPTS, SKIPPED_BY_STAFF, UNSURE, Stage
from saleor_picqer.errors import (
    AccessDeniedError,
    AddressError,
    PicqerApiError,
    PlanLimitError,
    UnknownVatGroupError,
)
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import address
from tests.unit.sync.fakes.accidents import (
    Accident,
    carried_out_after,
    lost_after,
    lost_before,
    not_sent,
    rate_limited,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.world import World

SILENT = pytest.mark.parametrize("accident", [not_sent, lost_before, lost_after, rate_limited])


# --- when Picqer is silent


@SILENT
@pytest.mark.parametrize("call", ["orders.create", "orders.process"])
def test_order_arrives_once_when_an_answer_is_lost(call: str, accident: Accident) -> None:
    """Failure mode F12."""
    world = World()
    world.accidents.at(f"picqer.{call}", accident)
    world.place()
    assert world.push() is Outcome.UNREACHABLE
    assert world.row().last_error
    assert world.outbox.due() == []

    world.later()

    (remote,) = world.live()
    assert remote.status == "processing"
    assert (world.row().stage, world.row().last_error) == (Stage.PROCESSED, "")


@SILENT
def test_stock_is_reserved_when_an_answer_is_lost(accident: Accident) -> None:
    world = World(process_when="when paid")
    world.accidents.at("picqer.orders.allocate", accident)
    remote = world.sent()

    world.later()

    assert (remote.allocated, world.row().stage) == (True, Stage.ALLOCATED)


def test_order_waits_longer_with_every_attempt() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", *[not_sent] * 3)
    world.place()

    waited = []
    for _ in range(3):
        world.push()
        due = world.row().not_before
        assert due is not None
        waited.append((due - world.clock.now).total_seconds())
        world.clock.pass_until(due)

    assert waited == [15, 30, 60]


def test_order_is_looked_for_only_when_a_request_without_an_answer_must_be_over() -> None:
    """What Picqer is still busy with cannot be found yet, and would be sent twice."""
    world = World()
    world.accidents.at("picqer.orders.create", carried_out_after(world.clock, UNSURE * 0.9))
    world.place()
    world.push()
    world.forget()

    world.later(UNSURE * 0.8)
    assert world.requests == []
    world.outbox.retry(["1"])
    world.settle()
    assert world.requests == []

    world.later(UNSURE)
    assert world.requests[:2] == ["orders.find", "orders.process"]
    assert len(world.live()) == 1


def test_order_is_sent_again_soon_when_it_certainly_did_not_arrive() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", not_sent)
    world.place()
    world.push()

    world.later(timedelta(seconds=15))

    assert world.remote().status == "processing"


def test_waiting_begins_anew_when_something_went_well() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", *[not_sent] * 5)
    world.place()
    world.settle()
    for _ in range(5):
        world.later()
    world.accidents.at("picqer.orders.update", not_sent)
    world.shop.change("1", note="Ring twice")

    world.push()

    assert world.row().attempts == 1


def test_order_is_given_up_when_picqer_is_silent_for_days() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", *[not_sent] * MAX_ATTEMPTS)
    world.place()
    for _ in range(MAX_ATTEMPTS):
        world.later()

    assert world.row().stage is Stage.FAILED
    assert world.shop.remembered["1"]["attention"] == world.row().attention != ""
    assert world.notes() == [f"The order could not be sent to Picqer. {world.row().last_error}"]


@pytest.mark.parametrize(
    ("when", "call"), [("when paid", "orders.allocate"), ("at once", "orders.process")]
)
def test_stock_is_counted_again_when_it_was_reserved_before_we_knew(when: str, call: str) -> None:
    world = World(process_when=when)
    world.accidents.at(f"picqer.{call}", lost_after)
    world.place()
    world.push()
    world.forget()
    world.account.events.clear()

    world.later()

    assert world.requests[-1] == "stock.of_product"


def test_attempts_go_on_when_a_processed_order_cannot_be_changed_for_days() -> None:
    world = World()
    remote = world.sent()
    world.accidents.at("picqer.orders.update", *[not_sent] * 500)
    world.shop.change("1", note="Ring twice")
    for _ in range(500):
        world.later()

    world.later()

    assert remote.header["customer_remarks"] == "Ring twice"


# --- when staff skip it


def test_skipped_order_is_not_looked_for_when_picqer_has_refused_it() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", refused(refusal(AddressError, 9)))
    world.place()
    world.settle()
    world.forget()

    assert world.outbox.skip(["1"])
    world.settle()

    assert (world.row().stage, world.requests) == (Stage.SKIPPED, [])
    assert "attention" not in world.shop.remembered["1"]


def test_order_cannot_be_skipped_while_its_request_may_be_under_way() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", lost_before)
    world.place()
    world.push()

    assert not world.outbox.skip(["1"])


def unanswered(accident: Accident) -> World:
    """One with an order whose request got no answer, and is over."""
    world = World()
    world.accidents.at("picqer.orders.create", accident)
    world.place()
    world.push()
    world.clock.pass_by(UNSURE)
    world.clock.pass_by(timedelta(seconds=1))
    world.forget()
    return world


def test_skipped_order_stays_skipped_when_its_request_has_not_arrived() -> None:
    world = unanswered(lost_before)

    assert world.outbox.skip(["1"])
    world.settle()

    assert world.requests == ["orders.find"]
    assert (world.row().stage, world.row().attention) == (Stage.SKIPPED, "")
    assert world.row().waiting_for == SKIPPED_BY_STAFF


def test_staff_are_told_when_a_skipped_order_has_arrived_after_all() -> None:
    world = unanswered(lost_after)

    world.outbox.skip(["1"])
    world.settle()

    (remote,) = world.live()
    assert (world.row().stage, remote.status) == (Stage.SKIPPED, "concept")
    assert f"has received it as order {remote.number}" in world.row().attention
    assert world.shop.remembered["1"]["attention"] == world.row().attention


def test_skipped_order_that_has_arrived_is_followed_when_it_is_pushed() -> None:
    world = unanswered(lost_after)
    world.outbox.skip(["1"])
    world.settle()

    world.outbox.push(["1"], "default")
    world.settle()

    (remote,) = world.live()
    assert (world.row().stage, world.row().remote_id) == (Stage.PROCESSED, remote.id)
    assert "attention" not in world.shop.remembered["1"]


# --- when Picqer refuses


def test_order_fails_with_a_reason_when_picqer_refuses_it() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", refused(refusal(AddressError, 9)))
    world.place()

    assert world.push() is Outcome.STOPPED

    row = world.row()
    assert (row.stage, row.attention) == (Stage.FAILED, row.last_error)
    assert "does not accept the country or the address" in row.attention
    assert world.shop.remembered["1"]["attention"] == row.attention
    assert world.notes() == [f"The order could not be sent to Picqer. {row.attention}"]
    assert world.outbox.due() == []


def test_failed_order_is_tried_again_when_it_changes_in_the_shop() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", refused(refusal(AddressError, 9)))
    world.place()
    world.settle()

    world.shop.change("1", shipping=address(city="Utrecht"))
    world.settle()

    assert world.remote().header["deliverycity"] == "Utrecht"
    assert (world.row().attention, world.row().stage) == ("", Stage.PROCESSED)
    assert "attention" not in world.shop.remembered["1"]


def test_same_reason_is_told_once_when_a_failed_order_fails_again() -> None:
    world = World()
    world.accidents.at("picqer.orders.create", *[refused(refusal(AddressError, 9))] * 3)
    world.place()
    world.settle()

    for city in ("Utrecht", "Gent"):
        world.shop.change("1", shipping=address(city=city))
        world.settle()

    assert len(world.notes()) == 1
    assert world.row().stage is Stage.FAILED


@pytest.mark.parametrize("error", [AccessDeniedError, PlanLimitError, UnknownVatGroupError])
def test_order_waits_when_somebody_has_to_change_something_in_picqer(
    error: type[PicqerApiError],
) -> None:
    world = World()
    world.accidents.at("picqer.orders.create", refused(refusal(error)))
    world.place()
    world.settle()
    assert world.row().stage is Stage.CREATING
    assert error.title in world.row().last_error

    world.later()

    assert world.remote().status == "processing"


def test_order_fails_when_it_is_gone_from_the_shop() -> None:
    """Failure mode F60: nobody can be told on its timeline, and no worker dies of it."""
    world = World()
    world.place()
    del world.shop.placed["1"]

    world.push()

    assert world.row().stage is Stage.FAILED
    assert "no longer exists" in world.row().attention


def test_order_is_tried_again_when_the_plugin_itself_fails() -> None:
    """Failure mode F60."""
    world = World()
    world.accidents.at("shop.orders.get", refused(ZeroDivisionError()))
    world.place()
    assert world.push() is Outcome.STOPPED
    assert world.row().last_error == texts.UNEXPECTED_ERROR

    world.later()

    assert world.remote().status == "processing"
