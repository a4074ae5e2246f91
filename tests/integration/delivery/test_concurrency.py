"""Many tasks for one order: one request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from saleor_picqer import tasks
from tests.integration.delivery.scene import Scene

TASKS = 16


def test_one_request_is_sent_when_16_messages_are_under_way(scene: Scene) -> None:
    pk = scene.new_order()
    scene.break_call("POST /orders", "slow", seconds=0.5)

    scene.place(pk)
    for _ in range(TASKS - 1):
        scene.worker.send("push_order", pk)

    scene.wait_for_stage(pk, "processed")
    scene.wait_until_nobody_works_on(pk)
    assert scene.one_in_picqer(pk).status == "processing"
    assert scene.connected.requests()["POST /orders"] == 1


def test_one_request_is_sent_when_16_tasks_begin_at_once(scene: Scene) -> None:
    pk = scene.new_order()
    scene.record(pk)
    start = Barrier(TASKS)

    def push() -> None:
        start.wait()
        try:
            tasks.push_order(pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TASKS) as threads:
        pushes = [threads.submit(push) for _ in range(TASKS)]

    assert [push.exception() for push in pushes] == [None] * TASKS
    scene.wait_for_stage(pk, "processed")
    assert scene.one_in_picqer(pk).status == "processing"
    assert scene.connected.requests()["POST /orders"] == 1
