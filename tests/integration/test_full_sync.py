"""The full sync, and how operators see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from saleor.warehouse.models import Warehouse

from saleor_picqer.models import SyncRun
from tests.integration.support.api import Api, ApiError
from tests.integration.support.connected_shop import FULL_SYNC, STATUS, Connected


def test_products_are_created_once(connected: Connected) -> None:
    connected.shop.products(3)

    first = connected.full_sync()
    connected.forget_requests()
    second = connected.full_sync()

    assert (first["created"], first["unchanged"]) == (3, 0)
    assert (second["created"], second["unchanged"], second["total"]) == (0, 3, 3)
    assert connected.requests() == {
        "GET /products": 2,  # active and inactive ones
        "GET /warehouses": 1,
        "GET /warehouses/{idwarehouse}/stock": 1,
    }


def test_product_is_updated_with_only_what_changed(connected: Connected) -> None:
    variant = connected.shop.product("BEANS", name="Beans")
    connected.full_sync()
    variant.product.name = "Better beans"
    variant.product.save()
    connected.forget_requests()

    run = connected.full_sync()

    assert run["updated"] == 1
    assert connected.product("BEANS")["name"].startswith("Better beans")
    assert connected.requests()["PUT /products/{idproduct}"] == 1


def test_inactive_product_is_activated_and_not_made_again(connected: Connected) -> None:
    connected.shop.product("BEANS")
    connected.full_sync()
    idproduct = connected.product("BEANS")["idproduct"]
    connected.api("POST", f"/products/{idproduct}/inactivate")

    run = connected.full_sync()

    assert (run["updated"], run["failed"]) == (1, 0)
    assert connected.product("BEANS")["idproduct"] == idproduct


def test_run_fails_naming_the_rate_when_picqer_has_no_such_vat_group(
    connected: Connected,
) -> None:
    connected.shop.product("BEANS")
    groups = connected.api("GET", "/vatgroups")
    strange = [{"name": group["name"], "percentage": 13} for group in groups]
    connected.picqer("POST", "/seed", vatgroups=strange)
    cache.clear()

    run = connected.full_sync()

    assert run["status"] == "failed"
    assert "21 %" in run["problems"][-1]


def test_warehouses_and_stock_come_from_picqer(connected: Connected) -> None:
    connected.shop.products(2)
    connected.full_sync()
    connected.picqer("POST", "/seed", warehouses=[{"name": "North"}])
    connected.stock("SKU-1", 4)
    connected.stock("SKU-1", 3, warehouse="North")
    connected.postman.pending.clear()

    connected.full_sync()

    assert connected.shop.stock("SKU-1") == {"Main": (4, 0), "North": (3, 0)}
    assert connected.shop.available("SKU-1") == 7


def test_warehouse_is_mirrored_once_and_follows_its_name(connected: Connected) -> None:
    connected.full_sync()
    connected.full_sync()

    assert Warehouse.objects.filter(name="Main").count() == 1


def test_other_warehouse_sells_no_more_when_it_is_detached(connected: Connected) -> None:
    connected.shop.product("BEANS", stock=50)

    connected.full_sync()

    assert connected.shop.available("BEANS") == 0
    assert connected.shop.stock("BEANS")["Shop floor"] == (50, 0)


def test_other_warehouse_sells_on_when_it_is_kept(connected: Connected) -> None:
    connected.connect(other_warehouses="keep")
    connected.shop.product("BEANS", stock=50)

    connected.full_sync()

    assert connected.shop.available("BEANS") == 50


def test_nothing_is_detached_when_picqer_has_no_warehouse_to_offer(connected: Connected) -> None:
    connected.shop.product("BEANS", stock=50)
    connected.picqer("POST", "/reset")
    connected.picqer(
        "POST",
        "/seed",
        warehouses=[{"name": "Main", "accept_orders": False}],
        vatgroups=[{"name": "High", "percentage": 21}],
    )

    run = connected.full_sync()

    assert run["status"] == "failed"
    assert connected.shop.available("BEANS") == 50


def test_stock_follows_when_picqer_counts(connected: Connected) -> None:
    connected.shop.product("BEANS")
    connected.full_sync()

    connected.stock("BEANS", 12)
    connected.settle()
    assert connected.shop.available("BEANS") == 12

    connected.stock("BEANS", 0)
    connected.settle()
    assert connected.shop.available("BEANS") == 0


def test_available_does_not_rise_when_stock_comes_before_the_push(connected: Connected) -> None:
    connected.offer(BEANS=10)
    connected.shop.checkout({"BEANS": 4})
    connected.worker.queue.clear()

    connected.full_sync()

    assert connected.shop.available("BEANS") == 6


def test_run_is_not_doubled_when_one_is_queued(connected: Connected) -> None:
    channel = connected.shop.channel_slug
    first = connected.shop.staff.query(FULL_SYNC, channel=channel)
    second = connected.shop.staff.query(FULL_SYNC, channel=channel)

    assert first == second
    assert SyncRun.objects.count() == 1
    assert connected.worker.pending == ["full_sync"]


def test_sync_is_refused_when_the_plugin_is_off(connected: Connected) -> None:
    connected.shop.configure_plugin(active=False)

    with pytest.raises(ApiError) as failure:
        connected.shop.staff.query(FULL_SYNC, channel=connected.shop.channel_slug)

    assert [(e["field"], e["code"]) for e in failure.value.errors] == [("channel", "NOT_ACTIVE")]


def test_sync_is_refused_when_the_channel_is_unknown(connected: Connected) -> None:
    with pytest.raises(ApiError) as failure:
        connected.shop.staff.query(FULL_SYNC, channel="elsewhere")

    assert failure.value.codes == ["NOT_FOUND"]


def test_app_may_see_and_sync_when_it_manages_plugins(connected: Connected) -> None:
    app = connected.shop.app_api("manage_plugins")
    channel = connected.shop.channel_slug

    assert app.query(FULL_SYNC, channel=channel)["triggerPicqerFullSync"]["run"]
    assert app.query(STATUS, channel=channel)["picqerStatus"]["active"]


@pytest.mark.parametrize("document", [FULL_SYNC, STATUS])
def test_others_see_nothing(connected: Connected, document: str, api: Api) -> None:
    channel = connected.shop.channel_slug
    clerk = connected.shop.staff_api("manage_orders", email="clerk@example.com")

    for somebody in (api, clerk):
        with pytest.raises(ApiError):
            somebody.query(document, channel=channel)


def test_status_needs_no_channel_when_there_is_only_one(connected: Connected) -> None:
    status = connected.shop.staff.query(STATUS)["picqerStatus"]

    assert status["channel"] == connected.shop.channel_slug
    assert status["lastRun"] is None


def test_run_starts_when_its_message_was_lost(connected: Connected) -> None:
    connected.shop.staff.query(FULL_SYNC, channel=connected.shop.channel_slug)
    connected.worker.queue.clear()

    connected.worker.send("sweep")
    connected.settle()

    assert connected.status()["lastRun"]["status"] == "done"


def test_run_is_closed_when_its_worker_died(connected: Connected) -> None:
    dead = SyncRun.objects.create(channel=connected.shop.channel_slug, status="running")
    SyncRun.objects.update(touched_at=timezone.now() - timedelta(minutes=6))

    run = connected.full_sync()

    assert run["status"] == "done"
    dead.refresh_from_db()
    assert dead.status == "failed"
    assert "start it again" in dead.problems[-1]
