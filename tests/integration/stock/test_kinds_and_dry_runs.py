"""Runs of products only, runs of stock only, and dry runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError
from saleor.product.models import Product, ProductVariant

from saleor_picqer import tasks, wiring
from saleor_picqer.domain.runs import Kind, Phase, Position
from saleor_picqer.models import ProductLink, SyncRun
from saleor_picqer.store import runs
from saleor_picqer.store.work import RunTakenError
from tests.integration.support.api import ApiError
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.database import saleor_contents
from tests.integration.support.runs import FULL, PULL, PUSH, last_run, pull, run, stock_silently


def test_products_are_pushed_without_a_look_at_the_stock(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5)
    stock_silently(connected_shop, 8, "BEANS")
    connected_shop.shop.product("TEA")

    result = run(connected_shop, PUSH)

    assert (result["kind"], result["status"]) == ("PRODUCTS", "DONE")
    assert (result["created"], result["unchanged"], result["done"]) == (1, 1, 2)
    assert connected_shop.shop.available("BEANS") == 5


def test_stock_is_pulled_without_a_product_being_written(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5)
    stock_silently(connected_shop, 8, "BEANS")
    connected_shop.shop.product("TEA")
    connected_shop.reset_requests()

    result = pull(connected_shop)

    assert (result["kind"], result["status"], result["stockChanged"]) == ("STOCK", "DONE", 1)
    assert (result["done"], result["total"], result["secondsLeft"]) == (2, 2, None)
    assert connected_shop.shop.available("BEANS") == 8
    assert connected_shop.requests() == {"GET /warehouses": 2, "GET /products": 2}


def test_commands_do_one_half(connected_shop: ConnectedShop) -> None:
    connected_shop.shop.product("BEANS")

    assert "1 created, 0 updated" in manage_picqer("sync", "--only", "products")
    stock_silently(connected_shop, 8, "BEANS")
    assert "1 stocks changed" in manage_picqer("sync", "--only", "stock")
    assert connected_shop.shop.available("BEANS") == 8


def test_no_run_starts_while_one_of_another_kind_is_under_way(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F115: a single run at a time, of any kind."""
    channel = connected_shop.shop.channel_slug
    first = connected_shop.shop.admin_api.query(PULL, channel=channel)
    second = connected_shop.shop.admin_api.query(PULL, channel=channel)

    assert first["picqerPullStock"]["run"] == second["picqerPullStock"]["run"]
    with pytest.raises(CommandError, match="A stock run"):
        manage_picqer("sync")
    assert SyncRun.objects.count() == 1


def test_move_to_another_account_makes_a_run_under_way_a_full_one(
    connected_shop: ConnectedShop,
) -> None:
    channel = connected_shop.shop.channel_pk
    runs.queue_unless_active(channel, Kind.STOCK, dry_run=True)

    run = runs.require_full(channel)

    run.refresh_from_db()
    assert (run.kind, run.dry_run) == ("full", False)
    assert SyncRun.objects.count() == 1


# --- what is asked of a run under way


@pytest.mark.parametrize(
    ("first", "document", "arguments"),
    [
        ((PUSH, {}), PULL, {}),
        ((PULL, {}), FULL, {}),
        ((FULL, {"dryRun": True}), PULL, {}),
        ((FULL, {}), PULL, {"confirmZero": True}),
    ],
)
def test_run_under_way_that_does_less_is_an_error(
    connected_shop: ConnectedShop, first: Any, document: str, arguments: dict[str, bool]
) -> None:
    channel = connected_shop.shop.channel_slug
    connected_shop.shop.admin_api.query(first[0], channel=channel, **first[1])

    with pytest.raises(ApiError, match="under way, which does not do this"):
        connected_shop.shop.admin_api.query(document, channel=channel, **arguments)

    assert SyncRun.objects.count() == 1


@pytest.mark.parametrize("under_way", ["products only", "dry run", "past the pages", "not begun"])
def test_stock_is_pulled_after_a_request_whatever_is_under_way(
    connected_shop: ConnectedShop, under_way: str
) -> None:
    """As after dead webhooks: nothing else would read the stock before the night."""
    connected_shop.offer(BEANS=5)
    channel = connected_shop.shop.channel_pk
    kind = Kind.PRODUCTS if under_way == "products only" else Kind.STOCK
    run, _ = runs.queue_unless_active(channel, kind, dry_run=under_way == "dry run")
    if under_way == "past the pages":
        held = runs.claim(run.pk)
        assert held is not None
        context = wiring.context_for_channel(channel)
        held.start(context.account, 1)
        held.save(Position(Phase.OTHER_WAREHOUSES, since=context.readings.clock()))
        held.release(0)
    stock_silently(connected_shop, 8, "BEANS")

    pull, is_new = runs.queue(channel, Kind.STOCK)
    tasks.carry_on_run.apply_async((pull.pk,))
    connected_shop.run_until_idle()

    assert is_new == (under_way != "not begun")
    assert connected_shop.shop.available("BEANS") == 8
    assert last_run(connected_shop)["status"] == "DONE"


def test_worker_of_a_run_that_begins_again_saves_nothing(connected_shop: ConnectedShop) -> None:
    run, _ = runs.queue_unless_active(connected_shop.shop.channel_pk, Kind.PRODUCTS)
    held = runs.claim(run.pk)
    assert held is not None

    again, _ = runs.queue(connected_shop.shop.channel_pk, Kind.STOCK)

    assert (again.pk, again.kind) == (run.pk, "full")
    with pytest.raises(RunTakenError):
        held.save(Position(Phase.PUSH))
    assert runs.claim(run.pk) is None, "the former worker may be within a step"


# --- dry runs


def test_dry_run_writes_nothing_and_lists_what_would_change(connected_shop: ConnectedShop) -> None:
    connected_shop.offer(BEANS=5, MUG=3)
    Product.objects.filter(variants__sku="BEANS").update(name="Better beans")
    connected_shop.shop.product("TEA")
    stock_silently(connected_shop, 8, "BEANS")
    stock_silently(connected_shop, 0, "MUG")
    connected_shop.reset_requests()
    before = saleor_contents()

    result = run(connected_shop, FULL, dryRun=True)

    assert saleor_contents() == before
    assert {name.split()[0] for name in connected_shop.requests()} == {"GET"}
    assert (result["status"], result["dryRun"], result["problems"]) == ("DONE", True, [])
    assert (result["created"], result["updated"], result["unchanged"]) == (1, 1, 1)
    assert (result["stockChanged"], result["zeroed"]) == (2, 1)
    preview = result["preview"]
    assert [change["sku"] for change in preview["created"]] == ["TEA"]
    assert preview["updated"] == [{"sku": "BEANS", "fields": ["name"]}]
    assert preview["stock"] == [
        {"sku": "BEANS", "warehouse": "Main", "before": 5, "after": 8},
        {"sku": "MUG", "warehouse": "Main", "before": 3, "after": 0},
    ]
    assert (preview["known"], preview["withStock"]) == (2, 1)
    assert not ProductLink.objects.filter(sku="TEA").exists()


def test_dry_run_lists_stock_of_skus_that_picqer_spells_in_another_way(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F103."""
    connected_shop.offer(BEANS=5)
    ProductVariant.objects.filter(sku="BEANS").update(sku="beans ")
    stock_silently(connected_shop, 8, "BEANS")

    preview = run(connected_shop, FULL, dryRun=True)["preview"]

    assert preview["stock"] == [{"sku": "beans", "warehouse": "Main", "before": 5, "after": 8}]


def test_dry_run_before_the_first_sync_warns_of_a_shop_that_will_be_sold_out(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F100."""
    for sku in ("BEANS", "TEA", "MUG"):
        connected_shop.shop.product(sku, stock=50)
    before = saleor_contents()

    told = manage_picqer("sync", "--dry-run")

    assert saleor_contents() == before
    slug = connected_shop.shop.channel_slug
    assert f"Picqer has stock for 0 of 3 products: the shop will be sold out in {slug}." in told
    assert 'SKU "BEANS" would be created in Picqer: ' in told
    assert connected_shop.shop.available("BEANS") == 50
    assert connected_shop.picqer_api("GET", "/products") == []


def test_dry_run_of_stock_says_when_too_much_would_fall_to_zero(
    connected_shop: ConnectedShop,
) -> None:
    skus = [f"SKU-{number}" for number in range(1, 13)]
    connected_shop.shop.products(12)
    goods = [{"productcode": sku, "name": sku, "price": 10, "stock": {"Main": 5}} for sku in skus]
    connected_shop.control("POST", "/seed", products=goods)
    pull(connected_shop)
    stock_silently(connected_shop, 0, *skus)

    result = pull(connected_shop, dryRun=True)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("DONE", 12, 12)
    assert "--confirm-zero" in result["problems"][-1]
    assert (result["created"], result["updated"], result["unchanged"]) == (0, 0, 0)
    assert len(result["preview"]["stock"]) == 12
    assert connected_shop.shop.available("SKU-1") == 5
