"""The mutations for staff: permissions, refusals, and skipping an order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_picqer import wiring
from saleor_picqer.domain.order_actions import RefusalReason
from saleor_picqer.graphql.core.enums import PicqerErrorCode
from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import Api, ApiError, to_global_id
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import (
    PUSH,
    RETRY,
    SKIP,
    StaffApi,
    cancel_in_picqer,
    failed_order,
    open_in_picqer,
    staff_of_another_channel,
)

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")


# --- who is refused, and why


def draft(connected_shop: ConnectedShop) -> str:
    return connected_shop.shop.draft({"BEANS": 1})


def cancelled(connected_shop: ConnectedShop) -> str:
    order = connected_shop.shop.checkout({"BEANS": 1})
    connected_shop.shop.cancel(order)
    return order


def fulfilled(connected_shop: ConnectedShop) -> str:
    order = connected_shop.order(BEANS=1)
    connected_shop.ship(order)
    connected_shop.run_until_idle()
    return order


def switched_off(connected_shop: ConnectedShop) -> str:
    order = connected_shop.shop.checkout({"BEANS": 1})
    connected_shop.shop.configure_plugin(active=False)
    return order


def held(connected_shop: ConnectedShop) -> str:
    order = connected_shop.shop.checkout({"BEANS": 1})
    assert wiring.outbox.claim(order)
    return order


def gone(_connected: ConnectedShop) -> str:
    return "00000000-0000-0000-0000-000000000000" if IS_SALEOR_3 else "999999999"


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (draft, "DRAFT"),
        (cancelled, "CANCELLED"),
        (fulfilled, "FULFILLED"),
        (switched_off, "NOT_ACTIVE"),
        (held, "BUSY"),
        (gone, "NOT_FOUND"),
    ],
)
def test_push_says_why_not_when_an_order_cannot_be_sent(
    stocked_shop: ConnectedShop,
    staff: StaffApi,
    situation: Callable[[ConnectedShop], str],
    code: str,
) -> None:
    order = situation(stocked_shop)
    before = list(OutboxOrder.objects.values())

    answer = staff.push(order)

    assert (answer.count, answer.done, answer.codes) == (0, {}, {order: code})
    assert list(OutboxOrder.objects.values()) == before


@pytest.mark.parametrize("document", [PUSH, SKIP, RETRY])
@pytest.mark.parametrize(
    "wrong", ["", "nonsense", to_global_id("Order", "x"), to_global_id("Product", 1), "T3JkZXI6"]
)
def test_id_is_refused_when_it_is_no_order(staff: StaffApi, document: str, wrong: str) -> None:
    with pytest.raises(ApiError) as failure:
        staff.api.query(document, orders=[wrong])

    assert failure.value.codes == ["NOT_FOUND"]
    assert failure.value.errors[0]["order"] == wrong


def test_other_orders_are_pushed_when_one_is_refused(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    good, bad = stocked_shop.shop.checkout({"BEANS": 1}), draft(stocked_shop)

    answer = staff.push(bad, good, gone(stocked_shop))
    stocked_shop.run_until_idle()

    assert list(answer.done) == [good]
    assert answer.messages[bad].startswith(
        f"Order {stocked_shop.shop.order(bad).number}: The order is still"
    )
    assert open_in_picqer(stocked_shop) == ["processing"]


def test_every_refusal_has_a_code() -> None:
    codes = {code.value for code in PicqerErrorCode._meta.enum}
    assert {refusal.value for refusal in RefusalReason} < codes


# --- skip


def test_skipped_order_is_not_sent_when_something_changes(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)

    answer = staff.skip(order)
    stocked_shop.run_until_idle()
    stocked_shop.shop.pay(order)
    stocked_shop.pass_time()

    assert answer.done == {order: "SKIPPED"}
    assert stocked_shop.orders() == []
    assert stocked_shop.row(order).waiting_for == "Skipped by staff."


def test_skipped_order_is_not_sent_when_it_had_no_row_yet(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = draft(stocked_shop)

    staff.skip(order)
    stocked_shop.shop.complete_draft(order)
    stocked_shop.pass_time()

    assert stocked_shop.orders() == []


def test_skipped_order_asks_for_no_attention(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    order = failed_order(stocked_shop)
    assert stocked_shop.shop.order(order).picqer["attention"]

    staff.skip(order)
    assert staff.orders(attention=True) == []
    stocked_shop.run_until_idle()

    row = stocked_shop.row(order)
    assert (row.stage, row.last_error, row.attention) == ("skipped", "", "")
    assert "attention" not in stocked_shop.shop.order(order).picqer


def test_order_that_was_cancelled_in_picqer_can_be_skipped(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    stocked_shop.connect(cancel_in_saleor=False)
    order = stocked_shop.order(BEANS=1)
    cancel_in_picqer(stocked_shop, order)
    assert stocked_shop.row(order).attention

    staff.skip(order)
    stocked_shop.run_until_idle()

    assert (stocked_shop.row(order).stage, stocked_shop.row(order).attention) == ("skipped", "")


def in_picqer(connected_shop: ConnectedShop) -> str:
    return connected_shop.order(BEANS=1)


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (in_picqer, "IN_PICQER"),
        (fulfilled, "IN_PICQER"),
        (held, "BUSY"),
        (gone, "NOT_FOUND"),
    ],
)
def test_skip_says_why_not_when_it_is_too_late(
    stocked_shop: ConnectedShop,
    staff: StaffApi,
    situation: Callable[[ConnectedShop], str],
    code: str,
) -> None:
    order = situation(stocked_shop)
    before = list(OutboxOrder.objects.values())

    answer = staff.skip(order)

    assert answer.codes == {order: code}
    assert list(OutboxOrder.objects.values()) == before


def test_skip_says_to_cancel_in_picqer_when_the_order_was_pushed(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = stocked_shop.order(BEANS=1)

    assert "Cancel it in Picqer" in staff.skip(order).messages[order]


# --- many at once


@pytest.mark.parametrize("operation", ["push", "retry", "skip"])
def test_statements_do_not_grow_with_the_orders(
    stocked_shop: ConnectedShop, staff: StaffApi, operation: str
) -> None:
    orders = [stocked_shop.shop.checkout({"BEANS": 1}) for _ in range(6)]
    OutboxOrder.objects.update(stage="failed", last_error="no reason")
    act = getattr(staff, operation)

    def statements(*chosen: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert act(*chosen).count == len(chosen)
        return len(captured)

    assert statements(*orders[:1]) == statements(*orders[1:])


# --- who may


def test_app_is_allowed_when_it_manages_orders(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1})
    app = StaffApi(stocked_shop.shop.app_api("manage_orders"))

    assert app.push(order).count == 1
    assert app.skip(order).count == 1
    assert app.retry_all().count == 0


@pytest.mark.parametrize("document", [PUSH, SKIP, RETRY])
def test_query_is_refused_when_the_permission_is_missing(
    stocked_shop: ConnectedShop, customer_api: Api, document: str
) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1})
    clerk = stocked_shop.shop.staff_api("manage_plugins", "manage_products", email="c@example.com")
    app = stocked_shop.shop.app_api("manage_plugins")

    for api in (customer_api, clerk, app):
        answer = api.raw(document, orders=[to_global_id("Order", order)])
        assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert stocked_shop.row(order).stage == "pending"


@only_saleor_3
def test_staff_are_refused_when_limited_to_another_channel(stocked_shop: ConnectedShop) -> None:
    order = failed_order(stocked_shop)
    stranger = StaffApi(staff_of_another_channel(stocked_shop.shop))

    for act in (stranger.push, stranger.skip, stranger.retry):
        with pytest.raises(ApiError, match="access"):
            act(order)
    with pytest.raises(ApiError, match="access"):
        stranger.retry_all(stocked_shop.shop.channel_slug)
    assert stocked_shop.row(order).stage == "failed"
