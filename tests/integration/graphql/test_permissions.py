"""Who sees which orders: Saleor's own rules hold for the plugin's queries and mutations."""

from __future__ import annotations

import pytest

from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import Api, ApiError, Json, to_global_id
from tests.integration.support.connected_shop import FULL_SYNC, ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import (
    ORDERS,
    PUSH,
    RETRY,
    SKIP,
    StaffApi,
    staff_of_another_channel,
)

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")

STATUS = """
query ($channel: String) {
  picqerStatus(channel: $channel) {
    channel active
    orders { stage count }
    events { status count }
    attention { orderId number reference lastError order { id } }
    lastRun { status problems }
  }
}
"""
OF_ORDERS = {"orders", "attention"}
DELETED = "00000000-0000-0000-0000-000000000000" if IS_SALEOR_3 else "999999999"


@pytest.fixture
def failing(stocked_shop: ConnectedShop) -> str:
    """Return the pk of an order that keeps failing."""
    order = stocked_shop.place(BEANS=1)
    OutboxOrder.objects.update(last_error="no answer", stage="failed")
    return order


def status(api: Api, stocked_shop: ConnectedShop) -> Json:
    return api.raw(STATUS, channel=stocked_shop.shop.channel_slug)


def refused_fields(answer: Json) -> set[str]:
    """Return the names of the fields that the requestor may not read, all of them null."""
    errors = answer.get("errors", [])
    assert {e["extensions"]["exception"]["code"] for e in errors} <= {"PermissionDenied"}
    assert all(answer["data"]["picqerStatus"][e["path"][-1]] is None for e in errors)
    return {e["path"][-1] for e in errors}


def shows_all(answer: Json, stocked_shop: ConnectedShop, order: str) -> bool:
    assert "errors" not in answer
    found = answer["data"]["picqerStatus"]
    (shown,) = found["attention"]
    assert found["orders"] == [{"stage": "FAILED", "count": 1}]
    assert shown["number"] == stocked_shop.number(order)
    return shown["order"] == {"id": to_global_id("Order", order)}


# --- the status


def test_status_shows_no_order_when_staff_manage_only_plugins(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    """Failure mode F105."""
    clerk = stocked_shop.shop.staff_api("manage_plugins", email="clerk@example.com")
    app = stocked_shop.shop.app_api("manage_plugins")

    for api in (clerk, app):
        answer = status(api, stocked_shop)
        assert refused_fields(answer) == OF_ORDERS
        assert answer["data"]["picqerStatus"]["lastRun"]["status"] == "DONE"
        assert stocked_shop.number(failing) not in str(answer["data"])


@only_saleor_3
def test_status_shows_no_order_when_its_channel_is_closed_to_staff(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    """Failure mode F105."""
    api = staff_of_another_channel(stocked_shop.shop, "manage_orders", "manage_plugins")

    answer = status(api, stocked_shop)

    assert refused_fields(answer) == OF_ORDERS
    assert answer["data"]["picqerStatus"]["channel"] == stocked_shop.shop.channel_slug


def test_status_shows_orders_when_they_may_be_managed(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    permissions = ("manage_orders", "manage_plugins")
    manager = stocked_shop.shop.staff_api(*permissions, email="manager@example.com")

    for api in (manager, stocked_shop.shop.app_api(*permissions)):
        assert shows_all(status(api, stocked_shop), stocked_shop, failing)


def test_everything_is_refused_when_no_permission_is_given(
    stocked_shop: ConnectedShop, customer_api: Api, failing: str
) -> None:
    outsider = stocked_shop.shop.staff_api("manage_products", email="outsider@example.com")
    order = to_global_id("Order", failing)

    for api in (customer_api, outsider, stocked_shop.shop.app_api("manage_products")):
        for document in (STATUS, ORDERS, FULL_SYNC, PUSH, RETRY, SKIP):
            variables = {"orders": [order]} if "$orders" in document else {}
            answer = api.raw(document, **variables)
            assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
            assert not any((answer["data"] or {}).values())


# --- the list


def test_list_is_given_to_an_app_that_manages_orders(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    assert StaffApi(stocked_shop.shop.app_api("manage_orders")).pks() == [failing]


def test_list_is_refused_when_staff_manage_only_plugins(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    clerk = stocked_shop.shop.staff_api("manage_plugins", "manage_products", email="c@example.com")

    for api in (clerk, stocked_shop.shop.app_api("manage_plugins")):
        answer = api.raw(ORDERS)
        assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@only_saleor_3
def test_list_is_empty_when_staff_are_limited_to_another_channel(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    stranger = StaffApi(staff_of_another_channel(stocked_shop.shop))

    assert stranger.pks() == []
    assert stranger.page()["totalCount"] == 0
    assert stranger.pks(number=stocked_shop.number(failing)) == []
    assert stranger.pks(channel="elsewhere") == []


@only_saleor_3
def test_list_is_refused_when_it_names_a_closed_channel(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    stranger = StaffApi(staff_of_another_channel(stocked_shop.shop))

    with pytest.raises(ApiError, match="access"):
        stranger.pks(channel=stocked_shop.shop.channel_slug)


# --- mutations


@only_saleor_3
def test_staff_cannot_act_on_a_deleted_order_of_a_closed_channel(
    stocked_shop: ConnectedShop, failing: str
) -> None:
    """Failure mode F105: the record is still there, and its fields would be in the answer."""
    OutboxOrder.objects.update(order_pk=DELETED)
    stranger = StaffApi(staff_of_another_channel(stocked_shop.shop))

    for act in (stranger.push, stranger.retry, stranger.skip):
        with pytest.raises(ApiError, match="access"):
            act(DELETED)


@only_saleor_3
def test_staff_cannot_retry_a_closed_channel_in_which_nothing_failed(
    stocked_shop: ConnectedShop,
) -> None:
    stranger = StaffApi(staff_of_another_channel(stocked_shop.shop))

    with pytest.raises(ApiError, match="access"):
        stranger.retry_all(stocked_shop.shop.channel_slug)
