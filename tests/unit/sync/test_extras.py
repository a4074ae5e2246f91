"""What an order can do without: a refusal is flagged, and the order goes on."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.outbox import SHOWN_AFTER, Stage
from saleor_picqer.domain.remote_orders import RemoteStatus
from saleor_picqer.errors import (
    AccessDeniedError,
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    PicqerApiError,
    UnknownVatGroupError,
)
from saleor_picqer.sync.orders import texts
from tests.unit.sync.fakes.faults import not_sent, refused
from tests.unit.sync.fakes.picqer import refusal
from tests.unit.sync.scenario import Scenario


@pytest.mark.parametrize("error", [AccessDeniedError, InvalidRequestError, NotFoundError])
def test_order_is_processed_when_its_tag_is_refused(error: type[PicqerApiError]) -> None:
    """Failure mode F73: such an order stayed a concept for ever, or failed."""
    scenario = Scenario(order_tags="Webshop")
    scenario.faults.plan("picqer.orders.tag", refused(refusal(error)))

    remote = scenario.place_and_push()

    assert (remote.status, scenario.row().stage) == (RemoteStatus.PROCESSING, Stage.PROCESSED)
    assert scenario.row().attention.startswith("The order has no tags in Picqer.")


def test_order_is_tagged_after_it_is_processed() -> None:
    """Failure mode F73."""
    scenario = Scenario(order_tags="Webshop")
    scenario.account.tags.add("Webshop")

    scenario.place_and_push()

    processed = scenario.requests.index("orders.process")
    assert scenario.requests[processed + 1] == "orders.tag"


@pytest.mark.parametrize("error", [AuthenticationError, AccessDeniedError, InvalidRequestError])
def test_order_is_processed_at_once_when_it_is_paid_after_allocating_was_refused(
    error: type[PicqerApiError],
) -> None:
    """Failure mode F73: a paid order waited for an hour."""
    scenario = Scenario(process_when="paid")
    scenario.faults.plan("picqer.orders.allocate", refused(refusal(error)))
    remote = scenario.place_and_push()
    assert scenario.row().attention

    scenario.shop.change("1", paid=True)
    scenario.run_until_idle()

    assert remote.status is RemoteStatus.PROCESSING


def test_order_goes_out_as_a_guests_when_the_customers_record_is_refused() -> None:
    """Failure mode F73."""
    scenario = Scenario()
    scenario.faults.plan("picqer.customers.find", refused(refusal(AccessDeniedError, status=403)))

    remote = scenario.place_and_push(customer="7", email="anna@example.org")

    assert remote.status is RemoteStatus.PROCESSING
    assert "without the customer's record" in scenario.row().attention


def test_order_shows_at_once_what_staff_have_to_mend() -> None:
    """Failure mode F99: nothing was shown for up to 16 days."""
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", *[refused(refusal(UnknownVatGroupError))] * 2)
    scenario.place()
    scenario.push()
    assert scenario.row().attention == texts.not_sent(scenario.row().last_error)
    assert scenario.shop.metadata["1"]["attention"] == scenario.row().attention

    scenario.advance()
    assert len(scenario.notes()) == 1
    scenario.advance()

    assert scenario.row().stage is Stage.PROCESSED
    assert scenario.row().attention == ""
    assert not scenario.shop.metadata["1"].get("attention")


def test_order_shows_trouble_with_the_network_after_a_while() -> None:
    """Failure mode F99."""
    scenario = Scenario()
    scenario.faults.plan("picqer.orders.create", *[not_sent] * SHOWN_AFTER)
    scenario.place()
    for _ in range(SHOWN_AFTER - 1):
        scenario.advance()
    assert (scenario.row().attention, scenario.notes()) == ("", [])

    scenario.advance()
    assert scenario.row().attention.startswith("The order could not be sent to Picqer.")
    scenario.advance()

    assert (scenario.row().stage, scenario.row().attention) == (Stage.PROCESSED, "")
