"""Which fields of Saleor's products arrive in Picqer."""

from __future__ import annotations

from typing import Any

from measurement.measures import Weight
from saleor.product.models import ProductVariant

from tests.integration.support.catalogue_edits import (
    describe_quietly,
    price_quietly,
    publish_quietly,
    translate_quietly,
)
from tests.integration.support.connected_shop import ConnectedShop

TEXT = "Strong & black"


def full_sync_of(shop: ConnectedShop, sku: str) -> dict[str, Any]:
    """Run a full sync without problems and return the product in Picqer."""
    assert shop.full_sync()["problems"] == []
    return shop.product(sku)


def test_description_metadata_and_own_name_arrive(connected_shop: ConnectedShop) -> None:
    variant = connected_shop.shop.product("BEANS", name="Coffee")
    variant.name = "1 kg"
    variant.metadata = {"picqer.barcode": "8712345000017", "other": "x"}
    variant.private_metadata = {"picqer.hs_code": "0901.21"}
    variant.save()
    variant.product.metadata = {"picqer.country_of_origin": "br", "picqer.barcode": "1"}
    variant.product.save()
    describe_quietly(variant, TEXT)

    product = full_sync_of(connected_shop, "BEANS")

    assert product["name"] == "Coffee BEANS (1 kg)"
    assert product["description"] == TEXT
    assert product["barcode"] == "8712345000017"
    assert product["hs_code"] == "0901.21"
    assert product["country_of_origin"] == "BR"


def test_texts_are_translated_when_the_settings_name_a_language(
    connected_shop: ConnectedShop,
) -> None:
    """Failure mode F43."""
    variant = connected_shop.shop.product("BEANS", name="Coffee")
    describe_quietly(variant, TEXT)
    translate_quietly(variant, "nl", name="Koffie", own_name="Pak", text="Sterk en zwart")
    translate_quietly(variant, "de", name="Kaffee", own_name="", text="Stark")
    connected_shop.shop.product("TEA", name="Tea")

    assert full_sync_of(connected_shop, "BEANS")["name"] == "Coffee BEANS"

    connected_shop.connect(product_language="NL")
    product = full_sync_of(connected_shop, "BEANS")
    assert (product["name"], product["description"]) == ("Koffie (Pak)", "Sterk en zwart")
    assert connected_shop.product("TEA")["name"] == "Tea TEA"

    connected_shop.connect(product_language="de")
    product = full_sync_of(connected_shop, "BEANS")
    assert (product["name"], product["description"]) == ("Kaffee", "Stark")


def test_zero_arrives_when_price_and_weight_become_zero(connected_shop: ConnectedShop) -> None:
    """Failure mode F42."""
    variant = connected_shop.shop.product("BEANS")
    ProductVariant.objects.filter(pk=variant.pk).update(weight=_grams(500))
    assert full_sync_of(connected_shop, "BEANS")["weight"] == 500

    price_quietly(variant, "0")
    ProductVariant.objects.filter(pk=variant.pk).update(weight=_grams(0))

    product = full_sync_of(connected_shop, "BEANS")
    assert (product["price"], product["weight"]) == (0, 0)


def test_only_the_product_is_reported_when_the_callable_fails_for_it(
    connected_shop: ConnectedShop, settings: Any
) -> None:
    def product_fields(variant: ProductVariant) -> dict[str, Any]:
        if variant.sku == "TEA":
            raise ValueError("no supplier")
        return {"productcode_supplier": f"{variant.product.name} 7"}

    settings.SALEOR_PICQER = {"product_fields": product_fields}
    for sku in ("BEANS", "TEA"):
        connected_shop.shop.product(sku, name="Coffee")

    run = connected_shop.full_sync()

    assert (run["created"], run["failed"]) == (1, 1)
    assert 'SKU "TEA"' in run["problems"][0]
    assert "ValueError" in run["problems"][0]
    assert connected_shop.product("BEANS")["productcode_supplier"] == "Coffee BEANS 7"


def test_unpublished_product_stays_active_by_default(connected_shop: ConnectedShop) -> None:
    variant = connected_shop.shop.product("BEANS")
    publish_quietly(variant, published=False)

    assert full_sync_of(connected_shop, "BEANS")["active"]


def _grams(grams: int) -> Any:
    return Weight(g=grams)
