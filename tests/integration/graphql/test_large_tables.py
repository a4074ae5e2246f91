"""The app's page on 10,000 failed orders and 50,000 deliveries: bounded rows and statements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer.dashboard import pages
from saleor_picqer.models import InboxEvent, OutboxOrder
from tests.integration.support.api import Api
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

ORDERS: Final = 10_000
DELIVERIES: Final = 50_000
# Rows that a plan may sort or read beyond those that it returns.
FEW: Final = 1_000

# What differs from row to row, in SQL.
_ORDER: Final = {
    "stage": "CASE WHEN number % 2 = 0 THEN 'failed' ELSE 'completed' END",
    "last_error": "CASE WHEN number % 2 = 1 THEN '' ELSE 'Cause ' || number % 14 || '.' END",
    "attention": "CASE WHEN number % 2 = 1 THEN '' ELSE 'Cause ' || number % 14 || '.' END",
    "reference": "number",
    "remote_number": "'O' || number",
    "updated_at": "now() - number * interval '1 second'",
}
_DELIVERY: Final = {
    "body_hash": "number",
    "status": "CASE WHEN number % 5000 = 0 THEN 'failed' ELSE 'done' END",
    "received_at": f"now() - ({DELIVERIES} - number) * interval '1 minute'",
    "event": "CASE WHEN number % 9000 = 0 THEN 'orders.cancelled' ELSE 'orders.status_changed' END",
    "object_id": "number % 10000",
}


@pytest.fixture
def large_shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with full tables, of which PostgreSQL has statistics."""
    pk = "'00000000-0000-4000-8000-' || lpad(number::text, 12, '0')"
    channel, now = connected_shop.shop.channel_pk, timezone.now()
    order = OutboxOrder.objects.create(order_pk="template", channel=channel, account="a")
    copy(order, 2 * ORDERS, order_pk=pk if IS_SALEOR_3 else "1000000 + number", **_ORDER)
    event = InboxEvent(channel=channel, account="a", body=b"x" * 500, topic="order")
    event.received_at = now
    event.save()
    copy(event, DELIVERIES, **_DELIVERY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE saleor_picqer_outboxorder, saleor_picqer_inboxevent")
    return connected_shop


def copy(row: Model, count: int, **values: str) -> None:
    """Replace a row by copies that differ in the given columns."""
    table = row._meta.db_table
    columns = [str(each.column) for each in row._meta.concrete_fields if not each.primary_key]
    selected = ", ".join(values.get(column, f'template."{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {selected}"  # noqa: S608
            f" FROM {table} AS template, generate_series(1, {count}) AS number"
            f" WHERE template.id = {row.pk}"
        )
    row.delete()


# The scripts whose texts are parts of another script's documents.
_SOURCES: Final = {
    "CHANNEL": "channel.js",
    "MOST_CAUSES": "causes.js",
    "RECONCILE": "reconcile.js",
    "RUN": "sync.js",
}


def script_text(name: str) -> str:
    return pages._assets()[name].content.decode()


def document(script: str, name: str) -> str:
    """Return the GraphQL document that a script of the page sends."""
    found = re.search(rf"const {name} = (?:`(.*?)`|(\d+));", script_text(script), re.DOTALL)
    assert found is not None
    text = found[1] or found[2]
    for inner in re.findall(r"\$\{(\w+)\}", text):
        source = _SOURCES[inner]
        text = text.replace(f"${{{inner}}}", document(source, inner))
    return text


def answer(api: Api, script: str, name: str, **variables: Any) -> Any:
    found = api.raw(document(script, name), **variables)
    assert "errors" not in found, found
    return found["data"]


def statements(api: Api, script: str, name: str, **variables: Any) -> list[str]:
    """Return the statements on our tables, after a first request has filled all caches."""
    answer(api, script, name, **variables)
    with CaptureQueriesContext(connection) as captured:
        answer(api, script, name, **variables)
    return [one["sql"] for one in captured if "saleor_picqer_" in one["sql"]]


def nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def plan_of(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    plans = json.loads(found) if isinstance(found, str) else found
    return list(nodes(plans[0]["Plan"]))


LISTS: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ("order_list.js", "ORDERS", {"cause": "Cause 4.", "first": 20}),
    ("deliveries.js", "DELIVERIES", {"first": 20}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"status": "FAILED"}}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"status": "RECEIVED"}}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"event": "orders.cancelled"}}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"event": "orders.unknown"}}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"orderNumber": "O77"}}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"since": "2999-01-01T00:00:00Z"}}),
    ("deliveries.js", "DELIVERIES", {"first": 20, "filter": {"until": "1999-01-01T00:00:00Z"}}),
]


def test_lists_read_and_sort_few_rows(large_shop: ConnectedShop) -> None:
    channel = large_shop.shop.channel_slug
    for script, name, arguments in LISTS:
        variables = {**arguments, "channel": channel}
        asked = statements(large_shop.shop.admin_api, script, name, **variables)
        assert len(asked) <= 4, variables
        for node in (node for sql in asked for node in plan_of(sql)):
            removed = node.get("Rows Removed by Filter", 0)
            rows = node["Actual Rows"] * node["Actual Loops"] + removed
            assert rows <= FEW, (variables, node["Node Type"], rows)


def test_page_takes_as_many_statements_as_in_a_small_shop(
    connected_shop: ConnectedShop, large_shop: ConnectedShop
) -> None:
    """The statements of one channel; each further channel costs as many."""
    api = large_shop.shop.admin_api

    asked = statements(api, "overview.js", "CHANNELS")
    (channel,) = answer(api, "overview.js", "CHANNELS")["picqerChannels"]

    assert len(asked) <= 13, asked
    assert len(channel["causes"]) <= 20
    assert sum(cause["count"] for cause in channel["causes"]) == ORDERS
    for sql in asked:
        # PostgreSQL counts by stage and by status in an index, once it has been vacuumed.
        is_count = "GROUP BY" in sql
        for node in plan_of(sql):
            assert node["Node Type"] != "Sort" or node["Actual Rows"] <= FEW, sql
            assert is_count or node["Node Type"] != "Seq Scan" or node["Actual Rows"] <= FEW, sql


def test_home_takes_as_many_statements_as_in_a_small_shop(
    connected_shop: ConnectedShop, large_shop: ConnectedShop
) -> None:
    """The statements of one channel; each further channel costs as many."""
    asked = statements(large_shop.shop.admin_api, "home.js", "CHANNELS", causes=5)

    assert len(asked) <= 6, asked
    for node in (node for sql in asked for node in plan_of(sql)):
        assert node["Node Type"] != "Sort" or node["Actual Rows"] <= FEW, node


def test_retry_of_all_orders_of_a_cause_takes_few_statements(large_shop: ConnectedShop) -> None:
    OutboxOrder.objects.filter(stage="failed").update(attention="All at once.")
    document = """
    mutation ($channel: String) {
      picqerRetryOrders(channel: $channel, cause: "All at once.") { count refused }
    }
    """

    with CaptureQueriesContext(connection) as captured:
        found = large_shop.shop.admin_api.raw(document, channel=large_shop.shop.channel_slug)

    assert found["data"]["picqerRetryOrders"] == {"count": ORDERS, "refused": 0}
    asked = [one["sql"] for one in captured if "saleor_picqer_" in one["sql"]]
    assert len(asked) <= 20, len(asked)
    assert len(captured) <= 40, len(captured)
    assert len(large_shop.worker.queue) <= 300, len(large_shop.worker.queue)


def test_all_orders_of_a_cause_take_few_statements_and_name_few_orders(
    large_shop: ConnectedShop,
) -> None:
    OutboxOrder.objects.filter(stage="failed").update(remote_id=7, attention="All in Picqer.")
    document = """
    mutation ($channel: String) {
      picqerSkipOrders(channel: $channel, cause: "All in Picqer.") {
        count refused errors { code }
      }
    }
    """

    with CaptureQueriesContext(connection) as captured:
        found = large_shop.shop.admin_api.raw(document, channel=large_shop.shop.channel_slug)

    result = found["data"]["picqerSkipOrders"]
    assert (result["count"], result["refused"], len(result["errors"])) == (0, ORDERS, 250)
    assert len([one for one in captured if "saleor_picqer_" in one["sql"]]) <= 6
