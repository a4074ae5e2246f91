"""Customers with an account in the shop get a record in Picqer, and never somebody else's."""

from __future__ import annotations

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import UnknownCustomerError
from tests.unit.sync.fakes.accidents import killed_after, lost_after, refused
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.world import World

ANNA = "anna@example.org"


def test_guest_costs_no_request() -> None:
    world = World()

    remote = world.sent(customer="")

    assert "idcustomer" not in remote.header
    assert world.requests[:2] == ["orders.create", "orders.process"]


def test_known_customer_costs_no_request() -> None:
    world = World()
    idcustomer = world.account.add_customer(ANNA)
    world.links.customers.link("7", idcustomer)
    world.place(customer="7")

    world.push()

    assert world.remote().header["idcustomer"] == idcustomer
    assert world.requests == ["orders.create", "orders.process"]


def test_customer_who_is_there_costs_one_request_once() -> None:
    world = World()
    idcustomer = world.account.add_customer("Anna@Example.org")
    world.place(customer="7")
    world.push()
    assert world.requests == ["customers.find", "orders.create", "orders.process"]
    assert world.remote().header["idcustomer"] == idcustomer
    world.forget()

    world.place(pk="2", number="10043", customer="7")
    world.push("2")

    assert world.requests == ["orders.create", "orders.process"]


def test_new_customer_costs_two_requests() -> None:
    world = World()
    world.place(customer="7")

    world.push()

    assert world.requests[:2] == ["customers.find", "customers.create"]
    assert world.requests[2:] == ["orders.create", "orders.process"]
    assert world.account.customers == {world.remote().header["idcustomer"]: ANNA}


def test_every_order_is_a_guests_when_the_channel_says_so() -> None:
    world = World(customers="guest")
    world.place(customer="7")

    world.push()

    assert world.requests == ["orders.create", "orders.process"]


def test_order_is_a_guests_when_several_records_share_the_address() -> None:
    """Failure mode F41: nobody can tell them apart."""
    world = World()
    for _ in range(2):
        world.account.add_customer(ANNA)

    remote = world.sent(customer="7")

    assert "idcustomer" not in remote.header


def test_order_is_a_guests_when_the_record_is_another_customers() -> None:
    """Failure mode F41: two accounts of the shop have used the same address."""
    world = World()
    world.links.customers.link("6", world.account.add_customer(ANNA))

    remote = world.sent(customer="7")

    assert "idcustomer" not in remote.header
    assert world.links.customers.get("7") is None


def test_similar_address_is_somebody_elses() -> None:
    """Failure mode F41."""
    world = World()
    other = world.account.add_customer(f"j{ANNA}")

    remote = world.sent(customer="7")

    assert remote.header["idcustomer"] != other


def test_customer_is_recorded_again_when_the_record_was_deleted_in_picqer() -> None:
    world = World()
    world.sent(customer="7")
    world.account.customers.clear()
    world.place(pk="2", number="10043", customer="7")

    world.push("2")

    assert world.remote("2").header["idcustomer"] in world.account.customers
    assert world.row("2").stage is Stage.PROCESSED


def test_order_fails_when_picqer_knows_no_customer_however_often_we_ask() -> None:
    world = World()
    error = refusal(UnknownCustomerError, 25)
    world.accidents.at("picqer.orders.create", refused(error), refused(error))
    world.place(customer="7")

    world.push()

    assert world.row().stage is Stage.FAILED


def test_customer_is_recorded_once_when_an_attempt_is_cut_short() -> None:
    world = World()
    world.accidents.at("picqer.customers.create", lost_after, killed_after)
    world.place(customer="7")
    world.push()

    world.later()
    world.later()

    assert list(world.account.customers.values()) == [ANNA]
    assert world.remote().header["idcustomer"] in world.account.customers
