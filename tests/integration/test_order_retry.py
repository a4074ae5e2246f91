"""Staff retry the orders that have failed."""

from __future__ import annotations

import pytest

from tests.integration.support.api import ApiError
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.operators import RETRY, Operator, add_product, failed_order, live

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")


def test_failed_order_goes_all_the_way_when_its_product_was_added(
    stocked: Connected, operator: Operator
) -> None:
    order = failed_order(stocked)
    add_product(stocked)

    answer = operator.retry(order)
    stocked.settle()

    assert (answer.count, answer.codes) == (1, {})
    assert stocked.order_of(order)["status"] == "processing"
    row = stocked.row(order)
    assert (row.stage, row.last_error, row.attention) == ("processed", "", "")
    assert "attention" not in stocked.shop.order(order).picqer


def test_retry_does_not_wait_for_the_next_attempt(stocked: Connected, operator: Operator) -> None:
    stocked.fault("POST", "/orders", "500")
    order = stocked.order(BEANS=1)
    assert stocked.row(order).not_before
    stocked.two_minutes_later()

    operator.retry(order)
    stocked.settle()

    assert live(stocked) == ["processing"]


def test_retry_takes_all_of_a_channel(stocked: Connected, operator: Operator) -> None:
    well = stocked.order(BEANS=1)
    failed = [failed_order(stocked, sku) for sku in ("NEW", "NEWER")]
    for sku in ("NEW", "NEWER"):
        add_product(stocked, sku)

    answer = operator.retry_all(stocked.shop.channel_slug)
    stocked.settle()

    assert set(answer.done) == set(failed)
    assert live(stocked) == ["processing"] * 3
    assert {stocked.row(order).stage for order in (well, *failed)} == {"processed"}


def test_retry_needs_no_channel_when_there_is_only_one(
    stocked: Connected, operator: Operator
) -> None:
    order = failed_order(stocked)

    assert list(operator.retry_all().done) == [order]


def test_retry_is_refused_when_nothing_has_failed(stocked: Connected, operator: Operator) -> None:
    well = stocked.order(BEANS=1)
    unknown = stocked.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    answer = operator.retry(well, unknown)

    assert answer.codes == {well: "NOTHING_TO_RETRY", unknown: "NOTHING_TO_RETRY"}
    assert operator.retry_all(stocked.shop.channel_slug).count == 0


def test_retry_is_refused_when_the_plugin_is_off(stocked: Connected, operator: Operator) -> None:
    order = failed_order(stocked)
    stocked.shop.configure_plugin(active=False)

    assert operator.retry(order).codes == {order: "NOT_ACTIVE"}
    with pytest.raises(ApiError) as failure:
        operator.retry_all(stocked.shop.channel_slug)
    assert failure.value.codes == ["NOT_ACTIVE"]


def test_retry_is_refused_when_it_names_orders_and_a_channel(
    stocked: Connected, operator: Operator
) -> None:
    with pytest.raises(ApiError) as failure:
        operator.api.query(RETRY, orders=[], channel=stocked.shop.channel_slug)

    assert [(e["field"], e["code"]) for e in failure.value.errors] == [("channel", "INVALID")]
