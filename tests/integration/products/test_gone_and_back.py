"""Variants that are deleted, hidden, renamed or made again."""

from __future__ import annotations

import pytest
from saleor.product.models import ProductVariant

from tests.integration.products.conftest import ProductShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.runs import stock_silently

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no channels")

UPDATE = {"PUT /products/{idproduct}": 1}


def test_deleted_variant_becomes_inactive(products: ProductShop) -> None:
    products.edit.delete(products.variant("TEA"))

    assert products.run() == UPDATE
    assert (products.codes(), products.codes(active=False)) == (["BEANS"], ["TEA"])
    assert products.sweep() == {}


def test_variants_of_a_deleted_product_become_inactive(products: ProductShop) -> None:
    products.edit.delete_product(products.variant("TEA"))

    assert products.run() == UPDATE
    assert products.codes(active=False) == ["TEA"]


def test_variant_that_is_deleted_without_a_hook_becomes_inactive(products: ProductShop) -> None:
    ProductVariant.objects.filter(sku="TEA").delete()

    assert products.sweep() == UPDATE
    assert products.codes(active=False) == ["TEA"]
    assert products.sweep() == {}


def test_deleted_variant_stays_active_when_the_settings_say_so(products: ProductShop) -> None:
    products.connected.connect(inactivate_products="never")
    products.edit.delete(products.variant("TEA"))

    assert products.run() == {}
    assert products.codes() == ["BEANS", "TEA"]
    assert products.sweep() == {}


def test_sku_that_is_made_again_takes_over_its_product(products: ProductShop) -> None:
    """Failure mode F33: the product in Picqer belongs to the live variant."""
    before = products.product("TEA")["idproduct"]
    products.edit.delete(products.variant("TEA"))
    products.run()

    again = products.make_again("TEA")
    products.tell_variants(again)
    products.run()

    assert products.product("TEA")["idproduct"] == before
    assert products.product("TEA")["name"] == "New TEA"
    assert products.row(again).remote_id == before


def test_sku_that_is_made_again_has_the_stock_of_today(products: ProductShop) -> None:
    """Failure mode F33: the stock of the former variant does not come back."""
    shop = products.connected
    shop.stock("TEA", 10)
    shop.run_until_idle()
    assert shop.shop.available("TEA") == 10
    products.edit.delete(products.variant("TEA"))
    products.run()
    # No webhook tells what Picqer counts now.
    stock_silently(shop, 3, "TEA")

    again = products.make_again("TEA")
    products.tell_variants(again)
    products.run()
    shop.worker.run_later()
    shop.run_until_idle()

    assert shop.shop.available("TEA") == 3


def test_product_stays_active_when_its_sku_is_made_again_before_the_deletion_is_handled(
    products: ProductShop,
) -> None:
    """Failure mode F33: deletion and creation arrive together, in either sequence."""
    products.edit.delete(products.variant("TEA"))
    again = products.make_again("TEA")
    products.tell_variants(again)

    products.run()

    assert products.codes() == ["BEANS", "TEA"]
    assert products.product("TEA")["name"] == "New TEA"
    assert products.sweep() == {}


def test_new_variant_gets_a_product_of_its_own_when_its_sku_was_anothers(
    products: ProductShop,
) -> None:
    tea = products.variant("TEA")
    before = products.product("TEA")["idproduct"]
    products.edit.set_sku(tea, "LEAF")
    new = products.make_again("TEA")
    # The new variant is sent first, while Picqer has its SKU for the other one.
    products.tell_variants(new)
    products.run()
    products.sweep()

    assert products.product("LEAF")["idproduct"] == before
    assert products.product("TEA")["idproduct"] != before
    assert products.product("TEA")["name"] == "New TEA"
    assert products.sweep() == {}


@pytest.mark.parametrize("setting", ["deleted", "unpublished"])
def test_unpublished_product_is_inactive_and_active_again_when_the_settings_say_so(
    products: ProductShop, setting: str
) -> None:
    products.connected.connect(inactivate_products=setting)
    tea = products.variant("TEA")

    products.edit.publish(tea, published=False)
    sent = products.run()
    hidden = setting == "unpublished"
    assert sent == (UPDATE if hidden else {})
    assert products.codes(active=False) == (["TEA"] if hidden else [])
    assert products.sweep() == {}

    products.edit.publish(tea, published=True)
    assert products.run() == sent
    assert products.codes() == ["BEANS", "TEA"]


@only_saleor_3
@pytest.mark.parametrize("setting", ["deleted", "unpublished"])
def test_product_that_leaves_the_channel_is_inactive_when_the_settings_say_so(
    products: ProductShop, setting: str
) -> None:
    products.connected.connect(inactivate_products=setting)

    products.edit.unlist(products.variant("TEA"))

    hidden = setting == "unpublished"
    assert products.run() == (UPDATE if hidden else {})
    assert products.codes(active=False) == (["TEA"] if hidden else [])
    assert products.sweep() == {}


def test_hidden_product_is_not_created_when_the_settings_say_so(products: ProductShop) -> None:
    products.connected.connect(inactivate_products="unpublished")
    mug = products.connected.shop.product("MUG", published=False)
    products.tell_variants(mug)

    assert products.run() == {}
    assert products.sweep() == {}


def test_product_is_found_again_when_picqer_was_set_up_anew(products: ProductShop) -> None:
    tea = products.variant("TEA")
    row = products.row(tea)
    row.remote_id = 999
    row.save()

    products.edit.rename(tea, "Green tea")
    products.run()

    assert products.product("TEA")["name"] == "Green tea"
    assert products.row(tea).remote_id == products.product("TEA")["idproduct"]
