"""Thousands of stock events while orders are placed: few requests and short waits.

`PICQER_STOCK_EVENTS=5000` makes it as many as the promise says.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connections
from saleor.celeryconf import app

from saleor_picqer import tasks
from saleor_picqer.models import HookRegistration, InboxEvent, StockRequest
from saleor_picqer.store.inbox_endpoint import store_delivery
from tests.integration.delivery.real_worker import QUEUE
from tests.integration.delivery.running_shop import RunningShop

EVENTS = int(os.environ.get("PICQER_STOCK_EVENTS", "500"))
PRODUCTS = 50
MOST_REQUESTS = 500
# Seconds.
ORDER_WAITS, SALEOR_WAITS = 10, 30
ORDERS = 5


@pytest.fixture(scope="module")
def products(module_shop: RunningShop) -> list[int]:
    """Return Picqer's ids of the products."""
    made = (
        module_shop.connected_shop.picqer_api(
            "POST", "/products", productcode=f"P{n}", name=f"P{n}", price=1, idvatgroup=1
        )
        for n in range(PRODUCTS)
    )
    return [int(product["idproduct"]) for product in made]


def store_events(running_shop: RunningShop, products: list[int], name: str) -> None:
    """Store stock events as the endpoint does after the signature was found right."""
    row = HookRegistration.objects.get()
    for number in range(EVENTS):
        body = {
            "idhook": 1,
            "name": f"{name} {number}",
            "event": "products.free_stock_changed",
            "event_triggered_at": "2026-02-03 11:20:05",
            "data": {"idproduct": products[number % PRODUCTS], "productcode": "P"},
        }
        stored = store_delivery(row.channel, row.account, json.dumps(body).encode())
        if stored[1]:
            tasks.enqueue_inbox(row.account)


@contextmanager
def probes(folder: Path) -> Iterator[list[tuple[float, Path]]]:
    """Send a task of Saleor's own twice a second."""
    sent: list[tuple[float, Path]] = []
    stop = Event()

    def send() -> None:
        while not stop.wait(0.5):
            path = folder / f"probe{len(sent)}"
            sent.append((time.time(), path))
            app.send_task("tests.probe", (str(path),), queue=QUEUE)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(send)
        try:
            yield sent
        finally:
            stop.set()


def lateness(running_shop: RunningShop, sent: list[tuple[float, Path]]) -> float:
    """Return the longest time that a task of Saleor's own has waited."""
    running_shop.worker.wait_until(lambda: all(path.exists() for _, path in sent), seconds=60)
    return max(path.stat().st_mtime - moment for moment, path in sent)


def place_orders(running_shop: RunningShop) -> float:
    """Place a series of orders; return the longest time until Picqer had an order."""
    longest = 0.0
    for _ in range(ORDERS):
        pk, began = running_shop.new_order(), time.monotonic()
        running_shop.place(pk)
        running_shop.worker.wait_until(partial(_is_in_picqer, running_shop, pk), seconds=60)
        longest = max(longest, time.monotonic() - began)
    return longest


def _is_in_picqer(running_shop: RunningShop, pk: str) -> bool:
    return running_shop.row(pk).remote_id is not None


def in_background(pool: ThreadPoolExecutor, *job: Any) -> Any:
    def run() -> None:
        try:
            job[0](*job[1:])
        finally:
            connections.close_all()

    return pool.submit(run)


def test_stock_events_cost_few_requests_and_short_waits(
    running_shop: RunningShop, products: list[int], tmp_path: Path
) -> None:
    """Failure mode F107."""
    running_shop.connected_shop.reset_requests()
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool, probes(tmp_path) as sent:
        storing = in_background(pool, store_events, running_shop, products, "burst")
        order_waits = place_orders(running_shop)
        storing.result()
        running_shop.wait_until(
            lambda: (
                not (
                    InboxEvent.objects.filter(status__in=["received", "handling"]).exists()
                    or StockRequest.objects.exists()
                )
            ),
            seconds=120,
        )
    took = time.monotonic() - began

    requests = sum(running_shop.connected_shop.requests().values())
    late = lateness(running_shop, sent)
    print(  # noqa: T201 - for -rP
        f"{EVENTS} events: {requests} requests, {took:.0f} s, an order waits {order_waits:.1f} s,"
        f" Saleor's tasks {late:.1f} s"
    )
    assert InboxEvent.objects.filter(status="done").count() >= EVENTS
    assert requests <= MOST_REQUESTS
    assert order_waits <= ORDER_WAITS
    assert late <= SALEOR_WAITS


def test_waits_stay_short_when_picqer_is_frozen(
    running_shop: RunningShop, products: list[int], tmp_path: Path
) -> None:
    """Failure mode F107: once, none of Saleor's tasks ran for six minutes."""
    running_shop.break_call("* *", "hang", seconds=30, times=10_000)
    with probes(tmp_path) as sent:
        store_events(running_shop, products, "frozen")
        for _ in range(ORDERS):
            running_shop.place(running_shop.new_order())
        time.sleep(10)

    late = lateness(running_shop, sent)
    print(f"frozen: Saleor's tasks wait {late:.1f} s")  # noqa: T201 - for -rP
    assert late <= SALEOR_WAITS
