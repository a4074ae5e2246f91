"""Staff push orders to Picqer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from saleor_picqer.models import ChannelState
from tests.integration.failure_modes.staff import touch
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.operators import Operator, cancel_there, live

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")


def test_push_sends_an_order_whose_shipping_method_is_not_handled(
    stocked: Connected, operator: Operator
) -> None:
    order = stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    stocked.settle()
    assert stocked.orders() == []

    answer = operator.push(order)
    stocked.settle()

    assert (answer.count, answer.done, answer.codes) == (1, {order: "CREATING"}, {})
    assert stocked.order_of(order)["status"] == "processing"


def test_push_sends_an_order_that_was_placed_before_the_plugin_was_switched_on(
    stocked: Connected, operator: Operator
) -> None:
    ChannelState.objects.update(orders_from=timezone.now() + timedelta(hours=1))
    order = stocked.order(BEANS=1)
    assert "switched on" in stocked.row(order).waiting_for

    operator.push(order)
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_push_sends_an_order_that_waits_for_its_payment(
    stocked: Connected, operator: Operator
) -> None:
    stocked.connect(push_when="paid")
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()
    assert stocked.orders() == []

    operator.push(order)
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"
    assert stocked.row(order).waiting_for == ""


def test_push_sends_an_order_that_was_skipped(stocked: Connected, operator: Operator) -> None:
    order = stocked.shop.checkout({"BEANS": 1})
    operator.skip(order)
    stocked.settle()

    operator.push(order)
    assert stocked.row(order).waiting_for == ""
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


def test_push_sends_an_order_again_when_it_was_cancelled_in_picqer(
    stocked: Connected, operator: Operator
) -> None:
    stocked.connect(cancel_in_saleor=False)
    order = stocked.order(BEANS=1)
    cancel_there(stocked, order)
    assert live(stocked) == []

    operator.push(order)
    stocked.settle()

    assert live(stocked) == ["processing"]
    assert len(stocked.orders()) == 2
    assert stocked.row(order).attention == ""
    assert stocked.shop.order(order).picqer["status"] == "processing"


def test_push_does_not_double_an_order_that_is_there(
    stocked: Connected, operator: Operator
) -> None:
    order = stocked.order(BEANS=1)

    operator.push(order)
    stocked.settle()

    assert live(stocked) == ["processing"]
    assert stocked.row(order).stage == "processed"


def test_push_does_not_double_an_order_whose_reference_was_changed_there(
    stocked: Connected, operator: Operator
) -> None:
    """Failure mode F55."""
    order = stocked.order(BEANS=1)
    stocked.api("PUT", f"/orders/{stocked.row(order).remote_id}", reference="something else")

    operator.push(order)
    stocked.settle()

    assert live(stocked) == ["processing"]
    assert stocked.row(order).stage == "processed"


def test_push_keeps_an_order_whose_lines_were_changed_there(
    stocked: Connected, operator: Operator
) -> None:
    stocked.connect(process_when="when paid")
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()
    tea = stocked.product("TEA")["idproduct"]
    stocked.api("POST", f"/orders/{stocked.row(order).remote_id}/products", idproduct=tea, amount=1)

    operator.push(order)
    stocked.settle()

    assert live(stocked) == ["concept"]
    assert stocked.row(order).stage == "allocated"


def test_push_sends_an_order_again_when_nobody_heard_that_it_was_cancelled(
    stocked: Connected, operator: Operator
) -> None:
    order = stocked.order(BEANS=1)
    stocked.api("DELETE", f"/orders/{stocked.row(order).remote_id}?force=true")
    stocked.postman.pending.clear()

    operator.push(order)
    stocked.settle()

    assert live(stocked) == ["processing"]
    assert stocked.row(order).stage == "processed"


def test_push_looks_but_once(stocked: Connected, operator: Operator) -> None:
    order = stocked.order(BEANS=1)
    operator.push(order)
    stocked.settle()
    stocked.forget_requests()

    touch(order)
    stocked.settle()

    assert stocked.requests() == {}


def test_push_sends_an_order_once_when_it_is_asked_for_twice(
    stocked: Connected, operator: Operator
) -> None:
    order = stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    assert operator.push(order).count == operator.push(order, order).count == 1
    stocked.settle()

    assert live(stocked) == ["processing"]


def test_push_asks_nothing_of_picqer_itself(stocked: Connected, operator: Operator) -> None:
    order = stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    operator.push(order)

    assert stocked.requests() == {}
    assert stocked.worker.pending == ["push_order"]


def test_push_does_not_wait_when_picqer_was_silent(stocked: Connected, operator: Operator) -> None:
    order = stocked.shop.checkout({"BEANS": 1})
    ChannelState.objects.update(
        consecutive_failures=9, open_until=timezone.now() + timedelta(minutes=15)
    )

    operator.push(order)
    stocked.settle()

    assert live(stocked) == ["processing"]
