"""Staff retry failed orders."""

from __future__ import annotations

import pytest

from tests.integration.support.api import ApiError
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.staff_api import (
    RETRY,
    StaffApi,
    add_product,
    failed_order,
    open_in_picqer,
)

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")


def test_failed_order_goes_all_the_way_when_its_product_was_added(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = failed_order(stocked_shop)
    add_product(stocked_shop)

    answer = staff.retry(order)
    stocked_shop.run_until_idle()

    assert (answer.count, answer.codes) == (1, {})
    assert stocked_shop.picqer_order(order)["status"] == "processing"
    row = stocked_shop.row(order)
    assert (row.stage, row.last_error, row.attention) == ("processed", "", "")
    assert "attention" not in stocked_shop.shop.order(order).picqer


def test_retry_does_not_wait_for_the_next_attempt(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.order(BEANS=1)
    assert stocked_shop.row(order).not_before
    stocked_shop.expire_leases()

    staff.retry(order)
    stocked_shop.run_until_idle()

    assert open_in_picqer(stocked_shop) == ["processing"]


def test_retry_takes_all_of_a_channel(stocked_shop: ConnectedShop, staff: StaffApi) -> None:
    well = stocked_shop.order(BEANS=1)
    failed = [failed_order(stocked_shop, sku) for sku in ("NEW", "NEWER")]
    for sku in ("NEW", "NEWER"):
        add_product(stocked_shop, sku)

    answer = staff.retry_all(stocked_shop.shop.channel_slug)
    stocked_shop.run_until_idle()

    assert set(answer.done) == set(failed)
    assert open_in_picqer(stocked_shop) == ["processing"] * 3
    assert {stocked_shop.row(order).stage for order in (well, *failed)} == {"processed"}


def test_retry_needs_no_channel_when_there_is_only_one(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = failed_order(stocked_shop)

    assert list(staff.retry_all().done) == [order]


def test_retry_is_refused_when_nothing_has_failed(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    well = stocked_shop.order(BEANS=1)
    unknown = stocked_shop.shop.checkout({"BEANS": 1}, shipping_method="Courier")

    answer = staff.retry(well, unknown)

    assert answer.codes == {well: "NOTHING_TO_RETRY", unknown: "NOTHING_TO_RETRY"}
    assert staff.retry_all(stocked_shop.shop.channel_slug).count == 0


def test_retry_is_refused_when_the_plugin_is_off(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    order = failed_order(stocked_shop)
    stocked_shop.shop.configure_plugin(active=False)

    assert staff.retry(order).codes == {order: "NOT_ACTIVE"}
    with pytest.raises(ApiError) as failure:
        staff.retry_all(stocked_shop.shop.channel_slug)
    assert failure.value.codes == ["NOT_ACTIVE"]


def test_retry_is_refused_when_it_names_orders_and_a_channel(
    stocked_shop: ConnectedShop, staff: StaffApi
) -> None:
    with pytest.raises(ApiError) as failure:
        staff.api.query(RETRY, orders=[], channel=stocked_shop.shop.channel_slug)

    assert [(e["field"], e["code"]) for e in failure.value.errors] == [("channel", "INVALID")]
