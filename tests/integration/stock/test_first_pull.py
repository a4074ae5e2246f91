"""The first pull of a shop that has sold from warehouses of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone
from saleor.warehouse.models import Warehouse

from saleor_picqer.models import SyncRun
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.runs import FULL, PULL, last_run, pull, run, stock_silently

SKUS = ("BEANS", "TEA", "MUG")
SAYS = "Picqer has no stock of 3 of the 3 SKUs that the channel sells."


@pytest.fixture
def shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop that sells three products which Picqer does not have."""
    for sku in SKUS:
        connected_shop.shop.product(sku, stock=50)
    return connected_shop


def available(shop: ConnectedShop) -> list[int]:
    return [shop.shop.available(sku) for sku in SKUS]


@pytest.mark.parametrize("document", [FULL, PULL])
@pytest.mark.parametrize("others", ["detach", "delete"])
def test_shop_sells_on_when_picqer_has_no_stock_at_all(
    shop: ConnectedShop, document: str, others: str
) -> None:
    """Failure mode F100: the shop is not sold out without a question."""
    shop.connect(other_warehouses=others)

    found = run(shop, document)

    assert (found["status"], found["withheld"], found["zeroed"]) == ("FAILED", 3, 0)
    assert found["problems"][-1].startswith(SAYS)
    assert '"Shop floor"' in found["problems"][-1]
    assert "--confirm-zero" in found["problems"][-1]
    assert available(shop) == [50, 50, 50]
    assert found["created"] == (3 if document == FULL else 0), "products are sent all the same"


def test_shop_is_sold_out_when_staff_confirm(shop: ConnectedShop) -> None:
    run(shop, FULL)

    found = pull(shop, confirmZero=True)

    assert (found["status"], found["withheld"], found["problems"]) == ("DONE", 0, [])
    assert available(shop) == [0, 0, 0]
    assert shop.shop.stock("BEANS")["Shop floor"] == (50, 0)


def test_command_asks_and_confirms(shop: ConnectedShop) -> None:
    with pytest.raises(CommandError):
        manage_picqer("sync")
    assert available(shop) == [50, 50, 50]
    assert last_run(shop)["problems"][-1].startswith(SAYS)

    manage_picqer("sync", "--only", "stock", "--confirm-zero")
    assert available(shop) == [0, 0, 0]


def test_nightly_pull_does_not_sell_out_the_shop(shop: ConnectedShop) -> None:
    """Failure mode F100: the schedule, too, waits for staff."""
    run(shop, FULL)
    SyncRun.objects.update(queued_at=timezone.now() - timedelta(days=2))

    shop.worker.send("sweep")
    shop.run_until_idle()

    assert SyncRun.objects.count() == 2
    assert (last_run(shop)["kind"], last_run(shop)["status"]) == ("STOCK", "FAILED")
    assert available(shop) == [50, 50, 50]


def test_other_warehouse_leaves_when_picqer_has_the_stock(shop: ConnectedShop) -> None:
    run(shop, FULL)
    stock_silently(shop, 4, *SKUS)

    found = pull(shop)

    assert (found["status"], found["withheld"]) == ("DONE", 0)
    assert available(shop) == [4, 4, 4]


def test_shop_sells_on_when_picqer_lacks_more_than_a_tenth(connected_shop: ConnectedShop) -> None:
    """Failure mode F100: the rule of all pulls holds for the first one too."""
    goods = [{"productcode": f"SKU-{n}", "name": "x", "price": 10} for n in range(1, 13)]
    stocked = [{**goods[0], "stock": {"Main": 5}}, *goods[1:]]
    connected_shop.shop.products(12, stock=50)
    connected_shop.control("POST", "/seed", products=stocked)

    found = pull(connected_shop)

    assert (found["status"], found["withheld"]) == ("FAILED", 11)
    # Sold from both warehouses, until staff have said what is true.
    assert connected_shop.shop.available("SKU-1") == 55
    assert connected_shop.shop.available("SKU-2") == 50


def test_adopted_warehouse_keeps_its_stock_when_picqer_has_none(shop: ConnectedShop) -> None:
    """Failure mode F100: the stock of an adopted warehouse was never read from Picqer."""
    shop.connect(adopted_warehouses="Main = shop-floor")
    goods = [{"productcode": sku, "name": sku, "price": 10} for sku in SKUS]
    shop.control("POST", "/seed", products=goods)

    assert (pull(shop)["withheld"], available(shop)) == (3, [50, 50, 50])

    assert (pull(shop, confirmZero=True)["zeroed"], available(shop)) == (3, [0, 0, 0])


def test_mirror_leaves_when_picqer_has_closed_its_warehouse(connected_shop: ConnectedShop) -> None:
    """Goods of a warehouse that ships nothing are not sold, confirmed or not."""
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    connected_shop.offer(BEANS=4)
    mirror = Warehouse.objects.get(name="Main")
    connected_shop.shop.product("TEA", stock=50)
    rows = connected_shop.picqer_api("GET", "/warehouses")
    (main,) = [row for row in rows if row["name"] == "Main"]
    connected_shop.control("POST", f"/warehouses/{main['idwarehouse']}", active=False)

    pull(connected_shop)

    assert connected_shop.shop.available("BEANS") == 0
    assert mirror.stock_set.get().quantity == 4
