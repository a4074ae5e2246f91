"""The query `picqerOrder`: where an order is, or why it is not sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.plugins.models import PluginConfiguration

from saleor_picqer.domain.explanations import CODE_TEXTS, Code
from saleor_picqer.models import ChannelState, OutboxOrder
from tests.integration.support.api import Api, ApiError, to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import (
    EXPLAIN,
    StaffApi,
    cancel_in_picqer,
    failed_order,
    staff_of_another_channel,
)

NOBODYS = "00000000-0000-0000-0000-000000000000" if IS_SALEOR_3 else "999999999"


def drafted(stocked: ConnectedShop) -> str:
    return stocked.shop.draft({"BEANS": 1})


def cancelled(stocked: ConnectedShop) -> str:
    order = stocked.place(BEANS=1)
    OutboxOrder.objects.all().delete()
    stocked.shop.cancel(order)
    return order


def by_courier(stocked: ConnectedShop) -> str:
    return stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")


def while_switched_off(stocked: ConnectedShop) -> str:
    stocked.shop.configure_plugin(active=False)
    return stocked.place(BEANS=1)


def before_the_plugin_was_switched_on(stocked: ConnectedShop) -> str:
    order = stocked.place(BEANS=1)
    ChannelState.objects.update(orders_from=timezone.now() + timedelta(hours=1))
    stocked.run_until_idle()
    return order


def unpaid(stocked: ConnectedShop) -> str:
    stocked.connect(push_when="paid")
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.run_until_idle()
    return order


def not_picked_up_yet(stocked: ConnectedShop) -> str:
    return stocked.place(BEANS=1)


def not_recorded_yet(stocked: ConnectedShop) -> str:
    order = stocked.place(BEANS=1)
    OutboxOrder.objects.all().delete()
    return order


def leased(stocked: ConnectedShop) -> str:
    order = stocked.place(BEANS=1)
    OutboxOrder.objects.update(lease="w1", leased_until=timezone.now() + timedelta(minutes=5))
    return order


def unanswered(stocked: ConnectedShop) -> str:
    stocked.fail_next("POST", "/orders", "500")
    return stocked.order(BEANS=1)


def paused(stocked: ConnectedShop) -> str:
    order = stocked.place(BEANS=1)
    ChannelState.objects.update(open_until=timezone.now() + timedelta(minutes=5))
    return order


def skipped(stocked: ConnectedShop) -> str:
    order = stocked.place(BEANS=1)
    StaffApi(stocked.shop.admin_api).skip(order)
    stocked.run_until_idle()
    return order


def sent_from_another_account(stocked: ConnectedShop) -> str:
    order = stocked.order(BEANS=1)
    OutboxOrder.objects.update(account="https://former.picqer.com")
    return order


def processed(stocked: ConnectedShop) -> str:
    return stocked.order(BEANS=1)


def shipped(stocked: ConnectedShop) -> str:
    order = stocked.order(BEANS=1)
    stocked.ship(order)
    stocked.run_until_idle()
    return order


def cancelled_by_the_warehouse(stocked: ConnectedShop) -> str:
    stocked.connect(cancel_in_saleor=False)
    order = stocked.order(BEANS=1)
    cancel_in_picqer(stocked, order)
    return order


def deleted(stocked: ConnectedShop) -> str:
    stocked.place(BEANS=1)
    OutboxOrder.objects.update(order_pk=NOBODYS)
    return NOBODYS


@pytest.mark.parametrize(
    ("prepare", "code", "has_record"),
    [
        (drafted, Code.DRAFT, False),
        (cancelled, Code.CANCELLED, False),
        (by_courier, Code.METHOD_NOT_HANDLED, False),
        (while_switched_off, Code.SWITCHED_OFF, False),
        (not_recorded_yet, Code.DUE, False),
        (before_the_plugin_was_switched_on, Code.PLACED_TOO_EARLY, True),
        (unpaid, Code.WAITS_FOR_PAYMENT, True),
        (not_picked_up_yet, Code.DUE, True),
        (leased, Code.BUSY, True),
        (unanswered, Code.POSTPONED, True),
        (paused, Code.PICQER_SILENT, True),
        (failed_order, Code.FAILED, True),
        (skipped, Code.SKIPPED_BY_STAFF, True),
        (sent_from_another_account, Code.IN_OTHER_ACCOUNT, True),
        (processed, Code.PROCESSED, True),
        (shipped, Code.COMPLETED, True),
        (cancelled_by_the_warehouse, Code.CANCELLED_IN_PICQER, True),
        (deleted, Code.DELETED, True),
    ],
)
def test_every_order_has_an_answer(
    stocked_shop: ConnectedShop,
    staff: StaffApi,
    prepare: Callable[[ConnectedShop], str],
    code: Code,
    *,
    has_record: bool,
) -> None:
    """Failure mode F101."""
    order = prepare(stocked_shop)

    explained = staff.explain(order)

    assert explained["code"] == code.name
    assert (explained["record"] is not None) == has_record
    assert explained["orderId"] == staff.id_of(order)
    assert (explained["order"] is None) == (code is Code.DELETED)


def test_answer_names_the_setting_when_it_is_invalid(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.place(BEANS=1)
    stocked_shop.shop.configure_plugin(active=False, default_vat_rate="a lot")
    PluginConfiguration.objects.filter(identifier="picqer").update(active=True)

    explained = staff.explain(order)

    assert explained["code"] == "INVALID_SETTINGS"
    assert "Default VAT rate" in explained["details"][0]


def test_answer_names_the_place_in_picqer(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    order = stocked_shop.order(BEANS=1)

    details = staff.explain(order)["details"]

    assert f"Number in Picqer: {stocked_shop.remote(order)['orderid']}." in details
    assert "Status in Picqer: processing." in details
    assert f"Status page: {stocked_shop.row(order).status_page}" in details


def test_answer_says_until_when_the_order_waits(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = unanswered(stocked_shop)

    explained = staff.explain(order)

    assert explained["until"]
    assert explained["details"] == [stocked_shop.row(order).last_error]


def test_answer_is_null_when_there_is_no_such_order(staff: StaffApi) -> None:
    assert staff.explain(NOBODYS) is None


@pytest.mark.parametrize("wrong", ["", "nonsense", to_global_id("Product", 1), "T3JkZXI6eA=="])
def test_query_is_refused_when_the_id_is_not_of_an_order(staff: StaffApi, wrong: str) -> None:
    with pytest.raises(ApiError, match="is not the ID of an order"):
        staff.api.query(EXPLAIN, order=wrong)


def test_statements_are_the_same_for_every_order(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    small = stocked_shop.place(BEANS=1)
    large = stocked_shop.order(BEANS=1, TEA=2)
    document = "query ($order: ID!) { picqerOrder(order: $order) { code title details } }"

    def statements(order: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            staff.api.query(document, order=staff.id_of(order))
        return len(captured)

    statements(small)  # fills Saleor's caches
    assert statements(small) == statements(large)


# --- who may


def test_query_is_refused_when_the_permission_is_missing(
    stocked_shop: ConnectedShop, customer_api: Api
) -> None:
    order = to_global_id("Order", stocked_shop.place(BEANS=1))
    clerk = stocked_shop.shop.staff_api("manage_plugins", "manage_products", email="c@example.com")

    for api in (customer_api, clerk, stocked_shop.shop.app_api("manage_plugins")):
        answer = api.raw(EXPLAIN, order=order)
        assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_answer_is_null_when_staff_are_limited_to_another_channel(
    stocked_shop: ConnectedShop,
) -> None:
    recorded = stocked_shop.order(BEANS=1)
    unrecorded = by_courier(stocked_shop)
    stranger = StaffApi(staff_of_another_channel(stocked_shop.shop))

    assert [stranger.explain(order) for order in (recorded, unrecorded, NOBODYS)] == [None] * 3


def test_schema_says_what_a_code_means(staff: StaffApi) -> None:
    document = '{ __type(name: "PicqerOrderExplanationCode") { enumValues { name description } } }'

    values = staff.api.query(document)["__type"]["enumValues"]

    assert {value["name"]: value["description"] for value in values} == {
        code.name: CODE_TEXTS[code].title for code in Code
    }
