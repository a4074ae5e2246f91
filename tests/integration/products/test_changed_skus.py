"""Orders for products whose SKU is changed before or after the order is sent."""

from __future__ import annotations

import pytest
from saleor.order.models import OrderLine
from saleor.product.models import ProductVariant

from tests.integration.products.conftest import ProductShop
from tests.integration.stock.books import balances


def rename(products: ProductShop, old: str, new: str) -> ProductVariant:
    """Change the SKU of a variant in Saleor; Picqer is told later."""
    variant = products.variant(old)
    products.edit.set_sku(variant, new)
    variant.refresh_from_db()
    return variant


def check(products: ProductShop, **offered: int) -> None:
    """Check what is offered of each SKU, and that it is what Picqer has left."""
    found = {each.sku: each for each in balances(products.connected.server.account.state)}
    for sku, amount in offered.items():
        assert found[sku].offered == amount, str(found[sku])


@pytest.fixture
def stocked(products: ProductShop) -> ProductShop:
    """Offer 10 of BEANS and TEA each."""
    for sku in ("BEANS", "TEA"):
        products.connected.stock(sku, 10)
    products.run()
    return products


@pytest.mark.parametrize("is_told", [False, True])
def test_variants_own_product_is_ordered_when_another_has_its_sku_now(
    stocked: ProductShop, is_told: bool
) -> None:
    shop = stocked.connected
    order = shop.place(TEA=2)
    rename(stocked, "TEA", "LEAF")
    if is_told:
        shop.worker.queue.clear()
        stocked.sweep()
        stocked.make_again("TEA")
        shop.full_sync()
    shop.pass_time()
    shop.full_sync()

    (line,) = shop.remote(order)["products"]
    assert line["idproduct"] == stocked.product("LEAF")["idproduct"]
    check(stocked, LEAF=8)
    shop.ship(order)
    shop.run_until_idle()
    fulfilled = OrderLine.objects.filter(order=order).values_list(
        "product_sku", "quantity_fulfilled"
    )
    assert list(fulfilled) == [("TEA", 2)]
    assert shop.row(order).stage == "completed"
    check(stocked, LEAF=8)


def test_reserved_goods_stay_with_their_variant_when_its_sku_is_changed_after_the_push(
    stocked: ProductShop,
) -> None:
    shop = stocked.connected
    order = shop.order(TEA=2, BEANS=1)
    rename(stocked, "TEA", "LEAF")
    rename(stocked, "BEANS", "TEA")
    shop.full_sync()
    shop.full_sync()
    check(stocked, LEAF=8, TEA=9)

    shop.ship(order, lines={"TEA": 1})
    shop.run_until_idle()
    check(stocked, LEAF=8, TEA=9)

    shop.ship(order)
    shop.run_until_idle()

    assert shop.row(order).stage == "completed"
    assert shop.row(order).attention == ""
    check(stocked, LEAF=8, TEA=9)


def test_goods_are_free_again_when_an_order_with_a_changed_sku_is_cancelled(
    stocked: ProductShop,
) -> None:
    shop = stocked.connected
    order = shop.order(TEA=2)
    rename(stocked, "TEA", "LEAF")
    shop.full_sync()
    check(stocked, LEAF=8)

    shop.shop.cancel(order)
    shop.run_until_idle()

    assert shop.row(order).stage == "cancelled"
    check(stocked, LEAF=10)
