"""The query `picqerChannels`, and actions on all orders stopped by a cause."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer.models import AlarmState, OutboxOrder
from tests.integration.support.api import Api, Json
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import StaffApi, staff_of_another_channel

CHANNELS = """
{
  picqerChannels {
    slug active
    orders { stage count }
    causes { text count since retryable skippable }
    status { events { status count } lastSweep lastRun { status } }
  }
}
"""
ORDERS = """
query ($cause: String) { picqerOrders(first: 10, cause: $cause) { edges { node { actions } } } }
"""
BY_CAUSE = """
mutation ($cause: String!, $orders: [ID!]) {
  FIELD(cause: $cause, orders: $orders) { count errors { field code message order } }
}
"""
VAT = "Picqer has no VAT group of 8 %."


def fail(shop: ConnectedShop, count: int, error: str = VAT, attention: str = VAT) -> None:
    """Add orders that the plugin has given up, without orders in Saleor."""
    first = OutboxOrder.objects.count()
    OutboxOrder.objects.bulk_create(
        OutboxOrder(
            order_pk=f"00000000-0000-0000-0000-{number:012}"
            if IS_SALEOR_3
            else str(10**6 + number),
            channel=shop.shop.channel_pk,
            stage="failed",
            last_error=error,
            attention=attention,
        )
        for number in range(first, first + count)
    )


def channels(api: Api) -> list[Json]:
    return api.raw(CHANNELS)["data"]["picqerChannels"]


def test_failures_are_grouped_by_cause(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    fail(stocked_shop, 2)
    fail(stocked_shop, 3, error="Picqer did not answer.", attention="")
    fail(stocked_shop, 1, error="", attention="Look at the order.")

    (channel,) = channels(staff.api)

    assert (channel["slug"], channel["active"]) == (stocked_shop.shop.channel_slug, True)
    assert channel["orders"] == [{"stage": "FAILED", "count": 6}]
    assert [(one["text"], one["count"]) for one in channel["causes"]] == [
        ("Picqer did not answer.", 3),
        (VAT, 2),
        ("Look at the order.", 1),
    ]
    assert all(one["since"] for one in channel["causes"])
    assert [one["retryable"] for one in channel["causes"]] == [3, 2, 0]
    assert [one["skippable"] for one in channel["causes"]] == [3, 2, 1]


def test_texts_that_name_the_order_in_picqer_are_one_cause(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    fail(stocked_shop, 3, error="", attention="")
    for number, row in enumerate(OutboxOrder.objects.all()):
        row.remote_id, row.remote_number = number + 1, f"O2026-{number}"
        row.stage, row.attention = "completed", f"Picqer had shipped order O2026-{number}."
        row.save()

    (channel,) = channels(staff.api)

    (cause,) = channel["causes"]
    assert cause["text"] == "Picqer had shipped order …."
    assert [cause[name] for name in ("count", "retryable", "skippable")] == [3, 0, 0]
    found = staff.api.raw(ORDERS, cause=cause["text"])["data"]["picqerOrders"]["edges"]
    assert len(found) == 3


def test_staff_of_orders_do_not_see_what_concerns_the_plugin(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    (channel,) = channels(staff.api)
    assert channel["status"] is None

    (channel,) = channels(stocked_shop.shop.admin_api)
    assert channel["status"]["lastRun"]["status"] == "DONE"


def test_alarms_and_last_run_are_shown_with_either_permission(
    stocked_shop: ConnectedShop,
) -> None:
    AlarmState.objects.create(
        key="hooks_dead", channel=stocked_shop.shop.channel_pk, since=timezone.now(), count=1
    )
    document = "{ picqerChannels { alarms { key advice } lastRun { status } } }"

    for permission in ("manage_orders", "manage_plugins"):
        api = stocked_shop.shop.staff_api(permission, email=f"{permission}@example.com")
        (channel,) = api.query(document)["picqerChannels"]
        assert "HOOKS_DEAD" in {alarm["key"] for alarm in channel["alarms"]}
        assert channel["lastRun"] == {"status": "DONE"}


def test_manager_of_plugins_does_not_see_orders(stocked_shop: ConnectedShop) -> None:
    fail(stocked_shop, 1)
    manager = stocked_shop.shop.staff_api("manage_plugins", email="manager@example.com")

    (channel,) = channels(manager)

    assert (channel["orders"], channel["causes"]) == (None, None)
    assert channel["status"] is not None


def test_customers_see_no_channels(customer_api: Api, stocked_shop: ConnectedShop) -> None:
    answer = customer_api.raw(CHANNELS)

    assert answer["data"]["picqerChannels"] is None
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_channel_is_hidden_from_staff_of_another_channel(stocked_shop: ConnectedShop) -> None:
    assert channels(staff_of_another_channel(stocked_shop.shop)) == []


def test_statements_do_not_grow_with_the_number_of_failed_orders(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            channels(staff.api)
        return sum('"saleor_picqer_' in query["sql"] for query in captured)

    fail(stocked_shop, 1)
    few = statements()
    fail(stocked_shop, 10_000)

    assert statements() == few == 2
    (channel,) = channels(staff.api)
    assert channel["causes"][0]["count"] == 10_001


def test_orders_of_a_cause_are_listed(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    fail(stocked_shop, 2)
    fail(stocked_shop, 1, error="Picqer did not answer.", attention="")
    document = "query ($c: String!) { picqerOrders(cause: $c) { edges { node { lastError } } } }"

    found = staff.api.query(document, c="Picqer did not answer.")["picqerOrders"]["edges"]

    assert [one["node"]["lastError"] for one in found] == ["Picqer did not answer."]
    assert staff.api.query(document, c="\x00")["picqerOrders"]["edges"] == []


def test_orders_of_a_cause_are_retried_together(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    fail(stocked_shop, 2)
    fail(stocked_shop, 1, error="Picqer did not answer.", attention="")

    payload = staff.api.query(BY_CAUSE.replace("FIELD", "picqerRetryOrders"), cause=VAT)

    assert payload["picqerRetryOrders"]["count"] == 2
    assert OutboxOrder.objects.get(last_error="Picqer did not answer.").stage == "failed"


def test_orders_of_a_cause_are_kept_from_picqer_together(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    fail(stocked_shop, 2)
    in_picqer = OutboxOrder.objects.order_by("pk").last()
    assert in_picqer is not None
    OutboxOrder.objects.filter(pk=in_picqer.pk).update(remote_id=7)

    payload = staff.api.raw(BY_CAUSE.replace("FIELD", "picqerSkipOrders"), cause=VAT)

    result = payload["data"]["picqerSkipOrders"]
    assert (result["count"], [error["code"] for error in result["errors"]]) == (1, ["IN_PICQER"])


@pytest.mark.parametrize("field", ["picqerRetryOrders", "picqerSkipOrders"])
def test_mutation_refuses_a_cause_beside_orders(staff: StaffApi, field: str) -> None:
    payload = staff.api.raw(BY_CAUSE.replace("FIELD", field), cause=VAT, orders=[])

    assert payload["data"][field]["errors"][0]["code"] == "INVALID"


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_cause_of_another_channel_is_refused(stocked_shop: ConnectedShop) -> None:
    fail(stocked_shop, 1)
    stranger = staff_of_another_channel(stocked_shop.shop)

    for field in ("picqerRetryOrders", "picqerSkipOrders"):
        answer = stranger.raw(BY_CAUSE.replace("FIELD", field), cause=VAT)
        assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert OutboxOrder.objects.get().stage == "failed"
