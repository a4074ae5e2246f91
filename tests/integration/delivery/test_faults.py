"""Whatever goes wrong with whichever call: the order is in Picqer once, and as it should be."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.integration.delivery.calls import CALLS, Call
from tests.integration.delivery.real_worker import no_broker
from tests.integration.delivery.scene import Scene

LONG = 1000
"""So many requests that the fault lasts until it is repaired."""
HELD = 60
"""Seconds, far more than the worker waits for an answer."""

REASONS = {
    "drop-before": "The request was sent, but the connection ended",
    "500": "Picqer reports a fault of its own",
    "429": "Too many requests",
}


@pytest.fixture(params=CALLS.values(), ids=CALLS)
def call(request: pytest.FixtureRequest, scene: Scene) -> Iterator[Call]:
    yield request.param
    scene.repair_calls()
    if request.param.stage == "allocated":
        scene.connected.connect(process_when="at once")


@pytest.mark.parametrize("fault", REASONS)
def test_order_waits_saying_why_when_a_call_fails(scene: Scene, call: Call, fault: str) -> None:
    pk = call.prepare(scene)
    scene.break_call(call.name, fault, times=LONG)

    call.trigger(scene, pk)

    scene.wait_until(lambda: REASONS[fault] in scene.row(pk).last_error)
    scene.repair_calls()
    scene.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(scene, pk)


@pytest.mark.parametrize("fault", ["drop-after", "slow"])
def test_order_arrives_once_when_an_answer_is_lost(scene: Scene, call: Call, fault: str) -> None:
    pk = call.prepare(scene)
    scene.break_call(call.name, fault, seconds=HELD)

    call.trigger(scene, pk)

    scene.wait_for_faults()
    scene.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(scene, pk)


@pytest.mark.parametrize("fault", ["hang", "slow"], ids=["before", "after"])
def test_order_arrives_once_when_the_process_is_killed(
    scene: Scene, call: Call, fault: str
) -> None:
    pk = call.prepare(scene)
    scene.break_call(call.name, fault, seconds=HELD)

    call.trigger(scene, pk)

    scene.wait_for_fault()
    scene.worker.kill_process_of(pk)
    scene.end_leases()
    scene.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(scene, pk)


def test_order_arrives_once_when_the_database_is_lost(scene: Scene, call: Call) -> None:
    pk = call.prepare(scene)
    scene.break_call(call.name, "slow", seconds=0.3)

    call.trigger(scene, pk)

    scene.wait_for_fault()
    scene.cut_database()
    scene.wait_until_nobody_works_on(pk)
    scene.end_leases()
    scene.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(scene, pk)


def test_order_arrives_once_when_the_broker_is_down(scene: Scene, call: Call) -> None:
    pk = call.prepare(scene)

    with no_broker():
        call.trigger(scene, pk)

    scene.wait_for_stage(pk, call.stage)
    call.assert_order_arrived_once(scene, pk)


def test_nobody_waits_for_the_broker_when_it_is_down(scene: Scene) -> None:
    pk = scene.new_order()
    started = time.monotonic()

    with no_broker():
        scene.place(pk)

    assert time.monotonic() - started < 1
