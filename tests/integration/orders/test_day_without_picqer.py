"""Picqer cannot be reached for a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from picqer_simulator import SimulatorServer
from requests.adapters import HTTPAdapter

from saleor_picqer import tasks, wiring
from saleor_picqer.hosts import host
from saleor_picqer.models import OutboxOrder
from saleor_picqer.picqer import retry
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.order_copies import copy_order

ORDERS = 200
QUARTERS = 24 * 4
# Requests in a day: in each quarter of an hour about five for orders, and some for the webhooks.
FEW = 900


class Time:
    """The current time as Django reads it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._passed = timedelta()
        now = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: now() + self._passed)

    def quarter_of_an_hour(self, connected_shop: ConnectedShop) -> None:
        """Let a quarter of an hour pass, then sweep and run the worker once."""
        self._passed += timedelta(minutes=15)
        tasks.sweep()
        connected_shop.worker.run()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Return a clock controlled by the test; the client repeats requests without waiting."""
    monkeypatch.setattr(retry, "BACKOFF", 0)
    return Time(monkeypatch)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the requests by method, sent or attempted."""
    counted: Counter[str] = Counter()
    send = HTTPAdapter.send

    def count(adapter: HTTPAdapter, request: Any, **options: Any) -> Any:
        counted[request.method] += 1
        return send(adapter, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", count)
    return counted


@pytest.mark.delivery
def test_orders_of_a_day_arrive_once_when_picqer_could_not_be_reached(
    connected_shop: ConnectedShop, time: Time, sent: Counter[str]
) -> None:
    connected_shop.server.account.set_options(rate_limit=1_000_000)
    connected_shop.connect(process_when="placed")  # copies of orders are not paid
    connected_shop.offer(BEANS=1000)
    original = connected_shop.order(BEANS=1)
    orders: list[str] = []
    with out_of_reach(connected_shop):
        sent.clear()
        for quarter in range(QUARTERS):
            due = ORDERS * (quarter + 1) // QUARTERS - len(orders)
            orders += place(connected_shop, original, due)
            time.quarter_of_an_hour(connected_shop)
        tried = sent.total()
    print(f"{tried} requests in a day of silence: {dict(sent)}")  # noqa: T201 - for -rP

    quarters = 0
    while OutboxOrder.objects.exclude(stage="processed").exists():
        time.quarter_of_an_hour(connected_shop)
        quarters += 1

    print(f"all there after {quarters} quarters of an hour, {dict(sent)}")  # noqa: T201 - for -rP
    assert tried <= FEW
    assert in_picqer(connected_shop, orders) == Counter(dict.fromkeys(orders, 1))


def place(connected_shop: ConnectedShop, original: str, count: int) -> list[str]:
    pks = copy_order(original, count)
    wiring.outbox.record(pks, connected_shop.shop.channel_pk)
    for pk in pks:
        connected_shop.worker.send("push_order", pk)
    return pks


@contextmanager
def out_of_reach(connected_shop: ConnectedShop) -> Iterator[None]:
    """Stop listening at Picqer's address, and listen again afterwards."""
    gone = connected_shop.server
    gone.stop()
    yield
    port = int(gone.url.rpartition(":")[2])
    connected_shop.server = SimulatorServer(gone.account, api_key=gone.api_key, port=port).start()
    gone.account.on_delivery = connected_shop.webhooks.take


def in_picqer(connected_shop: ConnectedShop, pks: list[str]) -> Counter[str]:
    """Count how often Picqer is processing each order."""
    number_of = host().orders.numbers(pks)
    remote = connected_shop.server.account.state.orders.values()
    times = Counter(order.reference for order in remote if order.status == "processing")
    return Counter({pk: times[number] for pk, number in number_of.items()})
