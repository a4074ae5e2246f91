"""Orders on their way to Picqer, when something is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from saleor.celeryconf import app

from saleor_picqer import tasks
from saleor_picqer.models import ChannelState, OutboxOrder
from saleor_picqer.picqer import transport
from saleor_picqer.plugin import PicqerPlugin
from saleor_picqer.sync import orders
from tests.integration import staff
from tests.integration.connected import Connected
from tests.integration.test_command import picqer as manage

LOST = pytest.mark.parametrize("fault", ["drop-before", "drop-after", "500", "truncate"])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client repeats its requests at once."""
    monkeypatch.setattr(transport, "sleep", lambda seconds: None)


# --- answers that are lost


@LOST
def test_order_is_reserved_once_when_the_answer_is_lost(stocked: Connected, fault: str) -> None:
    """Failure mode F12, at `allocate`."""
    stocked.connect(process_when="when paid")
    stocked.fault("POST", "/orders/{idorder}/allocate", fault)
    order = stocked.shop.draft_order({"BEANS": 2}, paid=False)
    stocked.settle()

    stocked.later()

    assert len(stocked.orders()) == 1
    assert stocked.row(order).stage == "allocated"
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 8


@LOST
def test_order_is_cancelled_once_when_the_answer_is_lost(
    stocked: Connected, fault: str, impatient: None
) -> None:
    """Failure mode F12, at `DELETE`."""
    order = stocked.order(BEANS=2)
    stocked.fault("DELETE", "/orders/{idorder}", fault, times=4)
    stocked.shop.cancel(order)
    stocked.settle()

    stocked.later()

    assert stocked.remote(order)["status"] == "cancelled"
    assert stocked.row(order).stage == "cancelled"
    assert stocked.shop.order(order).picqer["status"] == "cancelled"
    assert "attention" not in stocked.shop.order(order).picqer
    notes = [note for note in stocked.shop.order(order).notes if "is cancelled there too" in note]
    assert len(notes) == 1


@LOST
def test_order_is_changed_when_the_answer_is_lost(
    stocked: Connected, fault: str, impatient: None
) -> None:
    """Failure mode F12, at `PUT`."""
    order = stocked.order(BEANS=1)
    stocked.fault("PUT", "/orders/{idorder}", fault, times=4)
    staff.change_note(order, "Back door")
    stocked.settle()

    stocked.later()

    assert stocked.remote(order)["customer_remarks"] == "Back door"
    assert stocked.row(order).last_error == ""
    notes = [note for note in stocked.shop.order(order).notes if "customer's note" in note]
    assert len(notes) == 1


def test_cancelled_order_is_looked_for_when_nobody_knows_whether_it_arrived(
    stocked: Connected,
) -> None:
    """Failure mode F12: cancelled between a lost answer and the next attempt."""
    stocked.fault("POST", "/orders", "drop-after")
    order = stocked.shop.checkout({"BEANS": 1})
    stocked.settle()
    stocked.shop.cancel(order)

    stocked.later()

    assert [found["status"] for found in stocked.orders()] == ["cancelled"]
    assert stocked.row(order).stage == "cancelled"


# --- hooks and messages that are lost


def test_order_is_found_when_its_hook_never_ran(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F14: the process dies between the order's commit and the hook."""
    with monkeypatch.context() as killed:
        killed.setattr(PicqerPlugin, "_take_in", lambda *_: None)
        order = stocked.shop.checkout({"BEANS": 1})
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
        order = stocked.shop.checkout({"BEANS": 1})
    entered = stocked.enter(stocked.shop.order(order).number, BEANS=1)

    stocked.later()

    assert stocked.row(order).remote_id == entered
    assert stocked.order_of(order)["status"] == "processing"


def test_order_arrives_when_its_message_was_lost(stocked: Connected) -> None:
    """Failure mode F14: the broker loses what it was given."""
    order = stocked.shop.checkout({"BEANS": 1})
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


@pytest.fixture
def no_broker(stocked: Connected) -> Iterator[None]:
    """Celery runs every task inside the request that sends it."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_checkout_talks_to_nobody_when_there_is_no_broker(
    stocked: Connected, no_broker: None
) -> None:
    """Failure mode F16: Celery would run the push inside the checkout."""
    order = stocked.shop.checkout({"BEANS": 1})
    assert stocked.requests() == {}
    assert stocked.row(order).stage == "pending"

    assert manage("sweep").startswith("1 orders")
    assert stocked.order_of(order)["status"] == "processing"


# --- one among many


def test_worker_goes_on_when_an_order_is_poison(
    stocked: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F60."""
    poison, good = (stocked.shop.checkout({"BEANS": 1}) for _ in range(2))
    decide = orders.next_step

    def explode(order: Any, *facts: Any) -> Any:
        if order.pk == poison:
            raise ZeroDivisionError
        return decide(order, *facts)

    with monkeypatch.context() as broken:
        broken.setattr(orders, "next_step", explode)
        stocked.settle()
    assert stocked.order_of(good)["status"] == "processing"
    assert "unexpected" in stocked.row(poison).last_error

    stocked.later()
    assert stocked.order_of(poison)["status"] == "processing"


def test_only_the_bad_order_is_tried_again_when_there_are_many(stocked: Connected) -> None:
    """Failure mode F61."""
    stocked.fault("POST", "/orders", "500", skip=1)
    pks = [stocked.shop.checkout({"BEANS": 1}) for _ in range(3)]
    stocked.settle()
    assert [stocked.row(pk).stage for pk in pks] == ["processed", "creating", "processed"]
    stocked.forget_requests()

    tasks.sweep()
    stocked.settle()
    assert stocked.requests() == {}

    stocked.later()
    asked = stocked.requests()
    assert (asked["GET /orders"], asked["POST /orders"]) == (1, 1)
    assert [stocked.row(pk).stage for pk in pks] == ["processed"] * 3


# --- a pause when Picqer is silent


@pytest.fixture
def silent(stocked: Connected) -> Connected:
    """Five orders are placed while Picqer gives no answer."""
    stocked.fault("*", "*", "500", times=1000)
    for _ in range(5):
        stocked.shop.checkout({"BEANS": 1})
    stocked.settle()
    return stocked


def test_nobody_asks_when_three_orders_got_no_answer(silent: Connected) -> None:
    """An outage; docs/decisions/0008."""
    assert silent.requests() == {"POST /orders": 3}

    OutboxOrder.objects.update(not_before=None)
    tasks.sweep()
    silent.settle()

    assert silent.requests() == {"POST /orders": 3}


def test_one_order_asks_whether_the_silence_is_over(silent: Connected) -> None:
    """An outage; docs/decisions/0008."""
    first = ChannelState.objects.get().paused_until
    silent.forget_requests()

    silent.later()

    assert sum(silent.requests().values()) == 4  # one look-up, in four attempts
    again = ChannelState.objects.get().paused_until
    assert first is not None
    assert again is not None
    assert again > first


def test_all_orders_arrive_by_themselves_when_the_silence_is_over(silent: Connected) -> None:
    """An outage; docs/decisions/0008."""
    silent.picqer("DELETE", "/faults")

    silent.later()

    assert [found["status"] for found in silent.orders()] == ["processing"] * 5
    assert not OutboxOrder.objects.exclude(stage="processed").exists()
    assert ChannelState.objects.get().silences == 0
