"""The query `picqerDeliveries` and the mutation `picqerReplayDeliveries`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer.models import InboxEvent
from saleor_picqer.store.deliveries import order_pks
from tests.integration.support.api import Api, ApiError, Json, to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.deliveries import BODY, order_event, signed, stock_event
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import StaffApi, staff_of_another_channel

DELIVERIES = """
query ($channel: String, $filter: PicqerDeliveryFilterInput, $first: Int = 100, $after: String) {
  picqerDeliveries(channel: $channel, filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      node {
        id channel status topic event picqerId orderId triggeredAt receivedAt handledAt
        attempts notBefore lastError
      }
    }
  }
}
"""
REPLAY = """
mutation ($ids: [ID!], $channel: String, $filter: PicqerDeliveryFilterInput) {
  picqerReplayDeliveries(ids: $ids, channel: $channel, filter: $filter) {
    count deliveries { id status } errors { field code message delivery }
  }
}
"""
UNKNOWN = to_global_id("PicqerDelivery", "999999")


@pytest.fixture
def api(connected_shop: ConnectedShop) -> Api:
    return connected_shop.shop.staff_api("manage_orders", email="orders@example.com")


def nodes(api: Api, **variables: Any) -> list[Json]:
    found = api.query(DELIVERIES, **variables)["picqerDeliveries"]
    return [edge["node"] for edge in found["edges"]]


def replay(api: Api, **variables: Any) -> Json:
    answer = api.raw(REPLAY, **variables)
    return answer["data"]["picqerReplayDeliveries"]


def id_of(event: InboxEvent) -> str:
    return to_global_id("PicqerDelivery", str(event.pk))


def test_list_shows_a_delivery_without_its_body(stocked_shop: ConnectedShop, api: Api) -> None:
    order = stocked_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    signed(stocked_shop, order_event(stocked_shop, order, deliveryname="Jan Jansen"))
    stocked_shop.run_until_idle()

    (found,) = nodes(api)

    assert all(found.pop(name) for name in ("receivedAt", "handledAt"))
    assert found == {
        "id": id_of(InboxEvent.objects.get()),
        "channel": stocked_shop.shop.channel_slug,
        "status": "DONE",
        "topic": "ORDER",
        "event": "orders.status_changed",
        "picqerId": str(stocked_shop.row(order).remote_id),
        "orderId": to_global_id("Order", order),
        "triggeredAt": "2026-02-03 11:20:05",
        "attempts": 0,
        "notBefore": None,
        "lastError": "",
    }


def test_delivery_names_its_order_when_the_order_was_entered_again(
    stocked_shop: ConnectedShop, api: Api
) -> None:
    """Failure mode F49: deliveries about the former order in Picqer are the order's, too."""
    stocked_shop.connect(cancel_in_saleor=False)
    order = stocked_shop.order(BEANS=1)
    former = stocked_shop.row(order).remote_id
    stocked_shop.picqer_api("DELETE", f"/orders/{former}?force=true")
    stocked_shop.run_until_idle()
    entered = stocked_shop.enter_in_picqer(stocked_shop.number(order), BEANS=1)
    stocked_shop.picqer_api("POST", f"/orders/{entered}/process")
    stocked_shop.run_until_idle()
    assert stocked_shop.row(order).former_ids == [former]
    rows = list(InboxEvent.objects.filter(topic=InboxEvent.Topic.ORDER))
    assert {row.object_id for row in rows} == {former, entered}

    with CaptureQueriesContext(connection) as captured:
        named = order_pks(rows)

    assert named == {row.pk: order for row in rows}
    assert len(captured) == 1
    other = rows[0]
    other.account = "another account"
    assert order_pks([other]) == {}
    shown = {node["orderId"] for node in nodes(api) if node["topic"] == "ORDER"}
    assert shown == {to_global_id("Order", order)}


def test_list_is_filtered_and_paged(stocked_shop: ConnectedShop, api: Api) -> None:
    order = stocked_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    for body in (BODY, order_event(stocked_shop, order), stock_event(stocked_shop, "BEANS")):
        signed(stocked_shop, body)
    stocked_shop.run_until_idle()
    foreign, about_order, about_stock = map(id_of, InboxEvent.objects.order_by("pk"))
    hour = timedelta(hours=1)
    now = timezone.now()
    InboxEvent.objects.filter(topic="stock").update(received_at=now - hour)

    def ids(**conditions: Any) -> list[str]:
        return [node["id"] for node in nodes(api, filter=conditions)]

    assert ids() == [about_stock, about_order, foreign]
    assert ids(status="IGNORED") == [foreign]
    assert ids(event="products.free_stock_changed") == [about_stock]
    assert ids(order=to_global_id("Order", order)) == [about_order]
    assert ids(until=(now - hour / 2).isoformat()) == [about_stock]
    assert ids(since=(now - hour / 2).isoformat()) == [about_order, foreign]
    assert ids(event="\x00") == []
    assert nodes(api, channel="unknown") == []
    first = api.query(DELIVERIES, first=2)["picqerDeliveries"]
    cursor = first["pageInfo"]["endCursor"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert [node["id"] for node in nodes(api, first=2, after=cursor)] == [foreign]


@pytest.mark.parametrize("variables", [{"first": 0}, {"first": 101}, {"after": "x"}])
def test_page_is_refused_when_it_cannot_be_read(
    connected_shop: ConnectedShop, api: Api, variables: Json
) -> None:
    with pytest.raises(ApiError):
        nodes(api, **variables)


def test_delivery_is_handled_again_when_it_is_replayed(
    stocked_shop: ConnectedShop, api: Api
) -> None:
    order = stocked_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    signed(stocked_shop, order_event(stocked_shop, order))
    stocked_shop.run_until_idle()
    event = InboxEvent.objects.get()
    stocked_shop.ship(order)
    stocked_shop.webhooks.pending.clear()

    answer = replay(api, ids=[id_of(event)])

    assert answer == {
        "count": 1,
        "deliveries": [{"id": id_of(event), "status": "RECEIVED"}],
        "errors": [],
    }
    stocked_shop.run_until_idle()
    assert stocked_shop.shop.order(order).status == "FULFILLED"


def test_deliveries_are_replayed_when_a_filter_names_them(
    connected_shop: ConnectedShop, api: Api
) -> None:
    for body in (b"1", b"2", BODY):
        signed(connected_shop, body)
    connected_shop.run_until_idle()

    answer = replay(api, filter={"status": "FAILED"})

    assert (answer["count"], answer["errors"]) == (2, [])
    assert connected_shop.worker.pending == ["work_off_inbox"]


def test_deliveries_are_replayed_when_a_filter_names_their_event_or_time(
    stocked_shop: ConnectedShop, api: Api
) -> None:
    order = stocked_shop.order(BEANS=1)
    InboxEvent.objects.all().delete()
    for body in (order_event(stocked_shop, order), stock_event(stocked_shop, "BEANS")):
        signed(stocked_shop, body)
    stocked_shop.run_until_idle()
    about_order, about_stock = map(id_of, InboxEvent.objects.order_by("pk"))
    now = timezone.now()
    InboxEvent.objects.filter(topic="stock").update(received_at=now - timedelta(hours=1))

    def replayed(**conditions: Any) -> list[str]:
        answer = replay(api, filter=conditions)
        assert (answer["count"], answer["errors"]) == (1, [])
        stocked_shop.run_until_idle()
        return [delivery["id"] for delivery in answer["deliveries"]]

    half_an_hour_ago = (now - timedelta(minutes=30)).isoformat()
    assert replayed(event="orders.status_changed") == [about_order]
    assert replayed(event="products.free_stock_changed") == [about_stock]
    assert replayed(since=half_an_hour_ago) == [about_order]
    assert replayed(until=half_an_hour_ago) == [about_stock]


def test_each_refusal_has_its_reason(connected_shop: ConnectedShop, api: Api) -> None:
    """Failure mode F111: what was dropped cannot be replayed."""
    for body in (b"dropped", b"done"):
        signed(connected_shop, body)
    connected_shop.run_until_idle()
    signed(connected_shop, b"waiting")
    signed(connected_shop, b"done")
    dropped, first, waiting, again = InboxEvent.objects.order_by("pk")
    InboxEvent.objects.filter(pk=dropped.pk).update(body=b"")

    answer = replay(
        api,
        ids=[
            *map(id_of, (dropped, first, waiting, again)),
            UNKNOWN,
            "x",
            to_global_id("Order", "1"),
        ],
    )

    assert answer["count"] == 0
    assert {error["delivery"]: error["code"] for error in answer["errors"]} == {
        id_of(dropped): "BODY_DROPPED",
        id_of(first): "STILL_WAITING",
        id_of(waiting): "STILL_WAITING",
        id_of(again): "STILL_WAITING",
        UNKNOWN: "NO_DELIVERY",
        "x": "NO_DELIVERY",
        to_global_id("Order", "1"): "NO_DELIVERY",
    }
    assert all(error["message"].startswith(error["delivery"]) for error in answer["errors"])


@pytest.mark.parametrize("variables", [{}, {"ids": ["x"], "filter": {}}, {"ids": [UNKNOWN] * 251}])
def test_replay_is_refused_when_the_arguments_are_not_valid(
    connected_shop: ConnectedShop, api: Api, variables: Json
) -> None:
    answer = replay(api, **variables)

    assert [error["code"] for error in answer["errors"]] == ["INVALID"]


def test_deliveries_are_hidden_from_staff_without_permission(
    connected_shop: ConnectedShop,
) -> None:
    clerk = connected_shop.shop.staff_api("manage_products", email="clerk@example.com")

    for document, variables in ((DELIVERIES, {}), (REPLAY, {"ids": [UNKNOWN]})):
        with pytest.raises(ApiError, match="ermission"):
            clerk.query(document, **variables)


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_deliveries_of_other_channels_are_hidden_from_restricted_staff(
    connected_shop: ConnectedShop, staff: StaffApi
) -> None:
    """Failure mode F105."""
    signed(connected_shop, BODY)
    connected_shop.run_until_idle()
    stranger = staff_of_another_channel(connected_shop.shop)
    event = InboxEvent.objects.get(body=BODY)

    assert nodes(stranger) == []
    assert replay(stranger, filter={})["count"] == 0
    for variables in (
        {"ids": [id_of(event)]},
        {"channel": connected_shop.shop.channel_slug, "filter": {}},
    ):
        with pytest.raises(ApiError):
            stranger.query(REPLAY, **variables)
    event.refresh_from_db()
    assert event.status == "ignored"
