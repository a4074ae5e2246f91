"""Orders that get a shipping method which Picqer does not handle."""

from __future__ import annotations

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.domain.shipping import Delivery
from tests.unit.domain.builders import order
from tests.unit.sync.scenario import Scenario

PARCEL, COURIER = Delivery("Parcel", method_pk="1"), Delivery("Courier", method_pk="2")


def place(scenario: Scenario) -> None:
    """Place an order with a method of Picqer's; the customer has still to pay."""
    scenario.place(order(delivery=PARCEL))
    scenario.outbox.edit("1", method=PARCEL.key)


def test_order_waits_when_its_method_was_changed_before_the_push() -> None:
    """Failure mode F83."""
    scenario = Scenario(shipping_methods="Parcel")
    place(scenario)
    scenario.shop.change("1", delivery=COURIER)

    scenario.run_until_idle()

    assert scenario.requests == []
    assert "does not handle" in scenario.row().waiting_for


def test_order_is_sent_when_its_method_was_deleted_before_the_push() -> None:
    """Failure mode F83."""
    scenario = Scenario()
    place(scenario)
    scenario.shop.change("1", delivery=Delivery("Parcel"))

    scenario.run_until_idle()

    assert scenario.remote().status is RemoteStatus.PROCESSING


def test_order_is_sent_when_it_gets_a_method_of_picqers_again() -> None:
    scenario = Scenario(shipping_methods="Parcel")
    place(scenario)
    scenario.shop.change("1", delivery=COURIER)
    scenario.run_until_idle()

    scenario.shop.change("1", delivery=PARCEL)
    scenario.run_until_idle()

    assert scenario.remote().status is RemoteStatus.PROCESSING


def test_order_is_sent_with_any_method_when_staff_push_it() -> None:
    """Failure mode F83."""
    scenario = Scenario(shipping_methods="Parcel")
    place(scenario)
    scenario.shop.change("1", delivery=COURIER)
    scenario.run_until_idle()

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()

    assert scenario.remote().status is RemoteStatus.PROCESSING


def test_concept_is_held_when_its_method_was_changed() -> None:
    scenario = Scenario(shipping_methods="Parcel", process_when="paid")
    place(scenario)
    scenario.run_until_idle()

    scenario.shop.change("1", delivery=COURIER, paid=True)
    scenario.run_until_idle()

    assert scenario.remote().status is RemoteStatus.CONCEPT
    assert "push this one again" in scenario.row().attention
    scenario.shop.change("1", delivery=PARCEL)
    scenario.run_until_idle()
    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")
