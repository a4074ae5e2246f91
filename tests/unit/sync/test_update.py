"""Changes of header fields and tags after an order was sent."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.outbox import LEASE, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import AddressError
from saleor_picqer.sync.orders import texts
from tests.unit.domain.builders import address
from tests.unit.sync.fakes.faults import (
    killed_after,
    killed_before,
    lost_after,
    meanwhile,
    refused,
)
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario

# --- addresses, notes and the like


def test_only_what_changed_is_sent() -> None:
    scenario = Scenario()
    remote = scenario.place_concept()

    scenario.shop.change("1", note="Ring twice")
    scenario.run_until_idle()

    assert scenario.requests == ["orders.update"]
    assert remote.header["customer_remarks"] == "Ring twice"
    assert scenario.notes()[-1] == "Changed in Picqer too: customer's note."


def test_change_arrives_with_a_hint_when_the_warehouse_has_the_order() -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()

    scenario.shop.change("1", shipping=address(city="Utrecht"))
    scenario.run_until_idle()

    assert remote.header["deliverycity"] == "Utrecht"
    assert scenario.notes()[-1].endswith("The warehouse has the order already: check the picklist.")


def test_change_is_reverted_when_the_answer_to_it_was_lost() -> None:
    scenario = Scenario()
    remote = scenario.place_concept()
    scenario.faults.plan("picqer.orders.update", lost_after)
    scenario.shop.change("1", shipping=address(city="Gent"))
    scenario.push()
    assert remote.header["deliverycity"] == "Gent"

    scenario.shop.change("1", shipping=address())
    scenario.advance()

    assert remote.header["deliverycity"] == address().city


def test_change_is_flagged_once_when_it_comes_too_late() -> None:
    scenario = Scenario()
    scenario.picqer.header_is_locked = True
    scenario.place_and_push()

    for note in ("Ring twice", "Ring thrice"):
        scenario.shop.change("1", note=note)
        scenario.run_until_idle()
    scenario.outbox.touch(["1"])
    scenario.run_until_idle()

    assert scenario.row().attention == texts.too_late("customer's note")
    assert scenario.notes().count(scenario.row().attention) == 1
    assert scenario.requests.count("orders.update") == 2


def test_change_is_flagged_when_the_order_is_processed_meanwhile() -> None:
    scenario = Scenario()
    scenario.picqer.header_is_locked = True
    remote = scenario.place_concept()
    scenario.faults.plan(
        "picqer.orders.update", meanwhile(lambda: scenario.account.process(remote))
    )

    scenario.shop.change("1", note="Ring twice")
    scenario.push()

    assert scenario.row().stage is Stage.PROCESSED
    assert scenario.row().attention == texts.too_late("customer's note")


def test_no_request_is_sent_when_the_order_is_completed() -> None:
    scenario = Scenario()
    scenario.account.ship(scenario.place_and_push())
    scenario.run_until_idle()
    scenario.forget_requests()

    scenario.shop.change("1", note="Thanks")
    scenario.run_until_idle()

    assert scenario.requests == []


def test_order_fails_when_picqer_refuses_the_new_address_of_a_concept() -> None:
    scenario = Scenario()
    scenario.place_concept()
    scenario.faults.plan("picqer.orders.update", refused(refusal(AddressError, 9)))

    scenario.shop.change("1", shipping=address(country="XX"))
    scenario.run_until_idle()

    assert scenario.row().stage is Stage.FAILED
    scenario.shop.change("1", shipping=address(city="Utrecht"))
    scenario.run_until_idle()
    assert scenario.remote().header["deliverycity"] == "Utrecht"
    assert scenario.row().stage is Stage.ALLOCATED


@pytest.mark.parametrize("fault", [killed_before, killed_after])
@pytest.mark.parametrize(
    "call", ["picqer.orders.update", "outbox.release", "shop.orders.write_metadata"]
)
def test_change_of_a_processed_order_arrives_when_the_worker_is_killed(
    call: str, fault: object
) -> None:
    scenario = Scenario()
    remote = scenario.place_and_push()
    scenario.shop.change("1", note="Ring twice")
    scenario.faults.plan(call, fault)  # type: ignore[arg-type]
    scenario.push()

    scenario.advance()

    assert remote.header["customer_remarks"] == "Ring twice"
    assert not scenario.row().lease


def test_change_arrives_when_the_order_is_processed_while_a_slow_worker_has_it() -> None:
    scenario = Scenario()
    remote = scenario.place_concept()

    def process() -> None:
        scenario.clock.advance(LEASE * 2)
        scenario.account.process(remote)
        scenario.pull(remote)

    scenario.faults.plan("shop.orders.get", meanwhile(process))
    scenario.shop.change("1", note="Ring twice")
    scenario.push()

    scenario.advance()

    assert remote.header["customer_remarks"] == "Ring twice"


# --- tags


def test_order_is_tagged_once() -> None:
    scenario = Scenario(order_tags="Webshop, Gift")
    scenario.account.tags |= {"Webshop", "Gift"}
    remote = scenario.place_and_push()

    scenario.shop.change("1", note="Ring twice")
    scenario.run_until_idle()

    assert remote.tags == ["Webshop", "Gift"]


def test_order_is_processed_when_picqer_lacks_its_tag() -> None:
    scenario = Scenario(order_tags="Webshop")
    remote = scenario.place_and_push()

    assert remote.status is RemoteStatus.PROCESSING
    assert 'no tag "Webshop"' in scenario.row().attention


def test_refused_tags_are_sent_again_only_when_they_change_or_staff_push_the_order() -> None:
    scenario = Scenario(order_tags="Webshop")
    remote = scenario.place_and_push()
    assert scenario.row().attention.startswith("The order has no tags in Picqer.")
    scenario.account.tags |= {"Webshop"}
    scenario.forget_requests()

    scenario.shop.change("1")
    scenario.run_until_idle()
    assert "orders.tag" not in scenario.requests

    scenario.outbox.push(["1"], "default")
    scenario.run_until_idle()
    assert remote.tags == ["Webshop"]
