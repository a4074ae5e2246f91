"""Each call to Picqer meets each fault; the order is in Picqer once, in the right status."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.integration.delivery.remote_calls import REMOTE_CALLS, RemoteCall
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support.broker import no_broker

# So many requests that the fault lasts until it is repaired.
LONG = 1000
# Seconds, far more than the worker waits for an answer.
HELD = 60

REASONS = {
    "drop-before": "The connection to Picqer ended or timed out",
    "500": "Picqer reports a fault of its own",
    "429": "too many requests",
}


@pytest.fixture(params=list(REMOTE_CALLS.values()), ids=list(REMOTE_CALLS))
def call(request: pytest.FixtureRequest, running_shop: RunningShop) -> Iterator[RemoteCall]:
    yield request.param
    running_shop.repair_calls()
    if request.param.stage == "allocated":
        running_shop.connected_shop.connect(process_when="placed")


@pytest.mark.parametrize("fault", REASONS)
def test_order_waits_saying_why_when_a_call_fails(
    running_shop: RunningShop, call: RemoteCall, fault: str
) -> None:
    pk = call.prepare(running_shop)
    running_shop.break_call(call.name, fault, times=LONG)

    call.trigger(running_shop, pk)

    running_shop.wait_until(lambda: REASONS[fault] in running_shop.row(pk).last_error)
    running_shop.repair_calls()
    running_shop.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(running_shop, pk)


@pytest.mark.parametrize("fault", ["drop-after", "slow"])
def test_order_arrives_once_when_a_response_is_lost(
    running_shop: RunningShop, call: RemoteCall, fault: str
) -> None:
    pk = call.prepare(running_shop)
    running_shop.break_call(call.name, fault, seconds=HELD)

    call.trigger(running_shop, pk)

    running_shop.wait_for_faults()
    running_shop.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(running_shop, pk)


@pytest.mark.parametrize("fault", ["hang", "slow"], ids=["before", "after"])
def test_order_arrives_once_when_the_process_is_killed(
    running_shop: RunningShop, call: RemoteCall, fault: str
) -> None:
    pk = call.prepare(running_shop)
    running_shop.break_call(call.name, fault, seconds=HELD)

    call.trigger(running_shop, pk)

    running_shop.wait_for_fault()
    running_shop.worker.kill_process_of(pk)
    running_shop.end_leases()
    running_shop.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(running_shop, pk)


def test_order_arrives_once_when_the_database_is_lost(
    running_shop: RunningShop, call: RemoteCall
) -> None:
    pk = call.prepare(running_shop)
    running_shop.break_call(call.name, "slow", seconds=0.3)

    call.trigger(running_shop, pk)

    running_shop.wait_for_fault()
    running_shop.cut_database()
    running_shop.wait_until_released(pk)
    running_shop.end_leases()
    running_shop.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(running_shop, pk)


def test_order_arrives_once_when_the_broker_is_down(
    running_shop: RunningShop, call: RemoteCall
) -> None:
    pk = call.prepare(running_shop)

    with no_broker():
        call.trigger(running_shop, pk)

    running_shop.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(running_shop, pk)


def test_checkout_does_not_wait_when_the_broker_is_down(running_shop: RunningShop) -> None:
    pk = running_shop.new_order()
    started = time.monotonic()

    with no_broker():
        running_shop.place(pk)

    assert time.monotonic() - started < 1
