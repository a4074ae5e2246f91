"""The query `picqerOrders`: orders on the way to Picqer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_picqer.domain.order_actions import STAGE_TEXTS
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import ApiError
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import StaffApi


def place(connected_shop: ConnectedShop, count: int) -> list[str]:
    """Place orders without pushing them."""
    return [connected_shop.shop.checkout({"BEANS": 1}) for _ in range(count)]


def test_list_shows_all_fields_of_an_order(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    pk = stocked_shop.order(BEANS=1)

    (order,) = staff.orders()

    remote, row = stocked_shop.picqer_order(pk), stocked_shop.row(pk)
    times = [order.pop(name) for name in ("createdAt", "updatedAt")]
    assert all(times)
    assert order == {
        "orderId": staff.id_of(pk),
        "order": {"id": staff.id_of(pk)},
        "number": stocked_shop.shop.order(pk).number,
        "channel": stocked_shop.shop.channel_slug,
        "stage": "PROCESSED",
        "reference": remote["reference"],
        "picqerId": str(remote["idorder"]),
        "picqerNumber": remote["orderid"],
        "picqerStatus": "processing",
        "statusPage": row.status_page,
        "attempts": 0,
        "notBefore": None,
        "waitingFor": "",
        "lastError": "",
        "attention": "",
    }


def test_list_says_why_an_order_is_not_sent(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    stocked_shop.connect(push_when="paid")
    stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    stocked_shop.run_until_idle()
    stocked_shop.fail_next("POST", "/orders", "500")
    stocked_shop.order(BEANS=1)

    failing, waiting = staff.orders()

    assert (waiting["stage"], waiting["waitingFor"]) == ("PENDING", "The order is not paid yet.")
    assert (failing["stage"], failing["attempts"]) == ("CREATING", 1)
    assert failing["lastError"]
    assert failing["notBefore"]


@pytest.mark.parametrize("operation", ["push", "retry", "skip"])
def test_list_begins_with_the_order_changed_last(
    stocked_shop: ConnectedShop, staff: StaffApi, operation: str
) -> None:
    first, second, third = place(stocked_shop, 3)
    OutboxOrder.objects.update(last_error="no answer")

    getattr(staff, operation)(second)

    assert staff.pks() == [second, third, first]


def test_pages_follow_each_other(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    orders = place(stocked_shop, 5)
    # All at the same moment: what tells them apart is their own order.
    OutboxOrder.objects.update(updated_at=stocked_shop.row(orders[0]).updated_at)

    first = staff.page(first=2)
    second = staff.page(first=2, after=first["pageInfo"]["endCursor"])
    third = staff.page(first=2, after=second["pageInfo"]["endCursor"])

    pages = [[edge["node"]["orderId"] for edge in page["edges"]] for page in (first, second, third)]
    newest = [staff.id_of(pk) for pk in reversed(orders)]
    assert pages == [newest[:2], newest[2:4], newest[4:]]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, third)] == [
        True,
        True,
        False,
    ]
    assert [page["totalCount"] for page in (first, second, third)] == [5, 5, 5]


def test_page_is_empty_when_no_order_matches(staff: StaffApi) -> None:
    page = staff.page()

    assert page == {
        "totalCount": 0,
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


def test_list_is_filtered_by_stage(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    sent = stocked_shop.order(BEANS=1)
    skipped, waiting = place(stocked_shop, 2)
    staff.skip(skipped)

    assert staff.pks(stage="PROCESSED") == [sent]
    assert staff.pks(stage="SKIPPED") == [skipped]
    assert staff.pks(stage="PENDING") == [waiting]


def test_list_is_filtered_by_attention(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    well, failing, flagged, skipped = place(stocked_shop, 4)
    OutboxOrder.objects.filter(order_pk=failing).update(last_error="no answer")
    OutboxOrder.objects.filter(order_pk=flagged).update(attention="still open here")
    OutboxOrder.objects.filter(order_pk=skipped).update(stage="skipped")

    assert set(staff.pks(attention=True)) == {failing, flagged}
    assert set(staff.pks(attention=False)) == {well, skipped}
    assert len(staff.pks()) == 4


def test_status_shows_what_asks_for_attention(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    _well, flagged = place(stocked_shop, 2)
    OutboxOrder.objects.filter(order_pk=flagged).update(attention="still open here")

    (order,) = stocked_shop.status()["attention"]

    assert order["orderId"] == staff.id_of(flagged)
    assert order["number"] == stocked_shop.shop.order(flagged).number


def test_list_is_filtered_by_channel(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    here, elsewhere = place(stocked_shop, 2)
    OutboxOrder.objects.filter(order_pk=elsewhere).update(channel="elsewhere")

    assert staff.pks(channel=stocked_shop.shop.channel_slug) == [here]
    assert staff.pks(channel="nowhere") == []


@pytest.mark.parametrize("kind", ["orderid", "reference", "number"])
def test_order_is_found_by_number(stocked_shop: ConnectedShop, staff: StaffApi, kind: str) -> None:
    stocked_shop.connect(reference_prefix="NL-")
    order = stocked_shop.order(BEANS=1)
    place(stocked_shop, 1)
    remote = stocked_shop.remote(order)
    number = stocked_shop.shop.order(order).number if kind == "number" else remote[kind]

    assert staff.pks(number=number) == [order]
    assert staff.pks(number=number, stage="PENDING") == []
    assert staff.pks(number="no such number") == []


def test_order_is_listed_when_it_was_deleted_in_saleor(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    (order,) = place(stocked_shop, 1)
    gone = "00000000-0000-0000-0000-000000000000" if IS_SALEOR_3 else "999999999"
    OutboxOrder.objects.filter(order_pk=order).update(order_pk=gone)

    assert [(order["number"], order["order"]) for order in staff.orders()] == [("", None)]


def test_statements_do_not_grow_with_the_orders(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    place(stocked_shop, 5)

    def statements(**arguments: Any) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            staff.page(**arguments)
        return len(captured)

    assert statements(first=1) == statements(first=5)


@pytest.mark.parametrize("first", [0, -1, 101])
def test_page_is_refused_when_its_size_is_out_of_range(staff: StaffApi, first: int) -> None:
    with pytest.raises(ApiError, match="from 1 to 100"):
        staff.page(first=first)


@pytest.mark.parametrize("cursor", ["nonsense", "W10=", "WyJ4IiwgIjEiXQ==", "e30="])
def test_page_is_refused_when_the_cursor_is_invalid(staff: StaffApi, cursor: str) -> None:
    with pytest.raises(ApiError, match="must be a cursor"):
        staff.page(after=cursor)


def test_schema_says_what_a_stage_means(staff: StaffApi) -> None:
    document = '{ __type(name: "PicqerOrderStage") { enumValues { name description } } }'

    values = staff.api.query(document)["__type"]["enumValues"]

    assert {value["name"]: value["description"] for value in values} == {
        stage.name: STAGE_TEXTS[stage] for stage in Stage
    }
