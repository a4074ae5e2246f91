"""Registered customers and their records in Picqer."""

from __future__ import annotations

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import UnknownCustomerError
from saleor_picqer.sync.orders import texts
from tests.unit.sync.fakes.faults import killed_after, lost_after, meanwhile, refused
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario

ANNA = "anna@example.org"


def test_guest_order_costs_no_customer_request() -> None:
    scenario = Scenario()

    remote = scenario.place_and_push(customer="")

    assert "idcustomer" not in remote.header
    assert scenario.requests[:2] == ["orders.create", "orders.process"]


def test_linked_customer_costs_no_request() -> None:
    scenario = Scenario()
    idcustomer = scenario.account.add_customer(ANNA)
    scenario.links.customers.link("7", idcustomer)
    scenario.place(customer="7")

    scenario.push()

    assert scenario.remote().header["idcustomer"] == idcustomer
    assert scenario.requests == ["orders.create", "orders.process"]


def test_existing_customer_costs_a_request_only_for_the_first_order() -> None:
    scenario = Scenario()
    idcustomer = scenario.account.add_customer("Anna@Example.org")
    scenario.place(customer="7")
    scenario.push()
    assert scenario.requests == ["customers.find", "orders.create", "orders.process"]
    assert scenario.remote().header["idcustomer"] == idcustomer
    scenario.forget_requests()

    scenario.place(pk="2", number="10043", customer="7")
    scenario.push("2")

    assert scenario.requests == ["orders.create", "orders.process"]


def test_new_customer_costs_two_requests() -> None:
    scenario = Scenario()
    scenario.place(customer="7")

    scenario.push()

    assert scenario.requests[:2] == ["customers.find", "customers.create"]
    assert scenario.requests[2:] == ["orders.create", "orders.process"]
    assert scenario.account.customers == {scenario.remote().header["idcustomer"]: ANNA}


def test_every_order_is_a_guest_order_when_the_setting_says_so() -> None:
    scenario = Scenario(customers="guest")
    scenario.place(customer="7")

    scenario.push()

    assert scenario.requests == ["orders.create", "orders.process"]


def test_order_is_a_guest_order_when_several_records_share_the_address() -> None:
    """Failure mode F41."""
    scenario = Scenario()
    for _ in range(2):
        scenario.account.add_customer(ANNA)

    remote = scenario.place_and_push(customer="7")

    assert "idcustomer" not in remote.header


def test_order_is_a_guest_order_when_the_record_belongs_to_another_customer() -> None:
    """Failure mode F41: two customers of the shop have used the same address."""
    scenario = Scenario()
    scenario.links.customers.link("6", scenario.account.add_customer(ANNA))

    remote = scenario.place_and_push(customer="7")

    assert "idcustomer" not in remote.header
    assert scenario.links.customers.get("7") is None


def test_customer_is_not_linked_to_a_similar_address() -> None:
    """Failure mode F41."""
    scenario = Scenario()
    other = scenario.account.add_customer(f"j{ANNA}")

    remote = scenario.place_and_push(customer="7")

    assert remote.header["idcustomer"] != other


def test_customer_is_recorded_again_when_the_record_was_deleted_in_picqer() -> None:
    scenario = Scenario()
    scenario.place_and_push(customer="7")
    scenario.account.customers.clear()
    scenario.place(pk="2", number="10043", customer="7")

    scenario.push("2")

    assert scenario.remote("2").header["idcustomer"] in scenario.account.customers
    assert scenario.row("2").stage is Stage.PROCESSED


def test_order_fails_when_picqer_refuses_the_customer_twice() -> None:
    scenario = Scenario()
    error = refusal(UnknownCustomerError, 25)
    scenario.faults.plan("picqer.orders.create", refused(error), refused(error))
    scenario.place(customer="7")

    scenario.push()

    assert scenario.row().stage is Stage.FAILED


def test_customer_is_recorded_once_when_two_orders_are_the_first() -> None:
    """Failure mode F104: two workers look for the record before either has created it."""
    scenario = Scenario()
    scenario.place(customer="7")
    scenario.place(pk="2", number="10043", customer="7")

    other = meanwhile(lambda: scenario.push("2"))
    scenario.faults.plan("picqer.customers.create", other)

    scenario.push("1")
    assert scenario.row("2").last_error == texts.CUSTOMER_BEING_CREATED
    assert scenario.row("2").attempts == 0
    scenario.advance()

    assert list(scenario.account.customers.values()) == [ANNA]
    idcustomers = {scenario.remote(pk).header["idcustomer"] for pk in ("1", "2")}
    assert idcustomers == {*scenario.account.customers}


def test_customer_is_recorded_once_when_an_attempt_is_cut_short() -> None:
    scenario = Scenario()
    scenario.faults.plan("picqer.customers.create", lost_after, killed_after)
    scenario.place(customer="7")
    scenario.push()

    scenario.advance()
    scenario.advance()

    assert list(scenario.account.customers.values()) == [ANNA]
    assert scenario.remote().header["idcustomer"] in scenario.account.customers
