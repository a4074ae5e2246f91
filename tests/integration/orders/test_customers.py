"""Customers and addresses unexpected by Picqer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from saleor.account.models import Address
from saleor.order.models import Order

from tests.integration.support import order_edits
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import ConnectedShop

# --- people and addresses


def test_contact_details_are_sent_when_a_guest_orders(stocked_shop: ConnectedShop) -> None:
    """Failure mode F38."""
    order = stocked_shop.shop.checkout({"BEANS": 1}, email="eva@example.com")
    asked = stocked_shop.requests_of_push()

    remote = stocked_shop.remote(order)
    assert remote["idcustomer"] is None
    assert (remote["emailaddress"], remote["telephone"]) == ("eva@example.com", "+31302345678")
    assert not [route for route in asked if "customers" in route]


def test_order_is_never_refused_when_its_addresses_are_blank(stocked_shop: ConnectedShop) -> None:
    """Failure mode F39."""
    order = stocked_shop.shop.checkout({"BEANS": 1}, email="eva@example.com")
    Address.objects.update(first_name=" ", last_name="", company_name=" ", phone="", city=" ")
    Order.objects.update(billing_address=None)

    stocked_shop.run_until_idle()

    remote = stocked_shop.remote(order)
    assert remote["status"] == "processing"
    assert remote["deliveryname"] == remote["invoicename"] == "eva@example.com"


def test_country_is_sent_in_upper_case(stocked_shop: ConnectedShop) -> None:
    """Failure mode F40."""
    order = stocked_shop.place(BEANS=1)
    Address.objects.update(country="nl")

    stocked_shop.run_until_idle()

    remote = stocked_shop.remote(order)
    assert (remote["deliverycountry"], remote["invoicecountry"]) == ("NL", "NL")


def test_order_arrives_when_its_missing_country_is_filled_in(stocked_shop: ConnectedShop) -> None:
    """Failure mode F40."""
    order = stocked_shop.place(BEANS=1)
    Address.objects.update(country="")
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []
    view = stocked_shop.shop.order(order)
    assert "needs a country" in view.picqer["attention"]
    assert view.notes[-1].endswith("Correct it in Saleor.")

    order_edits.change_address(stocked_shop.shop, order, country="NL")
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"
    assert "attention" not in stocked_shop.shop.order(order).picqer


# --- customers


def customers(connected_shop: ConnectedShop) -> dict[int, str]:
    """Return the e-mail address of each customer record in Picqer by id."""
    return {
        c["idcustomer"]: c["emailaddress"] for c in connected_shop.picqer_api("GET", "/customers")
    }


@pytest.fixture
def jan(stocked_shop: ConnectedShop) -> Api:
    """Return the API for a customer with an account in the shop."""
    stocked_shop.shop.customer("jan@example.com")
    return stocked_shop.shop.sign_in("jan@example.com")


def order_as(connected_shop: ConnectedShop, api: Api) -> str:
    return connected_shop.shop.begin({"BEANS": 1}, api=api).deliver().pay().complete()


def test_record_of_a_registered_customer_costs_two_requests_once(
    stocked_shop: ConnectedShop, jan: Api
) -> None:
    """Failure mode F41: one request to search, one to create, none for the next order."""
    order_as(stocked_shop, jan)
    assert stocked_shop.requests_of_push() == {
        "GET /customers": 1,
        "POST /customers": 1,
        "POST /orders": 1,
        "POST /orders/{idorder}/process": 1,
    }

    order = order_as(stocked_shop, jan)
    assert stocked_shop.requests_of_push() == {
        "POST /orders": 1,
        "POST /orders/{idorder}/process": 1,
    }
    assert customers(stocked_shop) == {stocked_shop.remote(order)["idcustomer"]: "jan@example.com"}


def test_order_is_its_customers_when_others_have_similar_addresses(
    stocked_shop: ConnectedShop, jan: Api
) -> None:
    """Failure mode F41: Picqer's search is fuzzy."""
    for email in ("jan@example.com.au", "JAN@example.com", "dejan@example.com"):
        stocked_shop.picqer_api("POST", "/customers", name=email, emailaddress=email)
    order = order_as(stocked_shop, jan)

    assert stocked_shop.requests_of_push()["GET /customers"] == 1
    assert customers(stocked_shop)[stocked_shop.remote(order)["idcustomer"]] == "JAN@example.com"
    assert len(customers(stocked_shop)) == 3


def test_order_has_no_customer_when_several_records_share_the_address(
    stocked_shop: ConnectedShop, jan: Api
) -> None:
    """Failure mode F41: an info@ address that several shops of one company use."""
    for name in ("Jan", "Jan junior"):
        stocked_shop.picqer_api("POST", "/customers", name=name, emailaddress="jan@example.com")

    order = order_as(stocked_shop, jan)
    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["idcustomer"] is None
    assert stocked_shop.remote(order)["emailaddress"] == "jan@example.com"


def test_registered_customer_is_a_guest_when_the_channel_wants_no_records(
    stocked_shop: ConnectedShop, jan: Api
) -> None:
    """Failure mode F41."""
    stocked_shop.connect(customers="guest")
    stocked_shop.run_until_idle()
    order = order_as(stocked_shop, jan)

    assert stocked_shop.requests_of_push() == {
        "POST /orders": 1,
        "POST /orders/{idorder}/process": 1,
    }
    assert stocked_shop.remote(order)["idcustomer"] is None


def test_prices_are_the_shops_when_the_customers_record_has_a_discount(
    stocked_shop: ConnectedShop, jan: Api
) -> None:
    """Failure mode F79: neither the record's discount nor its VAT rule changes an order."""
    record = {"name": "Jan", "emailaddress": "jan@example.com"}
    stocked_shop.picqer_api("POST", "/customers", **record, discount=10, calculatevat=False)
    order = order_as(stocked_shop, jan)
    stocked_shop.run_until_idle()

    remote = stocked_shop.remote(order)
    assert remote["idcustomer"] is not None
    assert (remote["discount"], remote["calculatevat"]) == (0, True)
    assert line_total(remote) == goods_total(order)


def line_total(remote: dict[str, Any]) -> Decimal:
    """Return what the goods cost in Picqer without VAT."""
    lines = sum(Decimal(str(line["price"])) * line["amount"] for line in remote["products"])
    return lines * (100 - Decimal(str(remote["discount"]))) / 100


def goods_total(order: str) -> Decimal:
    """Return Saleor's net total of the lines."""
    found = Order.objects.get(pk=order)
    return Decimal(found.total_net_amount - found.shipping_price_net_amount)
