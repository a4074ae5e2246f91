"""Orders on their way to Picqer, when something is in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses
from celery import Task
from django.db import connection
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError
from saleor.order.models import Order

from saleor_picqer import tasks, wiring
from saleor_picqer.models import OutboxOrder
from tests.integration.connected import Connected, plugin_of



def later() -> None:
    """Lets every waiting time pass."""
    OutboxOrder.objects.update(not_before=None, leased_until=None)


def test_fresh_order_costs_two_requests(stocked: Connected) -> None:
    stocked.shop.checkout({"BEANS": 2})
    stocked.worker.run()

    assert stocked.requests() == {"POST /orders": 1, "POST /orders/{idorder}/process": 1}


def test_missing_product_is_created_when_the_shop_has_it(stocked: Connected) -> None:
    stocked.shop.product("NEW", stock=3)

    order = stocked.shop.checkout({"BEANS": 1, "NEW": 1})
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.product("NEW")["price"] == 10


def test_order_fails_naming_the_sku_when_creating_is_off(stocked: Connected) -> None:
    stocked.connect(create_missing_products=False)
    stocked.shop.product("NEW", stock=3)

    order = stocked.shop.checkout({"NEW": 1})
    stocked.settle()

    assert stocked.orders() == []
    assert stocked.row(order).stage == "failed"
    (attention,) = stocked.status()["attention"]
    assert '"NEW"' in attention["reason"]
    assert any('"NEW"' in note for note in stocked.shop.order(order).notes)


def test_order_arrives_later_when_picqer_is_down(stocked: Connected) -> None:
    stocked.picqer("POST", "/faults", method="POST", route="/orders", fault="500", times=1)
    order = stocked.shop.checkout({"BEANS": 1})
    stocked.settle()
    assert stocked.row(order).attempts == 1
    assert stocked.orders() == []

    later()
    tasks.sweep()
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.row(order).last_error == ""


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "500", "truncate", "html"])
@pytest.mark.parametrize("route", ["/orders", "/orders/{idorder}/process"])
def test_order_is_there_once_when_an_answer_is_lost(
    stocked: Connected, fault: str, route: str
) -> None:
    stocked.picqer("POST", "/faults", method="POST", route=route, fault=fault, times=1)
    order = stocked.shop.checkout({"BEANS": 1})
    stocked.settle()

    later()
    tasks.sweep()
    stocked.settle()

    assert len(stocked.orders()) == 1
    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.row(order).stage == "processed"


def test_order_waits_naming_the_key_when_it_is_refused(stocked: Connected) -> None:
    with responses.RequestsMock() as picqer:
        picqer.post(f"{stocked.server.url}/api/v1/orders", status=401, json={})
        picqer.add_passthru(f"{stocked.server.url}/_simulator")
        order = stocked.shop.checkout({"BEANS": 1})
        stocked.worker.run()
    assert "API key" in stocked.row(order).last_error
    assert stocked.row(order).stage == "creating"

    later()
    tasks.sweep()
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_order_is_pushed_once_when_two_workers_take_it(stocked: Connected) -> None:
    order = stocked.shop.checkout({"BEANS": 1})
    taken = wiring.outbox.claim(order)

    tasks.push_order(order)
    assert stocked.orders() == []

    assert taken is not None
    wiring.outbox.release(taken)
    stocked.settle()
    assert len(stocked.orders()) == 1


def test_checkout_works_when_the_broker_is_down(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver = Task.apply_async

    def refuse(task: Task, *args: object, **options: object) -> object:
        if task.name.startswith("saleor_picqer."):
            raise OperationalError("no broker")
        return deliver(task, *args, **options)

    with monkeypatch.context() as broken:
        broken.setattr(Task, "apply_async", refuse)
        order = stocked.shop.checkout({"BEANS": 1})
    assert stocked.orders() == []

    tasks.sweep()
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_checkout_works_when_the_outbox_does_not(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    monkeypatch.setattr(wiring.outbox, "record", explode)

    order = stocked.shop.checkout({"BEANS": 1})

    assert stocked.shop.order(order).status == "UNFULFILLED"


@pytest.fixture
def no_network() -> Iterator[None]:
    """Any request through `requests` fails the test."""
    with responses.RequestsMock():
        yield


def test_hook_costs_two_statements_and_no_request(stocked: Connected, no_network: None) -> None:
    order = Order.objects.get(pk=stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier"))
    order.shipping_method_name = "Parcel"
    plugin = plugin_of(stocked.shop.channel_slug)

    with CaptureQueriesContext(connection) as captured:
        plugin.order_created(order, None)

    statements = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 2
    assert stocked.row(str(order.pk)).stage == "pending"


def test_nothing_is_recorded_when_the_plugin_is_off(stocked: Connected) -> None:
    stocked.shop.configure_plugin(active=False)

    stocked.shop.checkout({"BEANS": 1})

    assert not OutboxOrder.objects.exists()


def test_unpaid_draft_order_is_pushed_when_it_is_completed(stocked: Connected) -> None:
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_order_cancelled_before_its_push_is_skipped(stocked: Connected) -> None:
    order = stocked.shop.checkout({"BEANS": 1})
    stocked.shop.cancel(order)
    stocked.settle()

    assert stocked.orders() == []
    assert stocked.row(order).stage == "skipped"
