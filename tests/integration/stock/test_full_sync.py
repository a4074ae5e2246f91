"""The full sync of products, warehouses and stock, and its status in the API."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from saleor.warehouse.models import Warehouse

from saleor_picqer.models import SyncRun
from tests.integration.support.api import Api, ApiError
from tests.integration.support.connected_shop import FULL_SYNC, STATUS, ConnectedShop


def test_products_are_created_once(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.products(3)

    first = connected_shop.full_sync()
    connected_shop.reset_requests()
    second = connected_shop.full_sync()

    assert (first["created"], first["unchanged"]) == (3, 0)
    assert (second["created"], second["unchanged"], second["total"]) == (0, 3, 3)
    assert connected_shop.requests() == {
        "GET /products": 2,  # active and inactive ones
        "GET /warehouses": 2,
    }


def test_product_is_updated_with_only_what_changed(connected_shop: ConnectedShop) -> None:
    variant = connected_shop.shop.product("BEANS", name="Beans")
    connected_shop.full_sync()
    variant.product.name = "Better beans"
    variant.product.save()
    connected_shop.reset_requests()

    run = connected_shop.full_sync()

    assert run["updated"] == 1
    assert connected_shop.product("BEANS")["name"].startswith("Better beans")
    assert connected_shop.requests()["PUT /products/{idproduct}"] == 1


def test_inactive_product_is_activated_and_not_made_again(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS")
    connected_shop.full_sync()
    idproduct = connected_shop.product("BEANS")["idproduct"]
    connected_shop.picqer_api("POST", f"/products/{idproduct}/inactivate")

    run = connected_shop.full_sync()

    assert (run["updated"], run["failed"]) == (1, 0)
    assert connected_shop.product("BEANS")["idproduct"] == idproduct


def test_product_is_reported_and_the_stock_comes_when_picqer_has_no_such_vat_group(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F81: a product that cannot be sent does not stop the stock of the others."""
    connected_shop.shop.product("BEANS")
    connected_shop.full_sync()
    connected_shop.stock("BEANS", 5)
    connected_shop.webhooks.pending.clear()
    groups = connected_shop.picqer_api("GET", "/vatgroups")
    strange = [{"name": group["name"], "percentage": 13} for group in groups]
    connected_shop.control("POST", "/seed", vatgroups=strange)
    connected_shop.shop.product("TEA")
    cache.clear()

    run = connected_shop.full_sync()

    assert (run["status"], run["failed"]) == ("DONE", 2)
    (problem,) = run["problems"]
    assert problem.startswith('SKUs "BEANS", "TEA": ')
    assert "21 %" in problem
    assert connected_shop.shop.available("BEANS") == 5


def test_digital_product_is_not_sent_to_picqer(connected_shop: ConnectedShop) -> None:
    """Failure modes F78 and F81: it may have an odd VAT rate, and it never ships."""
    connected_shop.shop.product("E-BOOK", ships=False)
    connected_shop.shop.product("BEANS")

    run = connected_shop.full_sync()

    assert (run["total"], run["created"], run["problems"]) == (1, 1, [])
    codes = [product["productcode"] for product in connected_shop.picqer_api("GET", "/products")]
    assert codes == ["BEANS"]


def test_warehouses_and_stock_come_from_picqer(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.products(2)
    connected_shop.full_sync()
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    connected_shop.stock("SKU-1", 4)
    connected_shop.stock("SKU-1", 3, warehouse="North")
    connected_shop.webhooks.pending.clear()

    connected_shop.full_sync()

    assert connected_shop.shop.stock("SKU-1") == {"Main": (4, 0), "North": (3, 0)}
    assert connected_shop.shop.available("SKU-1") == 7


def test_warehouse_is_mirrored_once_and_follows_its_name(connected_shop: ConnectedShop) -> None:
    connected_shop.full_sync()
    connected_shop.full_sync()

    assert Warehouse.objects.filter(name="Main").count() == 1


def test_other_warehouse_sells_no_more_when_it_is_detached(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS", stock=50)

    connected_shop.full_sync(confirm=True)

    assert connected_shop.shop.available("BEANS") == 0
    assert connected_shop.shop.stock("BEANS")["Shop floor"] == (50, 0)


def test_other_warehouse_sells_on_when_it_is_kept(connected_shop: ConnectedShop) -> None:
    connected_shop.connect(other_warehouses="keep")
    connected_shop.shop.product("BEANS", stock=50)

    connected_shop.full_sync()

    assert connected_shop.shop.available("BEANS") == 50


def test_nothing_is_detached_when_picqer_has_no_warehouse_to_offer(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.control("POST", "/reset")
    connected_shop.control(
        "POST",
        "/seed",
        warehouses=[{"name": "Main", "accept_orders": False}],
        vatgroups=[{"name": "High", "percentage": 21}],
    )

    run = connected_shop.full_sync()

    assert run["status"] == "FAILED"
    assert connected_shop.shop.available("BEANS") == 50


def test_stock_follows_when_picqer_counts(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS")
    connected_shop.full_sync()

    connected_shop.stock("BEANS", 12)
    connected_shop.run_until_idle()
    assert connected_shop.shop.available("BEANS") == 12

    connected_shop.stock("BEANS", 0)
    connected_shop.run_until_idle()
    assert connected_shop.shop.available("BEANS") == 0


def test_available_does_not_rise_when_stock_comes_before_the_push(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.offer(BEANS=10)
    connected_shop.shop.checkout({"BEANS": 4})
    connected_shop.worker.queue.clear()

    connected_shop.full_sync()

    assert connected_shop.shop.available("BEANS") == 6


def test_run_is_not_doubled_when_one_is_queued(connected_shop: ConnectedShop) -> None:
    channel = connected_shop.shop.channel_slug
    first = connected_shop.shop.admin_api.query(FULL_SYNC, channel=channel)
    second = connected_shop.shop.admin_api.query(FULL_SYNC, channel=channel)

    assert first == second
    assert SyncRun.objects.count() == 1
    assert connected_shop.worker.pending == ["carry_on_run"]


def test_sync_is_refused_when_the_plugin_is_off(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.configure_plugin(active=False)

    with pytest.raises(ApiError) as failure:
        connected_shop.shop.admin_api.query(FULL_SYNC, channel=connected_shop.shop.channel_slug)

    assert [(e["field"], e["code"]) for e in failure.value.errors] == [("channel", "NOT_ACTIVE")]


def test_sync_is_refused_when_the_channel_is_unknown(connected_shop: ConnectedShop) -> None:
    with pytest.raises(ApiError) as failure:
        connected_shop.shop.admin_api.query(FULL_SYNC, channel="elsewhere")

    assert failure.value.codes == ["NOT_FOUND"]


def test_app_is_allowed_when_it_manages_plugins(connected_shop: ConnectedShop) -> None:
    app = connected_shop.shop.app_api("manage_plugins")
    channel = connected_shop.shop.channel_slug

    assert app.query(FULL_SYNC, channel=channel)["triggerPicqerFullSync"]["run"]
    document = "query ($channel: String!) { picqerStatus(channel: $channel) { active } }"
    assert app.query(document, channel=channel)["picqerStatus"]["active"]


@pytest.mark.parametrize("document", [FULL_SYNC, STATUS])
def test_status_and_sync_are_refused_when_the_permission_is_missing(
    connected_shop: ConnectedShop, document: str, customer_api: Api
) -> None:
    channel = connected_shop.shop.channel_slug
    clerk = connected_shop.shop.staff_api("manage_orders", email="clerk@example.com")

    for api in (customer_api, clerk):
        with pytest.raises(ApiError):
            api.query(document, channel=channel)


def test_status_needs_no_channel_when_there_is_only_one(connected_shop: ConnectedShop) -> None:
    status = connected_shop.shop.admin_api.query(STATUS)["picqerStatus"]

    assert status["channel"] == connected_shop.shop.channel_slug
    assert status["lastRun"] is None


def test_run_starts_when_its_message_was_lost(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.admin_api.query(FULL_SYNC, channel=connected_shop.shop.channel_slug)
    connected_shop.worker.queue.clear()

    connected_shop.worker.send("sweep")
    connected_shop.run_until_idle()

    assert connected_shop.status()["lastRun"]["status"] == "DONE"


@pytest.mark.parametrize("sku", ["beans", " BEANS "])
def test_product_has_orders_and_stock_when_picqer_spells_its_sku_in_another_way(
    connected_shop: ConnectedShop, sku: str
) -> None:
    """Failure mode F103: one rule for SKUs everywhere."""
    groups = connected_shop.picqer_api("GET", "/vatgroups")
    connected_shop.picqer_api(
        "POST",
        "/products",
        productcode="Beans",
        name=sku.strip(),
        price=10,
        idvatgroup=groups[0]["idvatgroup"],
    )
    connected_shop.shop.product(sku)

    run = connected_shop.full_sync()
    connected_shop.stock("Beans", 10)
    connected_shop.run_until_idle()

    assert (run["created"], run["failed"], run["problems"]) == (0, 0, [])
    assert connected_shop.shop.available(sku) == 10

    order = connected_shop.order(**{sku: 2})
    connected_shop.ship(order)
    connected_shop.run_until_idle()

    assert connected_shop.shop.order(order).status == "FULFILLED"
    assert connected_shop.shop.available(sku) == connected_shop.free_stock("Beans") == 8
    assert len(connected_shop.picqer_api("GET", "/products")) == 1
