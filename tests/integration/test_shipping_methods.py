"""Which orders Picqer gets: those whose shipping method is marked, named, or all."""

from __future__ import annotations

import pytest
from saleor.shipping.models import ShippingMethod

from saleor_picqer.hosts import host
from tests.integration.support.api import ApiError, to_global_id
from tests.integration.support.connected_shop import Connected

MARK = """
mutation Mark($id: ID!, $value: String!) {
  updatePrivateMetadata(id: $id, input: [{key: "picqer.handled", value: $value}]) {
    errors { field message }
  }
}
"""


def mark(connected: Connected, method: str, value: str) -> None:
    """Staff edits the shipping method's private metadata, as the dashboard does."""
    pk = ShippingMethod.objects.get(name=method).pk
    connected.shop.staff.query(MARK, id=to_global_id("ShippingMethodType", pk), value=value)


@pytest.fixture
def marking(stocked: Connected) -> Connected:
    if not host().has_shipping_metadata:
        pytest.skip("shipping methods have no metadata here")
    stocked.connect(shipping_methods="marked")
    stocked.shop.carts = []  # on 3.23 they keep the mark that the method had before
    return stocked


def test_order_is_pushed_when_its_method_is_marked(marking: Connected) -> None:
    mark(marking, "Parcel", "false")
    mark(marking, "Courier", "true")

    by_courier = marking.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    marking.shop.checkout({"BEANS": 1}, shipping_method="Parcel")
    marking.settle()

    (order,) = marking.orders()
    assert order["reference"] == marking.shop.order(by_courier).number


def test_order_keeps_the_mark_it_was_placed_with(marking: Connected) -> None:
    mark(marking, "Parcel", "true")
    order = marking.shop.checkout({"BEANS": 1})

    mark(marking, "Parcel", "false")
    marking.settle()

    assert marking.order_of(order)["status"] == "processing"


def test_marked_is_refused_naming_the_way_out_when_methods_cannot_be_marked(
    connected: Connected,
) -> None:
    if host().has_shipping_metadata:
        pytest.skip("shipping methods can be marked here")

    with pytest.raises(ApiError, match="names"):
        connected.connect(shipping_methods="marked")


def test_every_order_is_pushed_when_all_methods_are_picqers(stocked: Connected) -> None:
    stocked.connect(shipping_methods="all")

    order = stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"
