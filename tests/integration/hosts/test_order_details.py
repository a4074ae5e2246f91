"""An order as the host adapter reads it, on the installed line of Saleor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from saleor.order.models import Order, OrderEvent
from saleor.shipping.models import ShippingMethod

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.hosts import host
from tests.integration.support.checkouts import AUTHORISED
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.host_orders import read_order
from tests.integration.support.shop import Shop

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")

pytestmark = pytest.mark.usefixtures("three_products")


# --- queries


QUERIES = {"paid checkout": 2, "unpaid draft": 3}
if not IS_SALEOR_3:  # payments are rows there, and any order may have been a draft
    QUERIES = {"paid checkout": 3, "unpaid draft": 5}


def loaded(pk: str) -> None:
    """Read the order with a custom callable for each line."""
    order = read_order(pk)
    assert all(line.extra["remarks"] for line in order.lines)


@pytest.mark.parametrize("lines", [{"BEANS": 1}, {"BEANS": 1, "MUG": 2, "TEA": 3}])
@pytest.mark.parametrize("way", ["paid checkout", "unpaid draft"])
def test_order_costs_the_same_queries_whatever_its_lines(
    shop: Shop, settings: Any, django_assert_num_queries: Any, lines: dict[str, int], way: str
) -> None:
    settings.SALEOR_PICQER = {
        "order_line_fields": lambda line: {"remarks": f"{line.order.pk} {line.product_sku}"}
    }
    pk = shop.checkout(lines) if way == "paid checkout" else shop.draft_order(lines, paid=False)

    with django_assert_num_queries(QUERIES[way]):
        loaded(pk)


# --- state and payment


def test_order_is_open_and_paid_when_a_customer_has_paid(shop: Shop) -> None:
    order = read_order(shop.checkout({"BEANS": 1}))

    assert (order.state, order.paid, order.authorized) == (OrderState.OPEN, True, True)


def test_order_is_authorised_but_not_paid_when_nothing_was_captured(shop: Shop) -> None:
    order = read_order(shop.begin({"BEANS": 1}).deliver().pay(AUTHORISED).complete())

    assert (order.state, order.paid, order.authorized) == (OrderState.OPEN, False, True)


def test_order_is_neither_paid_nor_authorised_when_nothing_was_paid(shop: Shop) -> None:
    order = read_order(shop.draft_order({"BEANS": 1}, paid=False))

    assert (order.state, order.paid, order.authorized) == (OrderState.OPEN, False, False)


def test_order_is_paid_when_staff_says_so(shop: Shop) -> None:
    assert read_order(shop.draft_order({"BEANS": 1}, paid=True)).paid


def test_order_is_paid_when_there_is_nothing_to_pay(shop: Shop) -> None:
    shop.create_method(shop.zone, "By bike", "0.00")
    shop.discounts.voucher("ALL", percent=100)

    pk = shop.checkout({"BEANS": 1}, shipping_method="By bike", codes=["ALL"])

    assert Order.objects.get(pk=pk).total_gross_amount == 0
    assert read_order(pk).paid


@only_saleor_3  # 2.10 cannot draft an order of nothing but free products
def test_draft_is_paid_when_there_is_nothing_to_pay(shop: Shop) -> None:
    shop.create_method(shop.zone, "By bike", "0.00")
    shop.product("SAMPLE", price="0.00", stock=1)

    pk = shop.draft_order({"SAMPLE": 1}, shipping_method="By bike", paid=False)

    assert read_order(pk).paid


@only_saleor_3
@pytest.mark.parametrize(
    ("charge_status", "paid"),
    [("none", False), ("partial", False), ("full", True), ("overcharged", True)],
)
def test_order_is_paid_as_far_as_it_is_charged(shop: Shop, charge_status: str, paid: bool) -> None:
    pk = shop.checkout({"BEANS": 1})
    Order.objects.filter(pk=pk).update(charge_status=charge_status)

    assert read_order(pk).paid is paid


def test_draft_is_a_draft(shop: Shop) -> None:
    assert read_order(shop.draft({"BEANS": 1})).state is OrderState.DRAFT


def test_order_is_cancelled_when_staff_cancels_it(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    shop.cancel(pk)

    assert read_order(pk).state is OrderState.CANCELLED


def test_order_is_closed_when_all_of_it_is_fulfilled(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    shop.fulfil(pk)

    assert read_order(pk).state is OrderState.CLOSED


@only_saleor_3
@pytest.mark.parametrize(
    ("status", "state"),
    [("expired", OrderState.CANCELLED), ("unconfirmed", OrderState.UNCONFIRMED)],
)
def test_state_follows_saleors_status(shop: Shop, status: str, state: OrderState) -> None:
    pk = shop.checkout({"BEANS": 1})
    Order.objects.filter(pk=pk).update(status=status)

    assert read_order(pk).state is state


def test_order_is_none_when_it_was_deleted(shop: Shop) -> None:
    pk = shop.draft({"BEANS": 1})
    Order.objects.all().delete()

    assert host().orders.get(pk) is None


# --- when it was placed


def created(order: Order) -> Any:
    return order.created_at if IS_SALEOR_3 else order.created


def set_created(pk: str, when: Any) -> None:
    Order.objects.filter(pk=pk).update(**{"created_at" if IS_SALEOR_3 else "created": when})


def test_placed_at_is_the_completion_of_the_checkout(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})

    placed_at = read_order(pk).placed_at

    assert placed_at is not None
    assert placed_at == created(Order.objects.get(pk=pk))
    assert placed_at.tzinfo is not None


def test_placed_at_is_the_completion_of_the_draft(shop: Shop) -> None:
    pk = shop.draft({"BEANS": 1})
    set_created(pk, timezone.now() - timedelta(days=30))
    before = timezone.now()

    shop.complete_draft(pk)

    placed_at = read_order(pk).placed_at
    assert placed_at is not None
    assert before <= placed_at <= timezone.now()


def test_placed_at_is_the_creation_when_the_history_is_gone(shop: Shop) -> None:
    pk = shop.draft_order({"BEANS": 1})
    OrderEvent.objects.all().delete()

    assert read_order(pk).placed_at == created(Order.objects.get(pk=pk))


# --- who and how


def test_customer_is_none_when_a_guest_orders(shop: Shop) -> None:
    assert read_order(shop.checkout({"BEANS": 1})).customer == ""


def test_customer_is_known_when_signed_in(shop: Shop) -> None:
    user = shop.customer("anna@example.com")
    checkout = shop.begin({"BEANS": 1}, email=user.email, api=shop.sign_in(user.email))

    order = read_order(checkout.deliver().pay().complete())

    assert (order.customer, order.email) == (str(user.pk), "anna@example.com")


@pytest.mark.parametrize("way", ["checkout", "draft_order"])
def test_method_comes_from_the_order(shop: Shop, way: str) -> None:
    pk = getattr(shop, way)({"BEANS": 1}, shipping_method="Courier")

    assert read_order(pk).delivery.method_name == "Courier"


def test_method_is_remembered_when_it_is_deleted(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1}, shipping_method="Courier")
    ShippingMethod.objects.all().delete()

    assert read_order(pk).delivery.method_name == "Courier"
    assert read_order(pk).method_fields == {}


@only_saleor_3
def test_fields_of_the_method_are_its_private_metadata(shop: Shop) -> None:
    ShippingMethod.objects.filter(name="Courier").update(
        private_metadata={"picqer.shipping_profile": "12", "erp": "7"},
        metadata={"picqer.template": "3"},
    )

    pk = shop.checkout({"BEANS": 1}, shipping_method="Courier")

    assert read_order(pk).method_fields == {"shipping_profile": "12"}


@only_saleor_3
def test_fields_stored_on_the_order_override_those_of_the_method(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1}, shipping_method="Courier")
    Order.objects.update(shipping_method_private_metadata={"picqer.shipping_profile": "12"})
    ShippingMethod.objects.filter(name="Courier").update(
        private_metadata={"picqer.shipping_profile": "99", "picqer.template": "3"}
    )

    assert read_order(pk).method_fields == {"shipping_profile": "12", "template": "3"}


def test_method_has_no_fields_when_methods_have_no_metadata(shop: Shop) -> None:
    if host().has_shipping_metadata:
        pytest.skip("shipping methods have metadata here")

    assert read_order(shop.checkout({"BEANS": 1})).method_fields == {}


# --- looking orders up


def test_orders_are_found_by_number(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    number = shop.order(pk).number

    found = host().orders.find([number, "999999999", "not a number", "9" * 40, "²"])

    assert found == {number: pk}
    assert host().orders.numbers([pk]) == {pk: number}
    assert read_order(pk).number == number


@pytest.mark.parametrize("question", ["find", "numbers"])
def test_lookups_cost_one_query(shop: Shop, django_assert_num_queries: Any, question: str) -> None:
    pks = [shop.checkout({"BEANS": 1}) for _ in range(2)]
    asked = pks if question == "numbers" else [shop.order(pk).number for pk in pks]

    with django_assert_num_queries(1):
        found = getattr(host().orders, question)(asked)

    assert len(found) == 2


def test_fulfil_records_shipped_items_when_the_order_is_unconfirmed(shop: Shop) -> None:
    if not IS_SALEOR_3:
        pytest.skip("orders are not confirmed here")
    pk = shop.checkout({"BEANS": 2})
    Order.objects.update(status="unconfirmed")
    (line,) = read_order(pk).lines

    host().fulfilments.create(pk, None, {line.pk: 2}, Tracking("3S1"), notify=False)

    view = shop.order(pk)
    assert (view.status, view.tracking) == ("FULFILLED", ["3S1"])
