"""Failed attempts and parcels of an order, as `picqerOrder` and the command line show them."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_picqer.models import OutboxOrder
from tests.integration.support.api import Json, to_global_id
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop

HISTORY = """
query ($order: ID!) {
  picqerOrder(order: $order) {
    parcels { carrier code link }
    record { stage attempts failedAttempts { at stage error } }
  }
}
"""


def history(shop: ConnectedShop, order: str) -> Json:
    found = shop.shop.admin_api.query(HISTORY, order=to_global_id("Order", order))
    return found["picqerOrder"]


def test_failed_attempts_are_kept_latest_first(stocked_shop: ConnectedShop) -> None:
    stocked_shop.fail_next("POST", "/orders", "500", times=2)
    order = stocked_shop.order(BEANS=1)
    stocked_shop.pass_time()

    attempts = history(stocked_shop, order)["record"]["failedAttempts"]

    assert [one["stage"] for one in attempts] == ["CREATING", "CREATING"]
    assert attempts[0]["at"] > attempts[1]["at"]
    assert attempts[0]["error"] == stocked_shop.row(order).last_error
    told = manage_picqer("explain", stocked_shop.number(order))
    assert "\n  Failed attempts:\n    2" in told
    assert told.count(attempts[1]["error"]) >= 1


def test_failed_attempts_stay_until_the_order_is_shipped(stocked_shop: ConnectedShop) -> None:
    """Failure mode F111: what failed is told of as long as the order is under way."""
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.order(BEANS=1)
    stocked_shop.pass_time()
    assert stocked_shop.row(order).stage == "processed"
    assert len(history(stocked_shop, order)["record"]["failedAttempts"]) == 1

    stocked_shop.ship(order)
    stocked_shop.run_until_idle()

    assert history(stocked_shop, order)["record"]["failedAttempts"] == []


def test_failure_is_recorded_without_a_further_statement(stocked_shop: ConnectedShop) -> None:
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.place(BEANS=1)

    with CaptureQueriesContext(connection) as captured:
        stocked_shop.run_until_idle()

    writes = [one["sql"] for one in captured if '"failed_attempts" = ' in one["sql"]]
    assert len(writes) == 1
    assert '"last_error" = ' in writes[0]
    assert stocked_shop.row(order).failed_attempts


def test_failed_attempt_says_no_more_than_the_error_of_the_order(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F111: the client has taken personal data and the key out of that text."""
    stocked_shop.fail_next("POST", "/orders", "500")
    order = stocked_shop.order(BEANS=1)

    (attempt,) = stocked_shop.row(order).failed_attempts

    assert set(attempt) == {"at", "stage", "error"}
    assert attempt["error"] == stocked_shop.row(order).last_error


def test_parcels_cost_one_statement_and_survive_any_metadata(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    stocked_shop.close_picklist(order, parcels=2)
    stocked_shop.run_until_idle()

    (carrier,) = {one["carrier"] for one in history(stocked_shop, order)["parcels"]}

    assert carrier == "PostNL"
    assert len(history(stocked_shop, order)["parcels"]) == 2


def test_order_without_a_record_has_no_attempts(stocked_shop: ConnectedShop) -> None:
    order = stocked_shop.order(BEANS=1)
    OutboxOrder.objects.all().delete()

    assert history(stocked_shop, order) == {"parcels": [], "record": None}
