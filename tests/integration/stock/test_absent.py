"""Absent is not zero: lists cut short, shifted, repeated or empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from saleor.product.models import ProductVariant

from saleor_picqer import wiring
from saleor_picqer.domain.batches import Page
from saleor_picqer.models import StockReading, SyncItem
from saleor_picqer.picqer.gateway.products import Products
from saleor_picqer.picqer.gateway.stock import Stock
from saleor_picqer.sync import stock
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.runs import FULL, pages, pull, run, stock_silently

SKUS = tuple(f"SKU-{number}" for number in range(1, 13))


@pytest.fixture
def shop(connected_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with twelve products, five of each in stock."""
    connected_shop.shop.products(len(SKUS))
    common = {"price": 10, "stock": {"Main": 5}}
    goods = [{"productcode": sku, "name": sku, **common} for sku in SKUS]
    connected_shop.control("POST", "/seed", products=goods)
    connected_shop.webhooks.pending.clear()
    pull(connected_shop)
    connected_shop.reset_requests()
    return connected_shop


def available(shop: ConnectedShop) -> list[int]:
    return [shop.shop.available(sku) for sku in SKUS]


def test_product_is_looked_up_when_the_list_lacks_it(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76: a product was sold out or inactivated while pages were read."""
    stock_silently(shop, 7, *SKUS)

    def shifted(page: Page[Any], _offset: int, _active: bool) -> Page[Any]:
        return replace(page, items=[row for row in page.items if row.sku != "SKU-12"])

    with pages(monkeypatch, shifted):
        result = pull(shop)

    assert (result["status"], result["problems"], result["zeroed"]) == ("DONE", [], 0)
    assert available(shop) == [7] * 12
    assert shop.requests() == {
        "GET /warehouses": 2,
        "GET /products": 2,
        "GET /products/{idproduct}": 1,
    }


def test_all_products_are_read_by_id_when_the_list_is_cut_short(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76."""
    stock_silently(shop, 7, *SKUS)

    with pages(monkeypatch, lambda page, *_: Page(page.items[:3])):
        result = pull(shop)

    assert (result["status"], result["problems"], result["zeroed"]) == ("DONE", [], 0)
    assert available(shop) == [7] * 12
    assert shop.requests() == {"GET /warehouses": 2, "GET /products": 2 + 1}


def test_stock_is_left_when_picqer_answers_with_empty_lists(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76: an empty list does not empty the shop."""
    monkeypatch.setattr(Stock, "of_products", lambda *_: [])

    with pages(monkeypatch, lambda *_: Page([])):
        result = pull(shop)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("FAILED", 12, 0)
    assert "no stock of 12 of the 12 SKUs" in result["problems"][-1]
    assert "--confirm-zero" in result["problems"][-1]
    assert available(shop) == [5] * 12


def test_even_one_product_is_left_when_picqer_lists_none(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76."""
    connected_shop.offer(BEANS=5)
    monkeypatch.setattr(Stock, "of_products", lambda *_: [])

    with pages(monkeypatch, lambda *_: Page([])):
        result = pull(connected_shop)

    assert result["status"] == "FAILED"
    assert connected_shop.shop.available("BEANS") == 5


def test_absent_products_fall_to_zero_when_staff_confirm(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stock, "of_products", lambda *_: [])

    with pages(monkeypatch, lambda *_: Page([])):
        result = pull(shop, confirmZero=True)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("DONE", 0, 12)
    assert available(shop) == [0] * 12
    assert not SyncItem.objects.exists()


def test_nothing_falls_to_zero_when_too_much_would(shop: ConnectedShop) -> None:
    """Failure mode F76: all zeroed."""
    stock_silently(shop, 0, *SKUS[:11])
    stock_silently(shop, 9, SKUS[-1])

    result = pull(shop)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("FAILED", 11, 0)
    assert "SKU-1, " in result["problems"][-1]
    assert available(shop) == [5] * 11 + [9], "the rest of the stock is written"


@pytest.mark.parametrize("was_read", [True, False])
def test_nothing_falls_to_zero_when_too_much_would_that_saleor_spells_differently(
    shop: ConnectedShop, was_read: bool
) -> None:
    """Failure mode F76: the rule holds whatever the spelling of a SKU."""
    for variant in ProductVariant.objects.filter(sku__in=SKUS[:11]):
        variant.sku = f" {variant.sku.lower()} "
        variant.save()
    if not was_read:
        StockReading.objects.all().delete()
    stock_silently(shop, 0, *SKUS[:11])

    result = pull(shop)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("FAILED", 11, 0)
    assert [shop.shop.available(f" {sku.lower()} ") for sku in SKUS[:11]] == [5] * 11


def test_sold_out_products_fall_to_zero_when_they_are_few(shop: ConnectedShop) -> None:
    stock_silently(shop, 0, *SKUS[:3])

    result = pull(shop)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("DONE", 0, 3)
    assert available(shop) == [0] * 3 + [5] * 9


def test_command_confirms_zeros(shop: ConnectedShop) -> None:
    stock_silently(shop, 0, *SKUS)

    told = manage_picqer("sync", "--only", "stock", "--confirm-zero")

    assert "12 SKUs set to zero" in told
    assert available(shop) == [0] * 12


def test_stock_is_left_when_picqer_tells_no_amount(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76: a missing `freestock` says nothing."""

    def silent(page: Page[Any], _offset: int, _active: bool) -> Page[Any]:
        return replace(page, items=[replace(row, levels=()) for row in page.items])

    with pages(monkeypatch, silent):
        result = pull(shop)

    assert (result["status"], result["problems"]) == ("DONE", [])
    assert available(shop) == [5] * 12


def test_stock_of_an_unlimited_product_is_left_alone(shop: ConnectedShop) -> None:
    """Failure mode F27."""
    idproduct = shop.product("SKU-1")["idproduct"]
    stock_silently(shop, 0, "SKU-1")
    shop.picqer_api("PUT", f"/products/{idproduct}", type="unlimited_stock")

    result = pull(shop)

    assert (result["status"], result["zeroed"]) == ("DONE", 0)
    assert available(shop) == [5] * 12


def test_run_ends_when_the_list_ignores_the_offset(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F76: a repeated list comes to an end."""
    stock_silently(shop, 7, *SKUS)
    first = Products.page
    offsets = []

    def repeated(self: Products, offset: int, *, active: bool) -> Page[Any]:
        offsets.append(offset)
        return replace(first(self, 0, active=active), next_offset=offset + 100)

    monkeypatch.setattr(Products, "page", repeated)

    result = pull(shop)

    assert (result["status"], result["read"]) == ("DONE", 12)
    assert len(offsets) < 6
    assert available(shop) == [7] * 12


@pytest.mark.parametrize("sku", ["E-BOOK", " e-book "])
def test_stock_of_digital_goods_is_left_in_an_adopted_warehouse(
    connected_shop: ConnectedShop, sku: str
) -> None:
    """Failure mode F78: Picqer has no digital goods, whatever its own products are called."""
    connected_shop.shop.product("BEANS", stock=50)
    connected_shop.shop.product(sku, stock=7, ships=False)
    connected_shop.connect(adopted_warehouses="Main = shop-floor")
    connected_shop.full_sync()
    stock_silently(connected_shop, 4, "BEANS")
    connected_shop.reset_requests()

    result = pull(connected_shop)

    assert (result["status"], result["zeroed"]) == ("DONE", 0)
    assert connected_shop.shop.stock(sku) == {"Shop floor": (7, 0)}
    assert connected_shop.requests() == {"GET /warehouses": 2, "GET /products": 2}


@pytest.mark.parametrize("sku", ["E-BOOK", " e-book "])
def test_digital_goods_get_no_stock_when_picqer_has_a_product_of_their_sku(
    connected_shop: ConnectedShop, sku: str
) -> None:
    """Failure mode F78: pulls, webhooks and recounts leave out what does not ship."""
    book = connected_shop.shop.product(sku, stock=7, ships=False)
    goods = {"productcode": "E-BOOK", "name": "Book", "price": 10, "stock": {"Main": 5}}
    connected_shop.control("POST", "/seed", products=[goods])
    kept = {"Shop floor": (7, 0)}

    connected_shop.full_sync()
    assert connected_shop.shop.stock(sku) == kept

    connected_shop.stock("E-BOOK", 9)
    connected_shop.run_until_idle()
    assert connected_shop.shop.stock(sku) == kept

    connected_shop.connect(stock_buffer=1)
    connected_shop.run_until_idle()
    context = wiring.context_for_channel(connected_shop.shop.channel_pk)
    assert stock.recount(context, skus=["E-BOOK"]) == 0
    assert connected_shop.shop.stock(sku) == kept

    stock_silently(connected_shop, 0, "E-BOOK")
    idproduct = connected_shop.product("E-BOOK")["idproduct"]
    connected_shop.picqer_api("PUT", f"/products/{idproduct}", type="unlimited_stock")
    connected_shop.connect(unlimited_stock="untracked")
    pull(connected_shop)
    book.refresh_from_db()
    assert book.track_inventory


def change_codes(shop: ConnectedShop, skus: Sequence[str]) -> None:
    """Give products another code in Picqer, of which no webhook tells."""
    for sku in skus:
        product = shop.product(sku)["idproduct"]
        shop.picqer_api("PUT", f"/products/{product}", productcode=f"NEW-{sku}")
    shop.webhooks.pending.clear()


def test_nothing_falls_to_zero_when_too_many_codes_were_changed_in_picqer(
    shop: ConnectedShop,
) -> None:
    """Failure mode F76: a mistake in Picqer's codes does not empty the shop."""
    change_codes(shop, SKUS[:11])
    stock_silently(shop, 9, SKUS[-1])

    for _ in range(2):
        result = pull(shop)

        assert (result["status"], result["withheld"], result["zeroed"]) == ("FAILED", 11, 0)
        assert result["read"] == len(SKUS)
        assert available(shop) == [5] * 11 + [9]
        assert any('Picqer calls the product "NEW-SKU-1".' in each for each in result["problems"])

    assert pull(shop, confirmZero=True)["zeroed"] == 11
    assert available(shop) == [0] * 11 + [9]


def test_stock_moves_to_the_new_skus_when_few_codes_were_changed_in_picqer(
    shop: ConnectedShop,
) -> None:
    shop.shop.product("NEW-SKU-1")
    change_codes(shop, SKUS[:2])
    requests = {"GET /warehouses": 2, "GET /products": 2}
    shop.reset_requests()

    result = pull(shop)

    assert (result["status"], result["withheld"], result["zeroed"]) == ("DONE", 0, 2)
    assert available(shop) == [0] * 2 + [5] * 10
    assert shop.shop.available("NEW-SKU-1") == 5
    assert shop.requests() == requests
    assert pull(shop)["problems"] == [], "both systems are in step"


def test_code_that_was_changed_in_picqer_is_set_back_with_its_stock(shop: ConnectedShop) -> None:
    """A full sync sends the shop's SKUs, and reads the stock of these products again."""
    run(shop, FULL)
    change_codes(shop, SKUS[:2])

    result = run(shop, FULL)
    shop.run_until_idle()

    assert (result["status"], result["updated"], result["problems"]) == ("DONE", 2, [])
    assert available(shop) == [5] * 12
    assert shop.product("SKU-1")["productcode"] == "SKU-1"


def test_stock_of_a_new_code_counts_at_once_when_no_variant_has_the_former(
    shop: ConnectedShop,
) -> None:
    """A SKU that was changed in Saleor, too, sells nothing any more, and is not asked for."""
    change_codes(shop, SKUS[:11])
    for variant in ProductVariant.objects.filter(sku__in=SKUS[:11]):
        variant.sku = f"NEW-{variant.sku}"
        variant.save()
    for sku in SKUS[:11]:
        stock_silently(shop, 8, f"NEW-{sku}")

    result = pull(shop)

    assert (result["status"], result["problems"], result["zeroed"]) == ("DONE", [], 0)
    assert [shop.shop.available(f"NEW-{sku}") for sku in SKUS[:11]] == [8] * 11
