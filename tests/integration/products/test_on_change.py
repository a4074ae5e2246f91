"""Changes of products in Saleor reach Picqer, told by a hook or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from saleor.product.models import Product, ProductVariant

from saleor_picqer import capture, product_hooks
from saleor_picqer.models import CatalogueProduct, CatalogueState
from saleor_picqer.sync import catalogue
from tests.integration.products.conftest import ProductShop, counted_statements
from tests.integration.support.catalogue_edits import (
    describe_quietly,
    price_quietly,
)
from tests.integration.support.host import IS_SALEOR_3

UPDATE = {"PUT /products/{idproduct}": 1}
Edit = Callable[[ProductShop, ProductVariant], object]

CHANGES: dict[str, tuple[Edit, dict[str, object]]] = {
    "name": (lambda shop, variant: shop.edit.rename(variant, "Tea"), {"name": "Tea"}),
    "price": (lambda shop, variant: shop.edit.set_price(variant, "12.50"), {"price": 12.5}),
    "sku": (lambda shop, variant: shop.edit.set_sku(variant, "LEAF"), {"productcode": "LEAF"}),
    "metadata": (
        lambda shop, variant: shop.edit.set_metadata(variant, "picqer.barcode", "87123"),
        {"barcode": "87123"},
    ),
    "metadata of the product": (
        lambda shop, variant: shop.edit.set_metadata(
            variant, "picqer.hs_code", "0901", of_product=True
        ),
        {"hs_code": "0901"},
    ),
}
QUIET: dict[str, tuple[Edit, dict[str, object]]] = {
    "price": (lambda _, variant: price_quietly(variant, "0"), {"price": 0}),
    "description": (lambda _, variant: describe_quietly(variant, "Hot"), {"description": "Hot"}),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_change_is_sent_in_one_request(products: ProductShop, kind: str) -> None:
    edit, expected = CHANGES[kind]
    before = products.product("TEA")

    edit(products, products.variant("TEA"))

    # The stock of a product with another SKU is read again.
    reading = {"GET /products/{idproduct}": 1} if kind == "sku" else {}
    assert products.run() == UPDATE | reading
    after = products.product(str(expected.get("productcode", "TEA")))
    assert after["idproduct"] == before["idproduct"]
    assert {name: after[name] for name in expected} == expected


@pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no tax classes")
def test_new_tax_class_of_a_product_is_sent_in_one_request(products: ProductShop) -> None:
    from saleor.tax.models import TaxClass, TaxClassCountryRate

    reduced = TaxClass.objects.create(name="Reduced")
    TaxClassCountryRate.objects.create(tax_class=reduced, country="NL", rate=9)
    products.connected.control("POST", "/seed", vatgroups=[{"name": "Low", "percentage": 9}])
    cache.clear()
    before = products.product("TEA")["idvatgroup"]

    products.edit.set_tax_class(products.variant("TEA"), reduced.pk)

    assert products.run() == UPDATE
    assert products.product("TEA")["idvatgroup"] != before


@pytest.mark.parametrize("kind", QUIET)
def test_change_without_a_hook_is_found_by_the_sweep(products: ProductShop, kind: str) -> None:
    edit, expected = QUIET[kind]

    edit(products, products.variant("TEA"))
    assert products.run() == {}

    assert products.sweep() == UPDATE
    assert {name: products.product("TEA")[name] for name in expected} == expected
    assert products.sweep() == {}


def test_change_is_found_when_its_hook_fails(
    products: ProductShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F69 for products: a hook that raises loses no change."""

    def broken(*_: object, **__: object) -> None:
        raise OSError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(capture, "capture_products", broken)
        products.edit.rename(products.variant("TEA"), "Green tea")

    assert products.run() == {}
    assert products.sweep() == UPDATE
    assert products.product("TEA")["name"] == "Green tea"


def test_saving_without_a_change_costs_no_request(products: ProductShop) -> None:
    variant = products.variant("TEA")
    products.tell_variants(variant)
    products.tell_products(variant)

    assert products.run() == {}
    assert not products.row(variant).dirty


def test_new_variant_is_created_once(products: ProductShop) -> None:
    variant = products.connected.shop.product("MUG", name="Mug")
    products.tell_variants(variant)

    assert products.run() == {"POST /products": 1}
    assert products.row(variant).remote_id == products.product("MUG")["idproduct"]
    assert products.sweep() == {}


def test_new_variant_is_found_when_no_hook_told(products: ProductShop) -> None:
    products.connected.shop.product("MUG", name="Mug")

    assert products.sweep()["POST /products"] == 1
    assert "MUG" in products.codes()


def test_digital_product_is_never_sent(products: ProductShop) -> None:
    """Failure mode F78."""
    variant = products.connected.shop.product("E-BOOK", ships=False)
    products.tell_variants(variant)

    assert products.run() == {}
    assert products.sweep() == {}
    assert "E-BOOK" not in products.codes()


def test_stock_kept_back_by_metadata_counts_at_once(products: ProductShop) -> None:
    products.connected.stock("BEANS", 10)
    products.connected.run_until_idle()
    beans = products.variant("BEANS")
    beans.private_metadata = {"picqer.stock_buffer": "3"}
    beans.save()

    products.tell_variants(beans)
    assert products.run() == {}
    assert products.connected.shop.available("BEANS") == 7

    beans.private_metadata = {}
    beans.save()
    products.tell_variants(beans)
    assert products.run() == {}
    assert products.connected.shop.available("BEANS") == 10


def test_nothing_is_sent_before_the_first_full_sync(products: ProductShop) -> None:
    CatalogueState.objects.update(begun_at=None)
    products.edit.rename(products.variant("TEA"), "Green tea")

    assert products.run() == {}
    assert products.sweep() == {}


@pytest.mark.parametrize("sends", ["never", "automatic"])
def test_hook_costs_at_most_two_statements_and_no_request(
    products: ProductShop, sends: str
) -> None:
    products.connected.connect(send_products=sends)
    variant = products.variant("TEA")
    CatalogueProduct.objects.update(dirty=False)
    products.connected.reset_requests()

    for changed, pk in (
        (product_hooks.variants_changed, variant.pk),
        (product_hooks.products_changed, variant.product_id),
    ):
        with counted_statements() as statements:
            changed([pk])
        assert len(statements) == (1 if sends == "never" else 2)
    assert products.row(variant).dirty is (sends != "never")
    assert products.connected.requests() == {}


def test_bulk_edit_of_1000_variants_becomes_ten_tasks(products: ProductShop) -> None:
    """Coalesced, and equal products cost a fixed number of statements a batch and no request."""
    variants = products.add_known_variants(1000)
    products.tell_variants(*variants)

    with counted_statements() as statements:
        tasks = products.count_tasks()

    assert tasks <= 20
    assert len(statements) <= 25 * tasks
    assert products.connected.requests() == {}
    assert not CatalogueProduct.objects.filter(dirty=True).exists()


def test_bulk_edit_sends_one_request_for_each_change(products: ProductShop) -> None:
    variants = products.add_known_variants(150)
    price_quietly(variants[3], "99")
    price_quietly(variants[140], "99")

    sent = products.sweep()

    # Picqer does not have these products, so each is looked for and made.
    assert sent == {"PUT /products/{idproduct}": 2, "POST /products": 2}


@pytest.mark.parametrize("pages", [3, 1])
@pytest.mark.parametrize("together", [True, False])
def test_watermark_goes_on_when_a_bulk_edit_fills_a_sweep(
    products: ProductShop, monkeypatch: pytest.MonkeyPatch, pages: int, together: bool
) -> None:
    """Changed behind the rest within ten minutes; 2 variants a page stand for 1,000."""
    monkeypatch.setattr(catalogue, "MODIFIED_AT_ONCE", 2)
    monkeypatch.setattr(catalogue, "MODIFIED_PAGES", pages)
    shop, moment = products.connected.shop, timezone.now() - timedelta(minutes=1)
    variants = [shop.product(f"SKU-{number}") for number in range(5)]
    for number, variant in enumerate(variants):
        modified_at(variant, moment + timedelta(seconds=0 if together else number))
    last = products.variant("TEA")
    describe_quietly(last, "Hot")
    modified_at(last, moment + timedelta(seconds=10))

    for _ in range(6):
        # The comparison of all variants, which would find the change too, is elsewhere.
        CatalogueState.objects.update(compared_until=10**9)
        products.sweep()

    assert products.product("TEA")["description"] == "Hot"


def modified_at(variant: ProductVariant, moment: datetime) -> None:
    """Set the time stamps of the variant and its product."""
    Product.objects.filter(pk=variant.product_id).update(updated_at=moment)
    if IS_SALEOR_3:
        ProductVariant.objects.filter(pk=variant.pk).update(updated_at=moment)
