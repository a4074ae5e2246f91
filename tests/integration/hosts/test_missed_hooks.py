"""Saleor's hooks in a checkout, and how the sweeper makes up for missed hooks."""

from __future__ import annotations

from typing import Any

import pytest
import responses
from celery import Task
from django.db import connection
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from saleor_picqer import wiring
from saleor_picqer.models import OutboxOrder
from saleor_picqer.plugin import PicqerPlugin
from tests.integration.support import order_edits
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

has_marks = pytest.mark.skipif(not IS_SALEOR_3, reason="methods have no metadata")


def test_checkout_works_when_the_broker_is_down(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F15: the message cannot be sent."""
    deliver = Task.apply_async

    def refuse(task: Task[Any, Any], *args: Any, **options: Any) -> Any:
        if task.name.startswith("saleor_picqer."):
            raise OperationalError("no broker")
        return deliver(task, *args, **options)

    with monkeypatch.context() as broken:
        broken.setattr(Task, "apply_async", refuse)
        order = stocked_shop.place(BEANS=1)
    assert stocked_shop.orders() == []

    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_checkout_works_when_the_outbox_fails(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F15: the hook itself fails, inside the order's transaction on 2.10."""

    def explode(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    monkeypatch.setattr(wiring.outbox, "record", explode)

    order = stocked_shop.place(BEANS=1)

    assert stocked_shop.shop.order(order).status == "UNFULFILLED"


@pytest.mark.parametrize("methods", ["Parcel", pytest.param("marked", marks=has_marks)])
def test_hook_costs_at_most_two_statements_and_no_request(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, methods: str
) -> None:
    """Failure mode F16: in a checkout, and for an order that staff enter."""
    stocked_shop.connect(shipping_methods=methods)
    statements = []
    hook = PicqerPlugin.order_created

    def counted(*args: Any, **options: Any) -> Any:
        with CaptureQueriesContext(connection) as captured:
            answer = hook(*args, **options)
        statements.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))
        return answer

    monkeypatch.setattr(PicqerPlugin, "order_created", counted)

    with responses.RequestsMock():  # any request through `requests` fails
        orders = [stocked_shop.place(BEANS=1), stocked_shop.shop.draft_order({"BEANS": 1})]

    assert max(statements) <= (2 if methods == "marked" else 1)
    assert {stocked_shop.row(order).stage for order in orders} == {"pending"}


def test_nothing_is_recorded_when_the_plugin_is_off(stocked_shop: ConnectedShop) -> None:
    stocked_shop.shop.configure_plugin(active=False)

    stocked_shop.place(BEANS=1)

    assert not OutboxOrder.objects.exists()


# --- hooks and messages that are lost


def test_order_is_found_when_its_hook_never_ran(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F14: the process dies between the order's commit and the hook."""
    with monkeypatch.context() as killed:
        killed.setattr(PicqerPlugin, "_record", lambda *_: None)
        order = stocked_shop.place(BEANS=1)
        other = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    assert not OutboxOrder.objects.exists()

    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"
    assert [str(row.order_pk) for row in OutboxOrder.objects.all()] == [order]
    assert stocked_shop.shop.order(other).notes == []


def test_order_without_hook_is_looked_for_before_it_is_sent(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure modes F14 and F56: staff may have entered the order by hand meanwhile."""
    with monkeypatch.context() as killed:
        killed.setattr(PicqerPlugin, "_record", lambda *_: None)
        order = stocked_shop.place(BEANS=1)
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(order), BEANS=1)

    stocked_shop.pass_time()

    assert stocked_shop.row(order).remote_id == entered
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_order_arrives_when_its_message_was_lost(stocked_shop: ConnectedShop) -> None:
    """Failure mode F14: the broker loses the message."""
    order = stocked_shop.place(BEANS=1)
    stocked_shop.worker.queue.clear()

    stocked_shop.pass_time()

    assert stocked_shop.requests()["POST /orders"] == 1
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_change_arrives_when_its_message_was_lost(stocked_shop: ConnectedShop) -> None:
    """Failure mode F14, after the push."""
    order = stocked_shop.order(BEANS=1)
    order_edits.change_note(order, "Back door")
    stocked_shop.worker.queue.clear()

    stocked_shop.pass_time()

    assert stocked_shop.remote(order)["customer_remarks"] == "Back door"


def test_sweeper_sends_no_request_when_all_is_well(stocked_shop: ConnectedShop) -> None:
    """Failure mode F14: the sweep for lost hooks costs no request."""
    stocked_shop.order(BEANS=1)
    stocked_shop.reset_requests()

    stocked_shop.pass_time()

    assert stocked_shop.requests() == {}


def test_checkout_sends_no_request_when_no_broker_is_set(
    stocked_shop: ConnectedShop, no_broker: None
) -> None:
    """Failure mode F16: Celery would run the push inside the checkout."""
    order = stocked_shop.place(BEANS=1)
    assert (stocked_shop.worker.pending, stocked_shop.requests()) == ([], {})
    assert stocked_shop.row(order).stage == "pending"

    assert manage_picqer("sweep").startswith("1 orders")
    assert stocked_shop.picqer_order(order)["status"] == "processing"
