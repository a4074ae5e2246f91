"""The support modules behave the same on every line of Saleor."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from celery import Task
from picqer_simulator import SimulatorServer
from pytest_socket import SocketConnectBlockedError
from saleor.celeryconf import app

from tests.integration.support.api import Api, ApiError
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.shop import Shop
from tests.integration.support.webhooks import WebhookQueue
from tests.integration.support.worker import Worker

BEANS = {"productcode": "BEANS", "name": "Beans", "price": 10}


def test_checkout_makes_a_paid_order(shop: Shop) -> None:
    shop.product("BEANS", stock=5)

    order = shop.order(shop.checkout({"BEANS": 2}, note="Ring twice"))

    assert (order.status, order.is_paid) == ("UNFULFILLED", True)
    assert (order.lines, order.shipping_method) == ({"BEANS": 2}, "Parcel")
    assert order.customer_note == "Ring twice"


def test_draft_order_is_paid_when_staff_says_so(shop: Shop) -> None:
    shop.product("BEANS", stock=5)

    unpaid = shop.draft_order({"BEANS": 1}, shipping_method="Courier", paid=False)
    assert not shop.order(unpaid).is_paid

    shop.pay(unpaid)
    assert shop.order(unpaid).is_paid
    assert shop.order(unpaid).shipping_method == "Courier"


def test_available_falls_when_a_customer_buys(shop: Shop) -> None:
    shop.product("BEANS", stock=5)

    shop.checkout({"BEANS": 2})

    assert shop.available("BEANS") == 3
    assert shop.stock("BEANS") == {"Shop floor": (5, 2)}


def test_cancel_gives_the_stock_back(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    order = shop.checkout({"BEANS": 2})

    shop.cancel(order)

    assert shop.order(order).status == "CANCELED"
    assert shop.available("BEANS") == 5


def test_fulfil_ships_what_is_left(shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    order = shop.checkout({"BEANS": 2})

    shop.fulfil(order)

    (fulfilment,) = shop.order(order).fulfilments
    assert (fulfilment.status, fulfilment.lines) == ("FULFILLED", {"BEANS": 2})
    assert shop.stock("BEANS") == {"Shop floor": (3, 0)}


def test_query_raises_when_a_mutation_answers_with_errors(shop: Shop) -> None:
    shop.product("BEANS", stock=1)

    with pytest.raises(ApiError):
        shop.checkout({"BEANS": 2})


def test_app_sees_orders_that_anyone_does_not(shop: Shop, customer_api: Api, app_api: Api) -> None:
    document = "{ orders(first: 1) { edges { node { id } } } }"

    assert app_api.query(document) == {"orders": {"edges": []}}
    with pytest.raises(ApiError):
        customer_api.query(document)


def test_staff_has_only_the_permissions_given(shop: Shop) -> None:
    document = "{ plugins(first: 1) { edges { node { id } } } }"

    shop.staff_api("manage_plugins", email="it@example.com").query(document)
    with pytest.raises(ApiError):
        shop.staff_api("manage_orders", email="sales@example.com").query(document)


@pytest.fixture
def count(worker: Worker) -> Iterator[list[int]]:
    """Register the task "saleor_picqer.count_down", which retries once and then queues itself."""
    calls: list[int] = []

    @app.task(name="saleor_picqer.count_down", bind=True, max_retries=1)
    def count_down(self: Task[Any, Any], number: int) -> None:
        calls.append(number)
        if number == 1 and not self.request.retries:
            raise self.retry(countdown=60)
        if number:
            count_down.delay(number - 1)

    yield calls
    app.tasks.unregister("saleor_picqer.count_down")


def test_worker_runs_our_tasks_in_order_when_told_to(worker: Worker, count: list[int]) -> None:
    worker.send("count_down", 2)
    assert (worker.pending, count) == (["count_down"], [])

    worker.run()
    assert (worker.pending, count) == ([], [2, 1])

    worker.run_later()
    assert (worker.later, count) == ([], [2, 1, 1, 0])


def test_worker_runs_saleors_own_tasks_at_once(worker: Worker) -> None:
    @app.task(name="saleor.add_one")
    def add_one(number: int) -> int:
        return number + 1

    assert add_one.delay(1).get() == 2
    assert not worker.pending
    app.tasks.unregister("saleor.add_one")


def test_saleor_answers_over_http(saleor_url: str, shop: Shop) -> None:
    shop.product("BEANS", stock=5)
    document = {"query": shop.available_document, "variables": shop.available_variables("BEANS")}

    answer = requests.post(f"{saleor_url}/graphql/", json=document, timeout=10)

    assert answer.json()["data"] == {"productVariant": {"quantityAvailable": 5}}


@pytest.fixture
def picqer() -> Iterator[SimulatorServer]:
    """Run an empty Picqer account with webhooks over HTTP."""
    with SimulatorServer(api_key="key-of-the-test") as server:
        yield server


def test_picqers_webhooks_arrive_over_http(
    saleor_url: str, shop: Shop, picqer: SimulatorServer, worker: Worker
) -> None:
    connected_shop = ConnectedShop(shop, picqer, worker, WebhookQueue(), worker.run)
    connected_shop.control("POST", "/seed", warehouses=[{"name": "Main"}], products=[BEANS])
    connected_shop.connect()
    worker.run()

    connected_shop.stock("BEANS", 10)

    assert picqer.drain()
    assert worker.pending == ["work_off_inbox"]


@pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")
def test_connection_is_refused_when_it_leaves_the_machine() -> None:
    with socket.socket() as connection, pytest.raises(SocketConnectBlockedError):
        connection.connect(("192.0.2.1", 80))
