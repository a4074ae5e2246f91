"""Arguments that no client should send: each gets a clean answer, never an internal error."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import Api, ApiError, Json, to_global_id
from tests.integration.support.connected_shop import FULL_SYNC, STATUS, ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import EXPLAIN, ORDERS, PUSH, RETRY, SKIP, StaffApi

MAX_IDS: Final = 250
# What Saleor calls errors of the request; every other code is an internal error.
EXPECTED: Final = {"GraphQLError"}

few_examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def encoded(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    return base64.b64encode(data).decode()


# Every character of Unicode, the halves of surrogate pairs included, and many NULs.
TEXTS = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\ud800\udfff0٣²"))
NUMBERS = st.integers() | st.sampled_from([0, -1, 2**31, 2**63, 10**400])
MOMENTS = st.datetimes(timezones=st.timezones() | st.none()).map(str) | st.sampled_from(
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.999999-14:00",
        "9999-12-31",
        "0001-01-01T00:00:00",
        "2026-01-01T00:00:00+00:00:00.000001",
    ]
)
KEYS = NUMBERS.map(str) | NUMBERS | TEXTS | st.floats() | st.none() | st.booleans()
CURSORS = (
    TEXTS
    | TEXTS.map(encoded)
    | st.binary().map(encoded)
    | st.lists(MOMENTS | KEYS, max_size=3).map(json.dumps).map(encoded)
    | st.tuples(MOMENTS, KEYS).map(json.dumps).map(encoded)
    | st.just(encoded("[" * 100_000))
)
IDS = (
    TEXTS
    | st.binary().map(encoded)
    | NUMBERS
    | st.builds(
        lambda kind, key: encoded(f"{kind}:{key}"),
        st.sampled_from(["Order", "Product", "order", ""]) | TEXTS,
        TEXTS | NUMBERS | st.uuids(),
    )
)
SLUGS = st.none() | TEXTS | st.sampled_from(["default", "webshop"])
REQUESTS = st.one_of(
    st.tuples(st.just(STATUS), st.fixed_dictionaries({"channel": SLUGS})),
    st.tuples(
        st.just(ORDERS),
        st.fixed_dictionaries(
            {},
            optional={
                "channel": SLUGS,
                "number": st.none() | TEXTS | NUMBERS.map(str),
                "first": st.none() | NUMBERS | st.integers(1, 100),
                "after": st.none() | CURSORS,
                "stage": st.none() | st.sampled_from(["PENDING", "pending"]) | TEXTS,
                "attention": st.none() | st.booleans() | TEXTS,
            },
        ),
    ),
    st.tuples(st.just(EXPLAIN), st.fixed_dictionaries({"order": IDS | st.none()})),
    st.tuples(
        st.sampled_from([PUSH, SKIP, RETRY]),
        st.fixed_dictionaries({"orders": st.lists(IDS, max_size=5)}),
    ),
    st.tuples(
        st.just(RETRY),
        st.fixed_dictionaries({}, optional={"channel": SLUGS, "orders": st.lists(IDS) | IDS}),
    ),
    st.tuples(st.just(FULL_SYNC), st.fixed_dictionaries({"channel": SLUGS})),
)


@pytest.fixture
def api(stocked_shop: ConnectedShop) -> Api:
    return stocked_shop.shop.app_api("manage_orders", "manage_plugins")


def unexpected(answer: Json) -> list[Json]:
    """Return the errors of a response that show a fault of the server."""
    return [
        error
        for error in answer.get("errors", ())
        if error["extensions"]["exception"]["code"] not in EXPECTED
        # The GraphQL library refuses such a number before any field is asked, for every client.
        and not error["message"].startswith("Int cannot represent")
    ]


def refused_by_saleor(answer: Json) -> bool:
    """Return whether Saleor has refused the whole request: Saleor 3 parses no half of a pair."""
    return [error["message"] for error in answer.get("errors", ())] == ["Unable to parse query."]


def ask(api: Api, document: str, variables: dict[str, Any]) -> Json:
    # A statement that PostgreSQL refuses must not spoil the rest of the test.
    with transaction.atomic():
        return api.raw(document, **variables)


@few_examples
@given(request=REQUESTS)
def test_answer_is_clean_whatever_the_arguments(
    api: Api, request: tuple[str, dict[str, Any]]
) -> None:
    """Failure mode F114."""
    document, variables = request

    assert unexpected(ask(api, document, variables)) == []


# --- the cases by name


@pytest.mark.parametrize("text", ["\x00", "1\x00", "\ud800", "\udfff1", "٣", "²", "9" * 10_000])
def test_list_is_empty_when_no_order_can_have_the_number(api: Api, text: str) -> None:
    """Failure mode F114."""
    answer = ask(api, ORDERS, {"number": text})

    if refused_by_saleor(answer):
        return
    assert "errors" not in answer
    assert answer["data"]["picqerOrders"]["edges"] == []


@pytest.mark.parametrize(
    "position",
    [
        ["0001-01-01T00:00:00+14:00", "1"],
        ["9999-12-31T23:59:59-14:00", "1"],
        ["2026-01-01T00:00:00", "1"],
        ["2026-01-01", "1"],
        ["2026-01-01T00:00:00+00:00", str(2**63)],
        ["2026-01-01T00:00:00+00:00", "-1"],
        ["2026-01-01T00:00:00+00:00", float("inf")],
        ["2026-01-01T00:00:00+00:00", True],
        ["2026-01-01T00:00:00+00:00"],
        [1, 2],
        {"a": 1, "b": 2},
        None,
    ],
)
def test_page_is_refused_when_the_cursor_was_made_up(api: Api, position: Any) -> None:
    """Failure mode F114."""
    answer = ask(api, ORDERS, {"after": encoded(json.dumps(position))})

    (error,) = answer["errors"]
    assert error["message"] == "`after` must be a cursor of this list."
    assert unexpected(answer) == []


@pytest.mark.parametrize("text", ["[" * 100_000, "\x00", '["2026-01-01T00:00:00+00:00", "1\x00"]'])
def test_page_is_refused_when_the_cursor_is_no_json(api: Api, text: str) -> None:
    answer = ask(api, ORDERS, {"after": encoded(text)})

    assert answer["errors"][0]["message"] == "`after` must be a cursor of this list."
    assert unexpected(answer) == []


def odd_ids() -> Iterator[str]:
    yield from ("\x00", "\ud800", "%", "%(order)s", "%n", encoded(b"\xff\xfe"))
    for key in ("1\x00", "-1", "0", "9" * 5000, str(2**31), str(2**63), "\ud800"):
        yield encoded(f"Order:{key}")
    yield to_global_id("OrderLine", 1)


@pytest.mark.parametrize("odd", list(odd_ids()))
@pytest.mark.parametrize("document", [EXPLAIN, PUSH, RETRY, SKIP])
def test_id_is_answered_when_it_can_be_no_order(api: Api, document: str, odd: str) -> None:
    """Failure mode F114."""
    answer = ask(api, document, {"order": odd} if document is EXPLAIN else {"orders": [odd]})

    assert unexpected(answer) == []
    if document is not EXPLAIN and not refused_by_saleor(answer):
        (payload,) = answer["data"].values()
        (error,) = payload["errors"]
        assert error["order"] == odd
        assert error["code"] in ("NOT_FOUND", "NOTHING_TO_RETRY")


# --- how many


def unknown_pk(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012}" if IS_SALEOR_3 else f"9{number:08}"


@pytest.mark.parametrize("document", [PUSH, RETRY, SKIP])
def test_mutation_is_refused_when_it_names_too_many_orders(
    staff: StaffApi, stocked_shop: ConnectedShop, document: str
) -> None:
    """Failure mode F114."""
    order = stocked_shop.place(BEANS=1)
    before = list(OutboxOrder.objects.values())
    ids = [to_global_id("Order", order), *(to_global_id("Order", n) for n in range(MAX_IDS))]

    with pytest.raises(ApiError) as failure:
        staff.api.query(document, orders=ids)

    (error,) = failure.value.errors
    assert (error["field"], error["code"]) == ("orders", "INVALID")
    assert f"at most {MAX_IDS}" in error["message"]
    assert list(OutboxOrder.objects.values()) == before


def test_mutation_is_carried_out_when_it_names_as_many_orders_as_allowed(
    staff: StaffApi, stocked_shop: ConnectedShop
) -> None:
    order = stocked_shop.place(BEANS=1)
    others = [to_global_id("Order", unknown_pk(n)) for n in range(MAX_IDS - 1)]

    answer = staff.api.raw(PUSH, orders=[to_global_id("Order", order), *others])

    payload = answer["data"]["picqerPushOrders"]
    assert (payload["count"], len(payload["errors"])) == (1, MAX_IDS - 1)


def test_retry_of_a_channel_lists_a_part_when_very_many_orders_have_failed(
    staff: StaffApi, stocked_shop: ConnectedShop
) -> None:
    """Failure mode F114: all are due, and the sweeper enqueues those that the answer leaves out."""
    stocked_shop.place(BEANS=1)
    row = OutboxOrder.objects.get()
    rows = []
    for number in range(MAX_IDS + 50):
        row.pk, row.order_pk, row.last_error = None, unknown_pk(number), "no answer"
        rows.append(OutboxOrder(**{f.attname: getattr(row, f.attname) for f in row._meta.fields}))
    OutboxOrder.objects.bulk_create(rows)
    stocked_shop.worker.queue.clear()

    answer = staff.api.raw("mutation { picqerRetryOrders { count orders { stage } } }")

    payload = answer["data"]["picqerRetryOrders"]
    assert (payload["count"], len(payload["orders"])) == (MAX_IDS + 50, MAX_IDS)
    assert stocked_shop.worker.pending.count("push_order") == MAX_IDS
