"""Selection of the orders for Picqer by shipping method: marked, named, or all."""

from __future__ import annotations

import pytest
from saleor.order.models import Order
from saleor.shipping.models import ShippingMethod

from saleor_picqer.hosts import host
from tests.integration.support.api import ApiError, to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.staff_api import StaffApi

MARK = """
mutation Mark($id: ID!, $value: String!) {
  updatePrivateMetadata(id: $id, input: [{key: "picqer.handled", value: $value}]) {
    errors { field message }
  }
}
"""


def mark(connected_shop: ConnectedShop, method: str, value: str) -> None:
    """Edit the shipping method's private metadata as the dashboard does."""
    pk = ShippingMethod.objects.get(name=method).pk
    connected_shop.shop.admin_api.query(
        MARK, id=to_global_id("ShippingMethodType", pk), value=value
    )


@pytest.fixture
def marking(stocked_shop: ConnectedShop) -> ConnectedShop:
    if not host().has_shipping_metadata:
        pytest.skip("shipping methods have no metadata here")
    stocked_shop.connect(shipping_methods="marked")
    stocked_shop.shop.carts = []  # on 3.23 they keep the mark that the method had before
    return stocked_shop


def test_order_is_pushed_when_its_method_is_marked(marking: ConnectedShop) -> None:
    mark(marking, "Parcel", "false")
    mark(marking, "Courier", "true")

    by_courier = marking.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    marking.shop.checkout({"BEANS": 1}, shipping_method="Parcel")
    marking.run_until_idle()

    (order,) = marking.orders()
    assert order["reference"] == marking.shop.order(by_courier).number


def test_order_keeps_the_mark_it_was_placed_with(marking: ConnectedShop) -> None:
    mark(marking, "Parcel", "true")
    order = marking.shop.checkout({"BEANS": 1})

    mark(marking, "Parcel", "false")
    marking.run_until_idle()

    assert marking.picqer_order(order)["status"] == "processing"


def test_marked_is_refused_naming_the_way_out_when_methods_cannot_be_marked(
    connected_shop: ConnectedShop,
) -> None:
    if host().has_shipping_metadata:
        pytest.skip("shipping methods can be marked here")

    with pytest.raises(ApiError, match="names"):
        connected_shop.connect(shipping_methods="marked")


def test_every_order_is_pushed_when_all_methods_are_picqers(stocked_shop: ConnectedShop) -> None:
    stocked_shop.connect(shipping_methods="all")

    order = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_order_waits_when_its_method_was_changed_before_the_push(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F83: asked again before the first request, unless staff have pushed it."""
    order = stocked_shop.place(BEANS=1)
    Order.objects.filter(pk=order).update(
        shipping_method=ShippingMethod.objects.get(name="Courier"), shipping_method_name="Courier"
    )

    stocked_shop.run_until_idle()

    assert stocked_shop.orders() == []
    assert "does not handle" in stocked_shop.row(order).waiting_for
    staff = StaffApi(stocked_shop.shop.admin_api)
    assert '"Courier"' in staff.explain(order)["title"]

    staff.push(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


@pytest.mark.parametrize("setting", ["Parcel", "marked"])
def test_order_is_sent_when_its_method_was_deleted_before_the_push(
    stocked_shop: ConnectedShop, setting: str
) -> None:
    """Failure mode F83."""
    if setting == "marked":
        if not host().has_shipping_metadata:
            pytest.skip("shipping methods have no metadata here")
        stocked_shop.connect(shipping_methods="marked")
        stocked_shop.shop.carts = []
        mark(stocked_shop, "Parcel", "true")
    order = stocked_shop.place(BEANS=1)

    ShippingMethod.objects.get(name="Parcel").delete()
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"
