"""Errors of a push: retries, dead letters and skipped orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.outbox import MAX_ATTEMPTS, UNSURE, Stage
from saleor_picqer.errors import (
    AccessDeniedError,
    AddressError,
    PicqerApiError,
    PlanLimitError,
    RateLimitedError,
    ServerError,
    UnknownVatGroupError,
)
from saleor_picqer.sync.orders import texts
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import address
from tests.unit.sync.fakes.faults import (
    Fault,
    carried_out_after,
    lost_after,
    lost_before,
    not_sent,
    rate_limited,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario

SILENT = pytest.mark.parametrize("fault", [not_sent, lost_before, lost_after, rate_limited])


# --- when Picqer answers that it cannot, or the rate limit is used up


def test_order_waits_for_its_turn_when_the_rate_limit_is_used_up() -> None:
    """Failure modes F84 and F90."""
    scenario = Scenario()
    no_budget = RateLimitedError("POST", "/orders", attempt=0, retry_after=40)
    scenario.faults.plan("picqer.orders.create", refused(no_budget))
    scenario.place()

    assert scenario.push() is Outcome.STOPPED

    assert scenario.row().attempts == 0
    scenario.clock.advance(timedelta(seconds=39))
    assert scenario.outbox.due() == []
    scenario.clock.advance(timedelta(seconds=1))
    assert scenario.outbox.due() != []


def test_fault_is_an_answer_when_picqer_reports_its_own() -> None:
    """Failure mode F123: an order that only Picqer stumbles over holds up no other."""
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", refused(ServerError("POST", "/orders", code=1)))
    scenario.place()

    assert scenario.push() is Outcome.STOPPED


# --- when Picqer does not answer


@SILENT
@pytest.mark.parametrize("call", ["orders.create", "orders.process"])
def test_order_is_created_once_when_an_answer_is_lost(call: str, fault: Fault) -> None:
    """Failure mode F12."""
    scenario = Scenario()
    scenario.faults.plan(f"picqer.{call}", fault)
    scenario.place()
    is_answer = fault is rate_limited
    assert scenario.push() is (Outcome.STOPPED if is_answer else Outcome.UNREACHABLE)
    assert scenario.row().last_error
    assert scenario.outbox.due() == []

    scenario.advance()

    (remote,) = scenario.live()
    assert remote.status == "processing"
    assert (scenario.row().stage, scenario.row().last_error) == (Stage.PROCESSED, "")


@SILENT
def test_stock_is_reserved_when_an_answer_is_lost(fault: Fault) -> None:
    scenario = Scenario(process_when="paid")
    scenario.faults.plan("picqer.orders.allocate", fault)
    remote = scenario.place_and_push()

    scenario.advance()

    assert (remote.allocated, scenario.row().stage) == (True, Stage.ALLOCATED)


def test_order_waits_longer_with_every_attempt() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", *[not_sent] * 3)
    scenario.place()

    delays = []
    for _ in range(3):
        scenario.push()
        due = scenario.row().not_before
        assert due is not None
        delays.append((due - scenario.clock.now).total_seconds())
        scenario.clock.advance_to(due)

    assert delays == [15, 30, 60]


def test_look_up_waits_until_an_unanswered_request_must_be_over() -> None:
    # A request that Picqer still carries out cannot be found yet.
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", carried_out_after(scenario.clock, UNSURE * 0.9))
    scenario.place()
    scenario.push()
    scenario.forget_requests()

    scenario.advance(UNSURE * 0.8)
    assert scenario.requests == []
    scenario.outbox.retry(["1"])
    scenario.run_until_idle()
    assert scenario.requests == []

    scenario.advance(UNSURE)
    assert scenario.requests[:2] == ["orders.find", "orders.process"]
    assert len(scenario.live()) == 1


def test_order_is_sent_again_soon_when_the_request_was_not_sent() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", not_sent)
    scenario.place()
    scenario.push()

    scenario.advance(timedelta(seconds=15))

    assert scenario.remote().status == "processing"


def test_delay_starts_anew_when_an_attempt_has_succeeded() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", *[not_sent] * 5)
    scenario.place()
    scenario.run_until_idle()
    for _ in range(5):
        scenario.advance()
    scenario.faults.plan("picqer.orders.update", not_sent)
    scenario.shop.change("1", note="Ring twice")

    scenario.push()

    assert scenario.row().attempts == 1


def test_order_is_given_up_when_picqer_does_not_answer_for_days() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", *[not_sent] * MAX_ATTEMPTS)
    scenario.place()
    for _ in range(MAX_ATTEMPTS):
        scenario.advance()

    assert scenario.row().stage is Stage.FAILED
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention != ""
    error = scenario.row().last_error
    assert scenario.notes() == [texts.not_sent(error), texts.given_up(error)]


@pytest.mark.parametrize(
    ("when", "call"), [("paid", "orders.allocate"), ("placed", "orders.process")]
)
def test_stock_is_read_again_when_it_was_reserved_by_an_unanswered_request(
    when: str, call: str
) -> None:
    scenario = Scenario(process_when=when)
    scenario.faults.plan(f"picqer.{call}", lost_after)
    scenario.place()
    scenario.push()
    scenario.account.events.clear()
    assert scenario.readings.wanted == []

    scenario.advance()

    assert scenario.readings.wanted == [scenario.account.products["MUG"]]


def test_attempts_go_on_when_a_processed_order_cannot_be_changed_for_days() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.faults.plan("picqer.orders.update", *[not_sent] * 500)
    scenario.shop.change("1", note="Ring twice")
    for _ in range(500):
        scenario.advance()

    scenario.advance()

    assert remote.header["customer_remarks"] == "Ring twice"


# --- when Picqer refuses


def test_order_fails_with_a_reason_when_picqer_refuses_it() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", refused(refusal(AddressError, 9)))
    scenario.place()

    assert scenario.push() is Outcome.STOPPED

    row = scenario.row()
    assert (row.stage, row.attention) == (Stage.FAILED, row.last_error)
    assert "does not accept the country or the address" in row.attention
    assert scenario.shop.metadata["1"]["attention"] == row.attention
    assert scenario.notes() == [f"The order could not be sent to Picqer. {row.attention}"]
    assert scenario.outbox.due() == []


def test_failed_order_is_tried_again_when_it_changes_in_the_shop() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", refused(refusal(AddressError, 9)))
    scenario.place()
    scenario.run_until_idle()

    scenario.shop.change("1", shipping=address(city="Utrecht"))
    scenario.run_until_idle()

    assert scenario.remote().header["deliverycity"] == "Utrecht"
    assert (scenario.row().attention, scenario.row().stage) == ("", Stage.PROCESSED)
    assert "attention" not in scenario.shop.metadata["1"]


def test_reason_is_noted_once_when_a_failed_order_fails_again() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", *[refused(refusal(AddressError, 9))] * 3)
    scenario.place()
    scenario.run_until_idle()

    for city in ("Utrecht", "Gent"):
        scenario.shop.change("1", shipping=address(city=city))
        scenario.run_until_idle()

    assert len(scenario.notes()) == 1
    assert scenario.row().stage is Stage.FAILED


@pytest.mark.parametrize("error", [AccessDeniedError, PlanLimitError, UnknownVatGroupError])
def test_order_is_postponed_when_staff_have_to_change_the_picqer_account(
    error: type[PicqerApiError],
) -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", refused(refusal(error)))
    scenario.place()
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.CREATING
    assert error.title in scenario.row().last_error

    scenario.advance()

    assert scenario.remote().status == "processing"


def test_order_fails_when_it_is_gone_from_the_shop() -> None:
    """Failure mode F60."""
    scenario = Scenario()
    scenario.place()
    del scenario.shop.placed["1"]

    scenario.push()

    assert scenario.row().stage is Stage.FAILED
    assert "no longer exists" in scenario.row().attention


def test_order_is_tried_again_when_the_plugin_itself_fails() -> None:
    """Failure mode F60."""
    scenario = Scenario()
    scenario.faults.plan("shop.orders.get", refused(ZeroDivisionError()))
    scenario.place()
    assert scenario.push() is Outcome.STOPPED
    assert scenario.row().last_error == texts.UNEXPECTED_ERROR

    scenario.advance()

    assert scenario.remote().status == "processing"
