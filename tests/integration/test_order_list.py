"""Looking through the orders on their way to Picqer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_picqer.domain.order_actions import STAGE_TEXTS
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import Api, ApiError
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.operators import ORDERS, Operator, staff_of_another_channel


def place(connected: Connected, count: int) -> list[str]:
    """Orders that nobody has sent yet."""
    return [connected.shop.checkout({"BEANS": 1}) for _ in range(count)]


def test_list_tells_all_about_an_order(stocked: Connected, operator: Operator) -> None:
    pk = stocked.order(BEANS=1)

    (order,) = operator.orders()

    remote, row = stocked.order_of(pk), stocked.row(pk)
    times = [order.pop(name) for name in ("createdAt", "updatedAt")]
    assert all(times)
    assert order == {
        "order": operator.id_of(pk),
        "number": stocked.shop.order(pk).number,
        "channel": stocked.shop.channel_slug,
        "stage": "PROCESSED",
        "reference": remote["reference"],
        "picqerId": str(remote["idorder"]),
        "picqerNumber": remote["orderid"],
        "picqerStatus": "processing",
        "statusPage": row.status_page,
        "attempts": 0,
        "notBefore": None,
        "waitingFor": "",
        "reason": "",
        "attention": "",
    }


def test_list_says_why_an_order_is_not_sent(stocked: Connected, operator: Operator) -> None:
    stocked.connect(push_when="paid")
    stocked.shop.draft_order({"BEANS": 1}, paid=False)
    stocked.settle()
    stocked.fault("POST", "/orders", "500")
    stocked.order(BEANS=1)

    failing, waiting = operator.orders()

    assert (waiting["stage"], waiting["waitingFor"]) == ("PENDING", "the order is not paid yet")
    assert (failing["stage"], failing["attempts"]) == ("CREATING", 1)
    assert failing["reason"]
    assert failing["notBefore"]


@pytest.mark.parametrize("operation", ["push", "retry", "skip"])
def test_what_changed_last_comes_first(
    stocked: Connected, operator: Operator, operation: str
) -> None:
    first, second, third = place(stocked, 3)
    OutboxOrder.objects.update(last_error="no answer")

    getattr(operator, operation)(second)

    assert operator.pks() == [second, third, first]


def test_pages_follow_each_other(stocked: Connected, operator: Operator) -> None:
    orders = place(stocked, 5)
    # All at the same moment: what tells them apart is their own order.
    OutboxOrder.objects.update(updated_at=stocked.row(orders[0]).updated_at)

    first = operator.page(first=2)
    second = operator.page(first=2, after=first["pageInfo"]["endCursor"])
    third = operator.page(first=2, after=second["pageInfo"]["endCursor"])

    pages = [[edge["node"]["order"] for edge in page["edges"]] for page in (first, second, third)]
    newest = [operator.id_of(pk) for pk in reversed(orders)]
    assert pages == [newest[:2], newest[2:4], newest[4:]]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, third)] == [
        True,
        True,
        False,
    ]
    assert [page["totalCount"] for page in (first, second, third)] == [5, 5, 5]


def test_page_is_empty_when_there_is_nothing(operator: Operator) -> None:
    page = operator.page()

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


def test_orders_of_one_stage(stocked: Connected, operator: Operator) -> None:
    sent = stocked.order(BEANS=1)
    skipped, waiting = place(stocked, 2)
    operator.skip(skipped)

    assert operator.pks(stage="PROCESSED") == [sent]
    assert operator.pks(stage="SKIPPED") == [skipped]
    assert operator.pks(stage="PENDING") == [waiting]


def test_orders_that_ask_for_attention(stocked: Connected, operator: Operator) -> None:
    well, failing, flagged, skipped = place(stocked, 4)
    OutboxOrder.objects.filter(order_pk=failing).update(last_error="no answer")
    OutboxOrder.objects.filter(order_pk=flagged).update(attention="still open here")
    OutboxOrder.objects.filter(order_pk=skipped).update(stage="skipped")

    assert set(operator.pks(attention=True)) == {failing, flagged}
    assert set(operator.pks(attention=False)) == {well, skipped}
    assert len(operator.pks()) == 4


def test_status_shows_what_asks_for_attention(stocked: Connected, operator: Operator) -> None:
    _well, flagged = place(stocked, 2)
    OutboxOrder.objects.filter(order_pk=flagged).update(attention="still open here")

    (order,) = stocked.status()["attention"]

    assert order["order"] == operator.id_of(flagged)
    assert order["number"] == stocked.shop.order(flagged).number


def test_orders_of_one_channel(stocked: Connected, operator: Operator) -> None:
    here, elsewhere = place(stocked, 2)
    OutboxOrder.objects.filter(order_pk=elsewhere).update(channel="elsewhere")

    assert operator.pks(channel=stocked.shop.channel_slug) == [here]
    assert operator.pks(channel="nowhere") == []


@pytest.mark.parametrize("kind", ["orderid", "reference", "number"])
def test_order_is_found_by_number(stocked: Connected, operator: Operator, kind: str) -> None:
    stocked.connect(reference_prefix="NL-")
    order = stocked.order(BEANS=1)
    place(stocked, 1)
    remote = stocked.remote(order)
    number = stocked.shop.order(order).number if kind == "number" else remote[kind]

    assert operator.pks(number=number) == [order]
    assert operator.pks(number=number, stage="PENDING") == []
    assert operator.pks(number="no such number") == []


def test_order_is_listed_when_saleor_has_lost_it(stocked: Connected, operator: Operator) -> None:
    (order,) = place(stocked, 1)
    gone = "00000000-0000-0000-0000-000000000000" if IS_SALEOR_3 else "999999999"
    OutboxOrder.objects.filter(order_pk=order).update(order_pk=gone)

    assert [order["number"] for order in operator.orders()] == [""]


def test_statements_do_not_grow_with_the_orders(stocked: Connected, operator: Operator) -> None:
    place(stocked, 5)

    def statements(**arguments: Any) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            operator.page(**arguments)
        return len(captured)

    assert statements(first=1) == statements(first=5)


@pytest.mark.parametrize("first", [0, -1, 101])
def test_page_of_another_size_is_refused(operator: Operator, first: int) -> None:
    with pytest.raises(ApiError, match="from 1 to 100"):
        operator.page(first=first)


@pytest.mark.parametrize("cursor", ["nonsense", "W10=", "WyJ4IiwgIjEiXQ==", "e30="])
def test_foreign_cursor_is_refused(operator: Operator, cursor: str) -> None:
    with pytest.raises(ApiError, match="no cursor"):
        operator.page(after=cursor)


def test_schema_says_what_a_stage_means(operator: Operator) -> None:
    document = '{ __type(name: "PicqerStage") { enumValues { name description } } }'

    values = operator.api.query(document)["__type"]["enumValues"]

    assert {value["name"]: value["description"] for value in values} == {
        stage.name: STAGE_TEXTS[stage] for stage in Stage
    }


# --- who may


def test_app_may_when_it_manages_orders(stocked: Connected) -> None:
    (order,) = place(stocked, 1)

    assert Operator(stocked.shop.app_api("manage_orders")).pks() == [order]


def test_others_may_not(stocked: Connected, api: Api) -> None:
    clerk = stocked.shop.staff_api("manage_plugins", "manage_products", email="c@example.com")

    for somebody in (api, clerk, stocked.shop.app_api("manage_plugins")):
        answer = somebody.raw(ORDERS)
        assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")
def test_staff_of_another_channel_see_nothing(stocked: Connected) -> None:
    place(stocked, 1)
    stranger = Operator(staff_of_another_channel(stocked.shop))

    assert stranger.pks() == []
    assert stranger.pks(channel=stocked.shop.channel_slug) == []
