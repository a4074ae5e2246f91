"""Staff push orders to Picqer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from saleor_picqer.models import ChannelState
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_edits import touch
from tests.integration.support.staff_api import StaffApi, cancel_in_picqer, open_in_picqer

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")


def test_push_sends_an_order_whose_shipping_method_is_not_handled(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []

    answer = staff.push(order)
    stocked_shop.run_until_idle()

    assert (answer.count, answer.done, answer.codes) == (1, {order: "CREATING"}, {})
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_push_sends_an_order_that_was_placed_before_the_plugin_was_switched_on(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    ChannelState.objects.update(orders_from=timezone.now() + timedelta(hours=1))
    order = stocked_shop.order(BEANS=1)
    assert "placed before" in stocked_shop.row(order).waiting_for

    staff.push(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_push_sends_an_order_that_waits_for_its_payment(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    stocked_shop.connect(push_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []

    staff.push(order)
    stocked_shop.run_until_idle()

    # Staff send an order earlier; the warehouse still waits for the payment.
    assert stocked_shop.picqer_order(order)["status"] == "concept"
    assert stocked_shop.row(order).waiting_for == "The order is not paid yet."


def test_push_sends_an_order_that_was_skipped(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1})
    staff.skip(order)
    stocked_shop.run_until_idle()

    staff.push(order)
    assert stocked_shop.row(order).waiting_for == ""
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_push_sends_an_order_again_when_it_was_cancelled_in_picqer(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    stocked_shop.connect(cancel_in_saleor=False)
    order = stocked_shop.order(BEANS=1)
    cancel_in_picqer(stocked_shop, order)
    assert open_in_picqer(stocked_shop) == []

    staff.push(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]
    assert len(stocked_shop.orders()) == 2
    assert stocked_shop.row(order).attention == ""
    assert stocked_shop.shop.order(order).picqer["status"] == "processing"


def test_push_sends_nothing_when_the_order_is_in_picqer(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.order(BEANS=1)

    staff.push(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]
    assert stocked_shop.row(order).stage == "processed"


def test_push_sends_nothing_when_the_reference_was_changed_in_picqer(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    """Failure mode F55."""
    order = stocked_shop.order(BEANS=1)
    stocked_shop.picqer_api(
        "PUT", f"/orders/{stocked_shop.row(order).remote_id}", reference="something else"
    )

    staff.push(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]
    assert stocked_shop.row(order).stage == "processed"


def test_push_keeps_the_order_when_its_lines_were_changed_in_picqer(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    stocked_shop.connect(process_when="paid")
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    tea = stocked_shop.product("TEA")["idproduct"]
    stocked_shop.picqer_api(
        "POST", f"/orders/{stocked_shop.row(order).remote_id}/products", idproduct=tea, amount=1
    )

    staff.push(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["concept"]
    assert stocked_shop.row(order).stage == "allocated"


def test_push_fulfils_an_order_when_the_webhooks_of_its_shipment_were_lost(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.ship(order)
    stocked_shop.webhooks.pending.clear()
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).fulfilments == []

    staff.push(order)
    stocked_shop.run_until_idle()

    (fulfilment,) = stocked_shop.shop.order(order).fulfilments
    assert fulfilment.lines == {"BEANS": 1}
    assert stocked_shop.row(order).stage == "completed"


def test_push_sends_an_order_again_when_its_cancellation_was_missed(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.picqer_api("DELETE", f"/orders/{stocked_shop.row(order).remote_id}?force=true")
    stocked_shop.webhooks.pending.clear()

    staff.push(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]
    assert stocked_shop.row(order).stage == "processed"


def test_push_looks_the_order_up_once(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    order = stocked_shop.order(BEANS=1)
    staff.push(order)
    stocked_shop.run_until_idle()
    stocked_shop.reset_requests()

    touch(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.requests() == {}


def test_push_sends_an_order_once_when_it_is_asked_for_twice(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    assert staff.push(order).count == staff.push(order, order).count == 1
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]


def test_push_mutation_sends_no_request(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    staff.push(order)

    assert stocked_shop.requests() == {}
    assert stocked_shop.worker.pending == ["push_order"]


def test_push_does_not_wait_when_picqer_was_silent(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1})
    ChannelState.objects.update(
        consecutive_failures=9, open_until=timezone.now() + timedelta(minutes=15)
    )

    staff.push(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]
