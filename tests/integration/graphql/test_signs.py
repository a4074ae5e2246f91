"""Signs of life in `picqerStatus`: webhooks, last delivery, rate limit, stock drift."""

from __future__ import annotations

import pytest
from django.utils import timezone

from saleor_picqer.models import HookRegistration, InboxEvent, ReconcileRun
from tests.integration.support.api import Json
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, order_event, signed
from tests.integration.support.staff_api import StaffApi

SIGNS = """
query ($channel: String) {
  picqerStatus(channel: $channel) {
    webhooks { alive checkedAt wrongSince problem }
    lastDelivery
    budget { limit remaining pausedSeconds }
    stockDrift { count repaired checkedAt }
    reconciles(first: 1) { counts { kind count text } }
  }
}
"""
BY_NUMBER = """
query ($number: String!) {
  picqerDeliveries(filter: {orderNumber: $number}) { edges { node { event orderNumber } } }
}
"""


def signs(shop: ConnectedShop) -> Json:
    answer = shop.shop.admin_api.query(SIGNS, channel=shop.shop.channel_slug)
    return answer["picqerStatus"]


def test_signs_of_life_cost_no_request(stocked_shop: ConnectedShop) -> None:
    stocked_shop.full_sync()
    stocked_shop.reset_requests()
    InboxEvent.objects.all().delete()
    before = timezone.now()
    assert signs(stocked_shop)["lastDelivery"] is None
    signed(stocked_shop, BODY)

    found = signs(stocked_shop)

    assert stocked_shop.requests() == {}
    assert found["webhooks"]["alive"]
    assert found["webhooks"]["problem"] == ""
    assert found["lastDelivery"] >= before.isoformat()
    assert found["budget"]["limit"] == 500
    assert 0 < found["budget"]["remaining"] <= 500
    assert found["budget"]["pausedSeconds"] == 0
    assert found["stockDrift"] is None


def test_budget_shows_a_pause_of_all_workers(stocked_shop: ConnectedShop) -> None:
    stocked_shop.fail_next("POST", "/orders", "429", seconds=30)
    stocked_shop.order(BEANS=1)

    assert 0 < signs(stocked_shop)["budget"]["pausedSeconds"] <= 30


def test_webhooks_are_not_alive_when_they_could_not_be_checked(
    stocked_shop: ConnectedShop,
) -> None:
    HookRegistration.objects.update(last_error="Picqer refuses the key.")

    found = signs(stocked_shop)["webhooks"]

    assert (found["alive"], found["problem"]) == (False, "Picqer refuses the key.")


def test_drift_is_what_the_last_completed_reconcile_found(stocked_shop: ConnectedShop) -> None:
    channel, now = stocked_shop.shop.channel_pk, timezone.now()
    done = {"channel": channel, "cause": "request", "status": "done", "finished_at": now}
    ReconcileRun.objects.create(apply=True, counts={"stock": 7}, **done)
    ReconcileRun.objects.create(apply=False, counts={"stock": 3, "hooks": 1}, **done)
    ReconcileRun.objects.create(apply=True, channel=channel, cause="request", status="failed")

    found = signs(stocked_shop)

    assert (found["stockDrift"]["count"], found["stockDrift"]["repaired"]) == (3, False)
    assert len(found["reconciles"]) == 1


@pytest.mark.parametrize("number", ["in Saleor", "in Picqer"])
def test_deliveries_are_found_by_the_number_of_their_order(
    stocked_shop: ConnectedShop, staff: StaffApi, number: str
) -> None:
    first, second = (stocked_shop.order(BEANS=1) for _ in range(2))
    InboxEvent.objects.all().delete()
    for order in (first, second):
        signed(stocked_shop, order_event(stocked_shop, order))
    stocked_shop.run_until_idle()
    own = stocked_shop.number(first)
    wanted = own if number == "in Saleor" else stocked_shop.row(first).remote_number

    found = staff.api.query(BY_NUMBER, number=wanted)["picqerDeliveries"]["edges"]

    assert [edge["node"] for edge in found] == [
        {"event": "orders.status_changed", "orderNumber": own}
    ]


def test_number_of_no_order_finds_no_delivery(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    signed(stocked_shop, BODY)

    for number in ("999999", "\x00", ""):
        found = staff.api.query(BY_NUMBER, number=number)["picqerDeliveries"]["edges"]
        assert found == []
