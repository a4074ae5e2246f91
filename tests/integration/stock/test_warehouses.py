"""Picqer's warehouses in Saleor, and the channel's other warehouses."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from saleor.product.models import ProductVariant
from saleor.shipping.models import ShippingZone
from saleor.warehouse.models import Warehouse

from saleor_picqer import stock_reading
from saleor_picqer.models import StockRecount
from tests.integration.support.api import ApiError
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.runs import pull, stock_silently

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")


def names_in_zone(zone: ShippingZone) -> set[str]:
    return set(zone.warehouses.values_list("name", flat=True))


def change_main(connected_shop: ConnectedShop, **changes: object) -> None:
    """Change the warehouse Main in Picqer."""
    (main,) = [
        row for row in connected_shop.picqer_api("GET", "/warehouses") if row["name"] == "Main"
    ]
    connected_shop.control("POST", f"/warehouses/{main['idwarehouse']}", **changes)


def test_warehouse_of_the_shop_is_adopted_with_its_name(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.connect(adopted_warehouses="Main = shop-floor")

    connected_shop.full_sync()
    connected_shop.stock("BEANS", 4)
    connected_shop.run_until_idle()

    assert connected_shop.shop.stock("BEANS") == {"Shop floor": (4, 0)}
    assert names_in_zone(connected_shop.shop.zone) == {"Shop floor"}


def test_stock_is_that_of_the_mirrors_own_warehouse(connected_shop: ConnectedShop) -> None:
    """Failure modes F29 and F30: 1 is not 12, and closed warehouses do not count."""
    connected_shop.shop.product("BEANS")
    closed = [{"name": f"Closed {number}", "accept_orders": False} for number in range(2, 12)]
    connected_shop.control(
        "POST", "/seed", warehouses=[*closed, {"name": "Far"}, {"name": "Old", "active": False}]
    )
    connected_shop.full_sync()
    for name, amount in (("Main", 1), ("Closed 10", 10), ("Far", 12), ("Old", 13)):
        connected_shop.stock("BEANS", amount, name)
    connected_shop.run_until_idle()

    assert connected_shop.shop.stock("BEANS") == {"Main": (1, 0), "Far": (12, 0)}
    ids = {
        row["name"]: row["idwarehouse"] for row in connected_shop.picqer_api("GET", "/warehouses")
    }
    assert (ids["Main"], ids["Far"]) == (1, 12)

    connected_shop.control("POST", f"/warehouses/{ids['Far']}", name="Further", active=False)
    connected_shop.full_sync()
    assert connected_shop.shop.available("BEANS") == 1


def test_adopted_warehouse_takes_over_from_the_mirror(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=4)
    connected_shop.shop.warehouse()
    connected_shop.connect(adopted_warehouses="1 = Shop floor")

    connected_shop.full_sync()

    assert connected_shop.shop.available("BEANS") == 4
    assert connected_shop.shop.stock("BEANS")["Shop floor"] == (4, 0)


def test_zone_stays_unlinked_when_staff_unlinked_it(connected_shop: ConnectedShop) -> None:
    connected_shop.full_sync()
    connected_shop.shop.zone.warehouses.clear()
    belgium = connected_shop.shop.create_zone("Belgium", ["BE"])

    connected_shop.full_sync()

    assert names_in_zone(connected_shop.shop.zone) == set()
    assert names_in_zone(belgium) == {"Main"}


def test_only_named_warehouses_sell(connected_shop: ConnectedShop) -> None:
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    connected_shop.connect(selling_warehouses="north")
    connected_shop.shop.product("BEANS")
    connected_shop.full_sync()
    connected_shop.stock("BEANS", 3)
    connected_shop.stock("BEANS", 4, warehouse="North")

    connected_shop.full_sync()

    assert connected_shop.shop.available("BEANS") == 4
    assert not Warehouse.objects.filter(name="Main").exists()


def test_sync_fails_and_changes_nothing_when_a_setting_names_no_warehouse(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.shop.warehouse("Cellar")
    connected_shop.connect(adopted_warehouses="Main = cellar")
    Warehouse.objects.filter(name="Cellar").delete()

    run = connected_shop.full_sync()

    assert run["status"] == "FAILED"
    assert 'Adopted warehouses: Saleor has no warehouse "cellar".' in run["problems"][-1]
    assert connected_shop.shop.available("BEANS") == 50


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            {"selling_warehouses": "South"},
            'Warehouses that sell: Picqer has no warehouse "South".',
        ),
        (
            {"adopted_warehouses": "South = shop-floor"},
            'Adopted warehouses: Picqer has no warehouse "south".',
        ),
        (
            {"adopted_warehouses": "Main = cellar"},
            'Adopted warehouses: Saleor has no warehouse "cellar".',
        ),
    ],
)
def test_settings_are_refused_when_they_name_no_warehouse(
    connected_shop: ConnectedShop, named: dict[str, str], message: str
) -> None:
    """Failure mode F98."""
    connected_shop.shop.warehouse()

    with pytest.raises(ApiError, match=re.escape(message)):
        connected_shop.connect(**named)


def test_warehouse_sells_under_its_new_name_when_it_was_renamed_in_picqer(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.connect(selling_warehouses="Main")
    connected_shop.offer(BEANS=4)
    change_main(connected_shop, name="Central")

    connected_shop.full_sync()

    assert connected_shop.shop.stock("BEANS") == {"Central": (4, 0)}


def test_warehouse_sells_again_when_picqer_opens_it_again(connected_shop: ConnectedShop) -> None:
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    connected_shop.offer(BEANS=4)
    change_main(connected_shop, active=False)
    run = connected_shop.full_sync()
    assert connected_shop.shop.available("BEANS") == 0
    assert "The warehouse is inactive in Picqer." in run["problems"][-1]
    change_main(connected_shop, active=True)

    connected_shop.full_sync()

    assert connected_shop.shop.available("BEANS") == 4


def test_run_reports_the_sold_out_skus_when_picqer_closes_the_warehouse_that_had_them(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    connected_shop.offer(**{f"SKU-{n}": 4 for n in range(5)})
    connected_shop.stock("SKU-0", 1, "North")
    connected_shop.run_until_idle()
    change_main(connected_shop, active=False)

    run = connected_shop.full_sync()

    assert "4 of the 5 SKUs that the shop offered are sold out now" in run["problems"][-1]
    assert connected_shop.full_sync()["problems"] == []


def test_too_many_skus_are_counted_without_the_stock_of_closed_warehouses(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F76: the shop offers five SKUs, whatever a closed warehouse has."""
    connected_shop.control("POST", "/seed", warehouses=[{"name": "Closed"}])
    skus = [f"SKU-{n}" for n in range(5)]
    connected_shop.offer(**dict.fromkeys(skus, 4))
    for sku in skus:
        connected_shop.stock(sku, 3, "Closed")
    connected_shop.run_until_idle()
    warehouses = connected_shop.picqer_api("GET", "/warehouses")
    (closed,) = [row["idwarehouse"] for row in warehouses if row["name"] == "Closed"]
    connected_shop.control("POST", f"/warehouses/{closed}", accept_orders=False)
    connected_shop.full_sync()
    stock_silently(connected_shop, 0, *skus)

    run = pull(connected_shop)

    assert (run["withheld"], run["zeroed"]) == (5, 0)
    assert [connected_shop.shop.available(sku) for sku in skus] == [4] * 5


def test_other_warehouse_is_deleted_when_the_setting_says_so(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.connect(other_warehouses="delete")
    connected_shop.shop.product("BEANS", stock=50)

    run = connected_shop.full_sync(confirm=True)

    assert not Warehouse.objects.filter(name="Shop floor").exists()
    assert run["problems"] == []


def test_other_warehouse_is_unlinked_and_reported_when_goods_are_allocated(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.connect(other_warehouses="delete", shipping_methods="Courier")
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.place(BEANS=2)

    run = connected_shop.full_sync(confirm=True)

    assert connected_shop.shop.stock("BEANS")["Shop floor"] == (50, 2)
    assert connected_shop.shop.available("BEANS") == 0
    (problem,) = run["problems"]
    assert problem.startswith('Warehouse "Shop floor" was unlinked from the channel. Goods in it')


@only_saleor_3
def test_other_warehouse_is_unlinked_only_when_another_channel_sells_from_it(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F78: `delete` takes nothing away from a channel that is not Picqer's."""
    connected_shop.connect(other_warehouses="delete")
    connected_shop.shop.product("BEANS", stock=50)
    floor = connected_shop.shop.warehouse()
    outlet = connected_shop.shop.create_channel("outlet")
    floor.channels.add(outlet)

    run = connected_shop.full_sync(confirm=True)

    assert list(floor.channels.values_list("slug", flat=True)) == ["outlet"]
    assert connected_shop.shop.stock("BEANS")["Shop floor"] == (50, 0)
    assert connected_shop.shop.available("BEANS") == 0
    (problem,) = run["problems"]
    assert problem.startswith('Warehouse "Shop floor" was unlinked from the channel. ')


def test_other_warehouse_sells_until_the_mirrors_have_their_stock(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F100: a first sync that stops halfway does not sell out the shop."""
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.fail_next("GET", "/products", "html", status=403)

    run = connected_shop.full_sync()

    assert run["status"] == "FAILED"
    assert connected_shop.shop.available("BEANS") == 50

    connected_shop.full_sync(confirm=True)

    assert connected_shop.shop.available("BEANS") == 0


def test_warehouse_with_digital_goods_stays(connected_shop: ConnectedShop) -> None:
    """Failure mode F78: digital goods stay for sale."""
    connected_shop.shop.product("E-BOOK", ships=False, stock=50)

    connected_shop.full_sync()

    assert connected_shop.shop.available("E-BOOK") == 50


@only_saleor_3
def test_collection_point_stays(connected_shop: ConnectedShop) -> None:
    """Failure mode F78: customers can still collect their orders."""
    point = connected_shop.shop.collection_point("Counter")

    connected_shop.full_sync()

    assert point.channels.count() == 1


@only_saleor_3
def test_mirrors_are_in_the_order_of_picqers_priority(connected_shop: ConnectedShop) -> None:
    connected_shop.connect(other_warehouses="keep")
    connected_shop.shop.warehouse()
    connected_shop.control(
        "POST", "/seed", warehouses=[{"name": "North", "priority": 1}, {"name": "Far"}]
    )
    connected_shop.full_sync()
    change_main(connected_shop, priority=9)

    connected_shop.full_sync()

    links = Warehouse.objects.filter(channelwarehouse__channel=connected_shop.shop.channel_pk)
    rows = links.order_by("channelwarehouse__sort_order", "channelwarehouse__pk")
    assert list(rows.values_list("name", flat=True)) == ["Shop floor", "North", "Far", "Main"]


@only_saleor_3
@pytest.mark.parametrize("strategy", ["prioritize-sorting-order", "prioritize-high-stock"])
def test_goods_are_allocated_by_the_channels_own_strategy(
    connected_shop: ConnectedShop, strategy: str
) -> None:
    connected_shop.shop.set_channel(allocation_strategy=strategy)
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North", "priority": 9}])
    connected_shop.shop.product("BEANS")
    connected_shop.full_sync()
    connected_shop.stock("BEANS", 5, "Main")
    connected_shop.stock("BEANS", 7, "North")
    connected_shop.run_until_idle()

    connected_shop.place(BEANS=2)

    first = {"prioritize-sorting-order": "Main", "prioritize-high-stock": "North"}[strategy]
    allocated = {name: n for name, (_, n) in connected_shop.shop.stock("BEANS").items() if n}
    assert allocated == {first: 2}
    channels = Warehouse.objects.get(name="Main").channels
    assert set(channels.values_list("allocation_strategy", flat=True)) == {strategy}


def test_stock_is_kept_back_when_settings_and_metadata_say_so(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.connect(stock_buffer="2", stock_cap="5")
    connected_shop.offer(BEANS=6, TEA=20, RARE=3)
    rare = ProductVariant.objects.get(sku="RARE")
    rare.private_metadata = {"picqer.stock_buffer": "0", "picqer.stock_cap": "many"}
    rare.save()

    connected_shop.full_sync()

    available = {sku: connected_shop.shop.available(sku) for sku in ("BEANS", "TEA", "RARE")}
    assert available == {"BEANS": 4, "TEA": 5, "RARE": 3}


def test_saved_limits_count_at_once_without_a_request(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_picqer.store.recounts.BATCH_SIZE", 1)
    connected_shop.offer(BEANS=6, TEA=20)
    connected_shop.reset_requests()

    connected_shop.connect(stock_buffer="2", stock_cap="5")
    connected_shop.worker.run(only=2)
    available = {sku: connected_shop.shop.available(sku) for sku in ("BEANS", "TEA")}

    assert available == {"BEANS": 4, "TEA": 5}
    assert "GET /products" not in connected_shop.requests()

    connected_shop.connect(stock_buffer="", stock_cap="")
    connected_shop.run_until_idle()

    assert connected_shop.shop.available("TEA") == 20
    assert not StockRecount.objects.exists()


def test_saved_limits_count_when_the_message_was_lost_halfway(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_picqer.store.recounts.BATCH_SIZE", 1)
    monkeypatch.setattr("saleor_picqer.stock_reading.SLICE", 0.0)
    connected_shop.offer(BEANS=6, TEA=20)
    connected_shop.connect(stock_buffer="2")
    account = StockRecount.objects.get().account
    assert stock_reading.count_anew(account, 0.0)
    connected_shop.worker.queue.clear()
    assert (connected_shop.shop.available("BEANS"), connected_shop.shop.available("TEA")) == (4, 20)

    connected_shop.pass_time()

    assert connected_shop.shop.available("TEA") == 18


def test_nothing_is_counted_anew_when_other_settings_are_saved(
    connected_shop: ConnectedShop,
) -> None:
    connected_shop.offer(BEANS=6)

    connected_shop.connect(reference_prefix="NEW-")

    assert not StockRecount.objects.exists()


@only_saleor_3
def test_new_warehouse_sells_in_all_channels_of_the_account(connected_shop: ConnectedShop) -> None:
    """Failure mode F29: a new warehouse does not wait for a run of each channel."""
    outlet = replace(connected_shop, shop=connected_shop.shop.open("outlet"))
    outlet.connect(reference_prefix="OUT-")
    later = replace(connected_shop, shop=connected_shop.shop.open("later"))
    later.connect(reference_prefix="LATER-")
    connected_shop.full_sync()
    outlet.full_sync()
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    connected_shop.reset_requests()

    connected_shop.full_sync()

    linked = Warehouse.objects.get(name="North").channels
    assert set(linked.values_list("slug", flat=True)) == {
        connected_shop.shop.channel_slug,
        "outlet",
    }
    assert connected_shop.requests()["GET /warehouses"] == 2

    change_main(connected_shop, active=False)
    connected_shop.full_sync()

    assert not Warehouse.objects.get(name="Main").channels.exists()


@only_saleor_3
def test_channel_with_a_wrong_setting_does_not_stop_the_others(
    connected_shop: ConnectedShop,
) -> None:
    outlet = replace(connected_shop, shop=connected_shop.shop.open("outlet"))
    outlet.connect(reference_prefix="OUT-", selling_warehouses="Main")
    connected_shop.full_sync()
    outlet.full_sync()
    connected_shop.control("POST", "/seed", warehouses=[{"name": "North"}])
    change_main(connected_shop, active=False)

    run = connected_shop.full_sync()

    assert run["status"] == "DONE"
    assert list(Warehouse.objects.get(name="North").channels.values_list("slug", flat=True)) == [
        connected_shop.shop.channel_slug
    ]


PREVIEW = """
query Preview($channel: String) {
  picqerWarehousePreview(channel: $channel) { action name picqerId warehouseId reason }
}
"""


def test_preview_says_what_a_sync_does_and_changes_nothing(connected_shop: ConnectedShop) -> None:
    """Failure mode F100: staff see before the first sync which warehouses stop selling."""
    connected_shop.connect(other_warehouses="delete", shipping_methods="Courier")
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.place(BEANS=2)
    before = set(Warehouse.objects.values_list("name", flat=True))
    connected_shop.reset_requests()

    answer = connected_shop.shop.admin_api.query(PREVIEW, channel=connected_shop.shop.channel_slug)

    steps = {step["name"]: step for step in answer["picqerWarehousePreview"]}
    assert (steps["Main"]["action"], steps["Main"]["reason"]) == ("CREATE", "")
    assert steps["Shop floor"]["action"] == "DETACH"
    assert steps["Shop floor"]["reason"] == "Goods in it are allocated to orders."
    assert set(Warehouse.objects.values_list("name", flat=True)) == before
    assert connected_shop.requests() == {"GET /warehouses": 1}


def test_preview_names_the_setting_at_fault(connected_shop: ConnectedShop) -> None:
    connected_shop.connect(selling_warehouses="Main")
    change_main(connected_shop, active=False)

    with pytest.raises(ApiError, match="None of the warehouses that sell is active"):
        connected_shop.shop.admin_api.query(PREVIEW, channel=connected_shop.shop.channel_slug)


def test_preview_needs_the_permission_for_plugins(connected_shop: ConnectedShop) -> None:
    staff = connected_shop.shop.staff_api("manage_orders", email="orders@example.com")

    with pytest.raises(ApiError):
        staff.query(PREVIEW, channel=connected_shop.shop.channel_slug)


def test_command_prints_the_preview(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.warehouse()

    printed = manage_picqer("warehouses")

    assert '"Main" is created in Saleor.' in printed
    assert '"Shop floor" is unlinked from the channel.' in printed
