"""Orders whose people or addresses are not what Picqer expects."""

from __future__ import annotations

import pytest
from saleor.account.models import Address
from saleor.order.models import Order

from tests.integration.failure_modes import staff
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import Connected

# --- people and addresses


def test_guest_can_be_reached(stocked: Connected) -> None:
    """Failure mode F38."""
    order = stocked.shop.checkout({"BEANS": 1}, email="eva@example.com")
    asked = stocked.requests_of_push()

    remote = stocked.remote(order)
    assert remote["idcustomer"] is None
    assert (remote["emailaddress"], remote["telephone"]) == ("eva@example.com", "+31302345678")
    assert not [route for route in asked if "customers" in route]


def test_order_is_never_refused_when_its_addresses_are_blank(stocked: Connected) -> None:
    """Failure mode F39."""
    order = stocked.shop.checkout({"BEANS": 1}, email="eva@example.com")
    Address.objects.update(first_name=" ", last_name="", company_name=" ", phone="", city=" ")
    Order.objects.update(billing_address=None)

    stocked.settle()

    remote = stocked.remote(order)
    assert remote["status"] == "processing"
    assert remote["deliveryname"] == remote["invoicename"] == "eva@example.com"


def test_country_is_sent_in_upper_case(stocked: Connected) -> None:
    """Failure mode F40."""
    order = stocked.place(BEANS=1)
    Address.objects.update(country="nl")

    stocked.settle()

    remote = stocked.remote(order)
    assert (remote["deliverycountry"], remote["invoicecountry"]) == ("NL", "NL")


def test_order_arrives_when_its_missing_country_is_filled_in(stocked: Connected) -> None:
    """Failure mode F40."""
    order = stocked.place(BEANS=1)
    Address.objects.update(country="")
    stocked.settle()
    assert stocked.orders() == []
    view = stocked.shop.order(order)
    assert "needs a country" in view.picqer["attention"]
    assert view.notes[-1].endswith("correct it in Saleor")

    staff.change_address(stocked.shop, order, country="NL")
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"
    assert "attention" not in stocked.shop.order(order).picqer


# --- customers


def customers(connected: Connected) -> dict[int, str]:
    """idcustomer -> e-mail address."""
    return {c["idcustomer"]: c["emailaddress"] for c in connected.api("GET", "/customers")}


@pytest.fixture
def jan(stocked: Connected) -> Api:
    """A customer with an account in the shop."""
    stocked.shop.customer("jan@example.com")
    return stocked.shop.sign_in("jan@example.com")


def order_as(connected: Connected, api: Api) -> str:
    return connected.shop.begin({"BEANS": 1}, api=api).deliver().pay().complete()


def test_record_of_a_registered_customer_costs_two_requests_once(
    stocked: Connected, jan: Api
) -> None:
    """Failure mode F41: one to look for it, one to make it, none for the next order."""
    order_as(stocked, jan)
    assert stocked.requests_of_push() == {
        "GET /customers": 1,
        "POST /customers": 1,
        "POST /orders": 1,
        "POST /orders/{idorder}/process": 1,
    }

    order = order_as(stocked, jan)
    assert stocked.requests_of_push() == {"POST /orders": 1, "POST /orders/{idorder}/process": 1}
    assert customers(stocked) == {stocked.remote(order)["idcustomer"]: "jan@example.com"}


def test_order_is_its_customers_when_others_have_similar_addresses(
    stocked: Connected, jan: Api
) -> None:
    """Failure mode F41: Picqer's search is fuzzy."""
    for email in ("jan@example.com.au", "JAN@example.com", "dejan@example.com"):
        stocked.api("POST", "/customers", name=email, emailaddress=email)
    order = order_as(stocked, jan)

    assert stocked.requests_of_push()["GET /customers"] == 1
    assert customers(stocked)[stocked.remote(order)["idcustomer"]] == "JAN@example.com"
    assert len(customers(stocked)) == 3


def test_order_is_nobodys_when_several_records_share_the_address(
    stocked: Connected, jan: Api
) -> None:
    """Failure mode F41: an info@ that several shops of one firm use."""
    for name in ("Jan", "Jan junior"):
        stocked.api("POST", "/customers", name=name, emailaddress="jan@example.com")

    order = order_as(stocked, jan)
    stocked.settle()

    assert stocked.remote(order)["idcustomer"] is None
    assert stocked.remote(order)["emailaddress"] == "jan@example.com"


def test_registered_customer_is_a_guest_when_the_channel_wants_no_records(
    stocked: Connected, jan: Api
) -> None:
    """Failure mode F41."""
    stocked.connect(customers="guest")
    stocked.settle()
    order = order_as(stocked, jan)

    assert stocked.requests_of_push() == {"POST /orders": 1, "POST /orders/{idorder}/process": 1}
    assert stocked.remote(order)["idcustomer"] is None
