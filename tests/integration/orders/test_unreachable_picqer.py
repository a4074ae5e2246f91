"""One failing order among many good orders, and an outage that opens the circuit breaker."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from saleor_picqer import tasks
from saleor_picqer.domain import order_state_machine
from saleor_picqer.models import ChannelState, OutboxOrder
from saleor_picqer.sync.orders import push
from tests.integration.support.connected_shop import ConnectedShop, wait

# --- one among many


def test_worker_goes_on_when_an_order_is_poison(
    stocked_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F60."""
    poison, good = (stocked_shop.place(BEANS=1) for _ in range(2))
    decide = order_state_machine.next_action

    def explode(order: Any, *facts: Any) -> Any:
        if order.pk == poison:
            raise ZeroDivisionError
        return decide(order, *facts)

    with monkeypatch.context() as broken:
        broken.setattr(push, "next_action", explode)
        stocked_shop.run_until_idle()
    assert stocked_shop.picqer_order(good)["status"] == "processing"
    assert "unexpected" in stocked_shop.row(poison).last_error

    stocked_shop.pass_time()
    assert stocked_shop.picqer_order(poison)["status"] == "processing"


def test_only_the_bad_order_is_tried_again_when_there_are_many(stocked_shop: ConnectedShop) -> None:
    """Failure mode F61."""
    stocked_shop.fail_next("POST", "/orders", "500", skip=1)
    pks = [stocked_shop.place(BEANS=1) for _ in range(3)]
    stocked_shop.run_until_idle()
    assert [stocked_shop.row(pk).stage for pk in pks] == ["processed", "creating", "processed"]
    stocked_shop.reset_requests()

    tasks.sweep()
    stocked_shop.run_until_idle()
    assert stocked_shop.requests() == {}

    stocked_shop.pass_time()
    asked = stocked_shop.requests()
    assert (asked["GET /orders"], asked["POST /orders"]) == (1, 1)
    assert [stocked_shop.row(pk).stage for pk in pks] == ["processed"] * 3


# --- a pause when Picqer is silent


@pytest.fixture
def silent(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Place five orders while Picqer gives no response."""
    stocked_shop.fail_next("*", "*", "html", status=503, times=1000)
    for _ in range(5):
        stocked_shop.place(BEANS=1)
    stocked_shop.run_until_idle()
    return stocked_shop


def test_no_request_is_sent_when_three_orders_got_no_response(silent: ConnectedShop) -> None:
    """An outage; docs/decisions/0008."""
    assert silent.requests() == {"POST /orders": 3}

    OutboxOrder.objects.update(not_before=None)
    tasks.sweep()
    silent.run_until_idle()

    assert silent.requests() == {"POST /orders": 3}


def test_one_order_is_tried_when_the_pause_is_over(silent: ConnectedShop) -> None:
    """An outage; docs/decisions/0008."""
    first = ChannelState.objects.get().open_until
    silent.reset_requests()

    wait()
    tasks.sweep()
    assert silent.worker.pending.count("push_order") == 1
    silent.run_until_idle()

    assert sum(silent.requests().values()) == 4  # one look-up, in four attempts
    again = ChannelState.objects.get().open_until
    assert first is not None
    assert again is not None
    assert again > first


def test_all_orders_arrive_when_picqer_responds_again(silent: ConnectedShop) -> None:
    """An outage; docs/decisions/0008."""
    silent.control("DELETE", "/faults")

    wait()
    tasks.sweep()
    silent.worker.run(only=1)
    assert silent.worker.pending.count("push_order") == 4
    silent.run_until_idle()

    assert [found["status"] for found in silent.orders()] == ["processing"] * 5
    assert not OutboxOrder.objects.exclude(stage="processed").exists()
    assert ChannelState.objects.get().consecutive_failures == 0


def test_probe_is_not_the_order_that_failed_last(silent: ConnectedShop) -> None:
    """Failure mode F123."""
    last = ChannelState.objects.get().last_failed_order
    OutboxOrder.objects.exclude(order_pk=last).update(id=F("id") + 1000)
    wait()
    OutboxOrder.objects.update(enqueued_at=None)

    tasks.sweep()

    assert silent.worker.pending.count("push_order") == 1
    assert OutboxOrder.objects.get(order_pk=last).enqueued_at is None


def test_circuit_stays_closed_when_picqer_answers_with_faults(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F123: the good order behind three bad ones is sent at once."""
    stocked_shop.fail_next("POST", "/orders", "500", times=3)
    pks = [stocked_shop.place(BEANS=1) for _ in range(4)]

    stocked_shop.run_until_idle()

    assert [stocked_shop.row(pk).stage for pk in pks] == ["creating"] * 3 + ["processed"]
    assert ChannelState.objects.get().open_until is None


def test_good_order_goes_out_when_the_limiter_has_no_budget(stocked_shop: ConnectedShop) -> None:
    """Failure mode F84."""
    stocked_shop.fail_next("POST", "/orders", "429", times=1)
    pks = [stocked_shop.place(BEANS=1) for _ in range(4)]

    stocked_shop.run_until_idle()

    assert ChannelState.objects.get().open_until is None
    assert [stocked_shop.row(pk).attempts for pk in pks] == [0] * 4
