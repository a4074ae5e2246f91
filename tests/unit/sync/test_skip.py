"""Orders that staff skip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.outbox import SKIPPED_BY_STAFF, UNSURE, Stage
from saleor_picqer.errors import (
    AddressError,
)
from tests.unit.sync.fakes.faults import (
    Fault,
    lost_after,
    lost_before,
    not_sent,
    rate_limited,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario

SILENT = pytest.mark.parametrize("fault", [not_sent, lost_before, lost_after, rate_limited])


def test_skipped_order_is_not_looked_up_when_picqer_has_refused_it() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", refused(refusal(AddressError, 9)))
    scenario.place()
    scenario.run_until_idle()
    scenario.forget_requests()

    assert scenario.outbox.skip(["1"])
    scenario.run_until_idle()

    assert (scenario.row().stage, scenario.requests) == (Stage.SKIPPED, [])
    assert "attention" not in scenario.shop.metadata["1"]


def test_order_cannot_be_skipped_while_its_request_may_be_under_way() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", lost_before)
    scenario.place()
    scenario.push()

    assert not scenario.outbox.skip(["1"])


def unanswered(fault: Fault) -> Scenario:
    """Return a scenario with an order whose unanswered request is over."""
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", fault)
    scenario.place()
    scenario.push()
    scenario.clock.advance(UNSURE)
    scenario.clock.advance(timedelta(seconds=1))
    scenario.forget_requests()
    return scenario


def test_skipped_order_stays_skipped_when_its_request_has_not_arrived() -> None:
    scenario = unanswered(lost_before)

    assert scenario.outbox.skip(["1"])
    scenario.run_until_idle()

    assert scenario.requests == ["orders.find"]
    assert (scenario.row().stage, scenario.row().attention) == (Stage.SKIPPED, "")
    assert scenario.row().waiting_for == SKIPPED_BY_STAFF


def test_skipped_order_is_flagged_when_picqer_has_received_it() -> None:
    scenario = unanswered(lost_after)

    scenario.outbox.skip(["1"])
    scenario.run_until_idle()

    (remote,) = scenario.live()
    assert (scenario.row().stage, remote.status) == (Stage.SKIPPED, "concept")
    assert f"has received it as order {remote.number}" in scenario.row().attention
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention


def test_skipped_order_is_adopted_when_staff_push_it() -> None:
    scenario = unanswered(lost_after)
    scenario.outbox.skip(["1"])
    scenario.run_until_idle()

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()

    (remote,) = scenario.live()
    assert (scenario.row().stage, scenario.row().remote_id) == (Stage.PROCESSED, remote.id)
    assert "attention" not in scenario.shop.metadata["1"]
