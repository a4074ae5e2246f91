"""Creating an order in Picqer with few requests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import UnknownCustomerError, UnknownProductError
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.faults import Fault, refused
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario


def test_fresh_order_costs_two_requests_whatever_its_lines() -> None:
    scenario = Scenario()
    scenario.place(order(*(line(sku, 2) for sku in ("MUG", "CUP", "POT", "TEA"))))

    assert scenario.push() is Outcome.DONE

    assert scenario.requests == ["orders.create", "orders.process"]


def test_older_order_is_looked_up_before_it_is_created() -> None:
    """Staff may have entered the order by hand."""
    scenario = Scenario()
    scenario.place()
    scenario.clock.advance(timedelta(minutes=11))

    scenario.push()

    assert scenario.requests == ["orders.find", "orders.create", "orders.process"]


# --- repairs of what Picqer does not know

UNKNOWN_CUSTOMER = refused(refusal(UnknownCustomerError, 25))
UNKNOWN_PRODUCT = refused(refusal(UnknownProductError, 24))


def linked_order() -> Scenario:
    """Return a scenario with an order whose customer and products are linked."""
    scenario = Scenario()
    scenario.shop.list_products("MUG")
    scenario.links.products.link({"MUG": scenario.account.products["MUG"]})
    scenario.links.customers.link("7", scenario.account.add_customer("anna@example.org"))
    scenario.place(customer="7")
    return scenario


@pytest.mark.parametrize(
    ("refusals", "repairs"),
    [
        ([UNKNOWN_CUSTOMER], [["customers.find"]]),
        ([UNKNOWN_PRODUCT], [["products.create", "products.find"]]),
        (
            [UNKNOWN_PRODUCT, UNKNOWN_PRODUCT],
            [["products.create", "products.find"], ["products.find"]],
        ),
        (
            [UNKNOWN_CUSTOMER, UNKNOWN_PRODUCT],
            [["customers.find"], ["products.create", "products.find"]],
        ),
        (
            [UNKNOWN_PRODUCT, UNKNOWN_CUSTOMER],
            [["products.create", "products.find"], ["customers.find"]],
        ),
        (
            [UNKNOWN_PRODUCT, UNKNOWN_CUSTOMER, UNKNOWN_PRODUCT],
            [["products.create", "products.find"], ["customers.find"], ["products.find"]],
        ),
    ],
)
def test_create_request_is_repeated_after_each_repair(
    refusals: list[Fault], repairs: list[list[str]]
) -> None:
    scenario = linked_order()
    scenario.faults.plan("picqer.orders.create", *refusals)

    assert scenario.push() is Outcome.DONE

    between = [request for repair in repairs for request in ("orders.create", *repair)]
    assert scenario.requests == [*between, "orders.create", "orders.process"]


@pytest.mark.parametrize(("refusal", "requests"), [(UNKNOWN_CUSTOMER, 2), (UNKNOWN_PRODUCT, 3)])
def test_order_fails_when_the_repairs_do_not_help(refusal: Fault, requests: int) -> None:
    scenario = linked_order()
    scenario.faults.plan("picqer.orders.create", *[refusal] * 5)

    scenario.push()

    assert scenario.row().stage is Stage.FAILED
    assert scenario.requests.count("orders.create") == requests
