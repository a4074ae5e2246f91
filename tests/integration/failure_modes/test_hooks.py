"""What Saleor's hooks do in a checkout, and what makes up for them when they fail."""

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
from tests.integration.failure_modes import staff
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.test_command import picqer as manage

has_marks = pytest.mark.skipif(not IS_SALEOR_3, reason="methods have no metadata")


def test_checkout_works_when_the_broker_is_down(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F15: the message cannot be sent."""
    deliver = Task.apply_async

    def refuse(task: Task, *args: object, **options: object) -> object:
        if task.name.startswith("saleor_picqer."):
            raise OperationalError("no broker")
        return deliver(task, *args, **options)

    with monkeypatch.context() as broken:
        broken.setattr(Task, "apply_async", refuse)
        order = stocked.place(BEANS=1)
    assert stocked.orders() == []

    stocked.later()

    assert stocked.order_of(order)["status"] == "processing"


def test_checkout_works_when_the_outbox_does_not(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F15: the hook itself fails, in the middle of the order's transaction on 2.10."""

    def explode(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    monkeypatch.setattr(wiring.outbox, "record", explode)

    order = stocked.place(BEANS=1)

    assert stocked.shop.order(order).status == "UNFULFILLED"


@pytest.mark.parametrize("methods", ["Parcel", pytest.param("marked", marks=has_marks)])
def test_hook_costs_at_most_two_statements_and_no_request(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch, methods: str
) -> None:
    """Failure mode F16: in a checkout, and for an order that staff entered."""
    stocked.connect(shipping_methods=methods)
    statements = []
    hook = PicqerPlugin.order_created

    def counted(*args: Any, **options: Any) -> Any:
        with CaptureQueriesContext(connection) as captured:
            answer = hook(*args, **options)
        statements.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))
        return answer

    monkeypatch.setattr(PicqerPlugin, "order_created", counted)

    with responses.RequestsMock():  # any request through `requests` fails
        orders = [stocked.place(BEANS=1), stocked.shop.draft_order({"BEANS": 1})]

    assert max(statements) <= (2 if methods == "marked" else 1)
    assert {stocked.row(order).stage for order in orders} == {"pending"}


def test_nothing_is_recorded_when_the_plugin_is_off(stocked: Connected) -> None:
    stocked.shop.configure_plugin(active=False)

    stocked.place(BEANS=1)

    assert not OutboxOrder.objects.exists()


# --- hooks and messages that are lost


def test_order_is_found_when_its_hook_never_ran(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F14: the process dies between the order's commit and the hook."""
    with monkeypatch.context() as killed:
        killed.setattr(PicqerPlugin, "_take_in", lambda *_: None)
        order = stocked.place(BEANS=1)
        other = stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    assert not OutboxOrder.objects.exists()

    stocked.later()

    assert stocked.order_of(order)["status"] == "processing"
    assert [str(row.order_pk) for row in OutboxOrder.objects.all()] == [order]
    assert stocked.shop.order(other).notes == []


def test_order_without_hook_is_looked_for_before_it_is_sent(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure modes F14 and F56: somebody may have typed it in meanwhile."""
    with monkeypatch.context() as killed:
        killed.setattr(PicqerPlugin, "_take_in", lambda *_: None)
        order = stocked.place(BEANS=1)
    entered = stocked.enter(stocked.number(order), BEANS=1)

    stocked.later()

    assert stocked.row(order).remote_id == entered
    assert stocked.order_of(order)["status"] == "processing"


def test_order_arrives_when_its_message_was_lost(stocked: Connected) -> None:
    """Failure mode F14: the broker loses what it was given."""
    order = stocked.place(BEANS=1)
    stocked.worker.queue.clear()

    stocked.later()

    assert stocked.requests()["POST /orders"] == 1
    assert stocked.order_of(order)["status"] == "processing"


def test_change_arrives_when_its_message_was_lost(stocked: Connected) -> None:
    """Failure mode F14, after the push."""
    order = stocked.order(BEANS=1)
    staff.change_note(order, "Back door")
    stocked.worker.queue.clear()

    stocked.later()

    assert stocked.remote(order)["customer_remarks"] == "Back door"


def test_sweeper_asks_picqer_nothing_when_all_is_well(stocked: Connected) -> None:
    """Failure mode F14: what makes up for lost hooks costs no request."""
    stocked.order(BEANS=1)
    stocked.forget_requests()

    stocked.later()

    assert stocked.requests() == {}


def test_checkout_talks_to_nobody_when_there_is_no_broker(
    stocked: Connected, no_broker: None
) -> None:
    """Failure mode F16: Celery would run the push inside the checkout."""
    order = stocked.place(BEANS=1)
    assert (stocked.worker.pending, stocked.requests()) == ([], {})
    assert stocked.row(order).stage == "pending"

    assert manage("sweep").startswith("1 orders")
    assert stocked.order_of(order)["status"] == "processing"
