"""Leases: workers are killed, slow or many, and each order is created once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.outbox import LEASE, Stage
from saleor_picqer.errors import UnknownProductError, WrongStatusError
from saleor_picqer.sync.orders import push
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import address, line, order
from tests.unit.sync.fakes.faults import (
    Fault,
    Interceptor,
    killed_after,
    killed_before,
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.fakes.worker import Worker
from tests.unit.sync.scenario import Scenario

# All calls for an order whose stock is reserved until it is paid.
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


def worker(scenario: Scenario, pk: str = "1") -> Worker:
    def job(interceptor: Interceptor) -> Outcome:
        return push.push(scenario.context(interceptor), pk)

    return Worker(job, in_transaction=lambda: scenario.links.fulfilments.inside)


def stopped_at(scenario: Scenario, call: str) -> Worker:
    """Start a push, and stop the worker before the first call with the name."""
    slow = worker(scenario)
    slow.run_until(call)
    return slow


# --- killed


@pytest.mark.parametrize("fault", [killed_before, killed_after])
@pytest.mark.parametrize("nth", [0, 1, 2])
@pytest.mark.parametrize("call", CALLS)
def test_order_is_created_once_when_its_worker_is_killed(call: str, nth: int, fault: Fault) -> None:
    """Failure mode F12."""
    scenario = Scenario(process_when="paid")
    no_fault = meanwhile(lambda: None)
    scenario.faults.plan(call, *[no_fault] * nth, fault)
    scenario.place()
    scenario.push()

    scenario.advance()

    (remote,) = scenario.live()
    assert (remote.allocated, scenario.row().stage) == (True, Stage.ALLOCATED)
    assert scenario.shop.metadata["1"]["number"] == remote.number
    assert not scenario.row().lease


def test_order_waits_until_the_lease_expires_when_its_worker_is_killed() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", killed_after)
    scenario.place()
    scenario.push()

    assert scenario.push() is Outcome.NOT_DUE

    scenario.clock.advance(LEASE * 1.1)
    assert scenario.push() is Outcome.DONE


@pytest.mark.parametrize("call", ["shop.orders.get", "picqer.orders.get", "picqer.orders.cancel"])
def test_order_is_cancelled_when_the_worker_that_was_to_do_it_is_killed(call: str) -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.cancel()
    scenario.faults.plan(call, killed_before)
    scenario.push()

    scenario.advance()

    assert remote.status == "cancelled"


def test_failed_order_is_tried_again_when_the_worker_that_was_to_do_it_is_killed() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", refused(refusal(UnknownProductError, 24)))
    scenario.account.products.pop("MUG")
    scenario.place()
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.FAILED
    scenario.account.add_product("MUG")
    scenario.faults.plan("shop.orders.get", killed_before)
    scenario.shop.change("1", note="Ring twice")
    scenario.push()

    scenario.advance()

    assert scenario.row().stage is Stage.PROCESSED


# --- many


def test_order_is_sent_once_when_many_workers_claim_it() -> None:
    """Failure mode F13."""
    scenario = Scenario()
    scenario.place()
    workers = [worker(scenario) for _ in range(16)]

    while any(each.at for each in workers):
        for each in workers:
            if each.at:
                each.resume()

    assert scenario.requests == []
    assert len(scenario.account.orders) == 1
    assert [each.result for each in workers].count(Outcome.DONE) == 1


def test_order_is_sent_once_when_staff_push_it_during_the_request() -> None:
    scenario = Scenario()
    scenario.place()
    slow = stopped_at(scenario, "picqer.orders.create")

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()
    slow.finish()
    scenario.run_until_idle()

    assert len(scenario.account.orders) == 1


# --- slow


# Calls before the create request, after which the lease is not renewed yet.
SENDING = ("shop.orders.get", "outbox.advance")


@pytest.mark.parametrize("call", SENDING)
def test_slow_worker_sends_nothing_when_another_has_taken_over(call: str) -> None:
    scenario = Scenario()
    scenario.place()
    slow = stopped_at(scenario, call)
    scenario.clock.advance(LEASE * 1.1)
    scenario.run_until_idle()
    assert scenario.row().stage is Stage.PROCESSED

    slow.finish()

    assert slow.result is Outcome.STOPPED
    assert len(scenario.account.orders) == 1
    assert scenario.row().stage is Stage.PROCESSED


def test_slow_worker_sends_the_order_when_no_other_has_taken_over() -> None:
    scenario = Scenario()
    scenario.place()
    slow = stopped_at(scenario, "outbox.advance")
    scenario.clock.advance(LEASE * 1.1)

    slow.finish()

    assert slow.result is Outcome.DONE
    assert len(scenario.live()) == 1


def test_slow_worker_adds_no_line_when_another_has_taken_over() -> None:
    scenario = Scenario(process_when="paid")
    remote = scenario.place_and_push(order(line("MUG"), state=OrderState.UNCONFIRMED))
    scenario.shop.change("1", lines=(line("MUG"), line("CUP"), line("POT")))
    slow = stopped_at(scenario, "picqer.products.find")
    scenario.clock.advance(LEASE * 1.1)
    scenario.outbox.touch(["1"])
    scenario.run_until_idle()

    slow.finish()

    assert len(remote.lines) == 3


def test_slow_worker_records_no_failure_when_another_has_taken_over() -> None:
    scenario = Scenario()
    scenario.place()
    slow = stopped_at(scenario, "picqer.orders.create")
    slow.resume(refused(refusal(WrongStatusError, 21)))
    scenario.clock.advance(LEASE * 1.1)
    scenario.run_until_idle()
    notes = [*scenario.notes()]

    slow.finish()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")
    assert scenario.notes() == notes
    assert "attention" not in scenario.shop.metadata["1"]


def test_change_arrives_when_it_comes_while_a_worker_has_the_order() -> None:
    scenario = Scenario()
    scenario.place()
    busy = stopped_at(scenario, "picqer.orders.create")

    scenario.shop.change("1", shipping=address(city="Utrecht"))
    busy.finish()
    scenario.run_until_idle()

    assert scenario.remote().header["deliverycity"] == "Utrecht"


def test_cancellation_arrives_when_it_comes_while_a_worker_has_the_order() -> None:
    scenario = Scenario()
    scenario.place()
    busy = stopped_at(scenario, "picqer.orders.create")

    scenario.cancel()
    busy.finish()
    scenario.run_until_idle()

    assert (scenario.remote().status, scenario.row().stage) == ("cancelled", Stage.CANCELLED)


def test_holder_marks_the_order_processed_when_staff_process_it_in_picqer() -> None:
    scenario = Scenario(process_when="paid")
    scenario.place()
    busy = stopped_at(scenario, "picqer.orders.allocate")
    remote = scenario.live()[0]
    scenario.account.process(remote)
    scenario.pull(remote)
    assert scenario.row().stage is Stage.CREATED

    busy.finish()

    assert scenario.row().stage is Stage.PROCESSED


def test_order_is_marked_processed_later_when_the_holder_missed_it() -> None:
    scenario = Scenario(process_when="paid")
    scenario.place()
    busy = stopped_at(scenario, "picqer.orders.allocate")
    busy.resume()
    remote = scenario.live()[0]
    scenario.account.process(remote)
    scenario.pull(remote)
    busy.finish()
    assert scenario.row().stage is Stage.ALLOCATED

    scenario.advance(timedelta(hours=2))

    assert scenario.row().stage is Stage.PROCESSED


def test_pause_is_kept_when_it_comes_right_after_processing() -> None:
    scenario = Scenario()
    scenario.place()
    busy = stopped_at(scenario, "picqer.orders.process")
    busy.resume()
    remote = scenario.live()[0]
    scenario.account.pause(remote)
    scenario.pull(remote)

    busy.finish()

    assert (scenario.row().stage, scenario.row().remote_status) == (Stage.PROCESSED, "paused")
    assert scenario.shop.metadata["1"]["status"] == "paused"
