"""Many tasks for an order lead to a single request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from saleor_picqer import tasks
from tests.integration.delivery.running_shop import RunningShop

TASKS = 16


def test_one_request_is_sent_when_16_messages_are_under_way(running_shop: RunningShop) -> None:
    pk = running_shop.new_order()
    running_shop.break_call("POST /orders", "slow", seconds=0.5)

    running_shop.place(pk)
    for _ in range(TASKS - 1):
        running_shop.worker.send("push_order", pk)

    running_shop.wait_for_stage(pk, "processed")
    running_shop.wait_until_released(pk)
    assert running_shop.one_in_picqer(pk).status == "processing"
    assert running_shop.connected_shop.requests()["POST /orders"] == 1


def test_one_request_is_sent_when_16_tasks_begin_at_once(running_shop: RunningShop) -> None:
    pk = running_shop.new_order()
    running_shop.record(pk)
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
    running_shop.wait_for_stage(pk, "processed")
    assert running_shop.one_in_picqer(pk).status == "processing"
    assert running_shop.connected_shop.requests()["POST /orders"] == 1
