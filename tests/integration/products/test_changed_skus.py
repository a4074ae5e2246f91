"""Orders for products whose SKU is changed before or after the order is sent."""

from __future__ import annotations

from collections import Counter

import pytest
from saleor.order.models import OrderLine
from saleor.product.models import ProductVariant

from tests.integration.products.conftest import ProductShop
from tests.integration.stock.books import balances
from tests.integration.support import order_edits


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


def make_tea_again(products: ProductShop) -> ProductVariant:
    """Make another variant with SKU TEA after a full sync, and offer 10."""
    products.connected.full_sync()
    tea = products.make_again("TEA")
    products.connected.full_sync()
    products.connected.stock("TEA", 10)
    products.run()
    return tea


@pytest.fixture
def same_sku(stocked: ProductShop) -> ProductShop:
    """Offer 10 of LEAF, formerly TEA, and 10 of a new TEA."""
    rename(stocked, "TEA", "LEAF")
    make_tea_again(stocked)
    check(stocked, LEAF=10, TEA=10)
    return stocked


def place_same_sku(products: ProductShop, **lines: int) -> str:
    """Place an order with a line of LEAF under its former SKU, TEA."""
    order = products.connected.place(**lines)
    OrderLine.objects.filter(order=order, product_sku="LEAF").update(product_sku="TEA")
    return order


def fulfilled(products: ProductShop, order: str) -> dict[str, int]:
    """Return the fulfilled quantities of an order by the present SKUs of its variants."""
    found = OrderLine.objects.filter(order=order)
    return dict(found.values_list("variant__sku", "quantity_fulfilled"))


def ordered(products: ProductShop, order: str) -> dict[str, int]:
    """Return the ordered amounts by the present codes of Picqer's products."""
    state = products.connected.server.account.state
    found: Counter[str] = Counter()
    for line in products.connected.remote(order)["products"]:
        found[state.products[line["idproduct"]].productcode] += line["amount"]
    return dict(found)


@pytest.mark.parametrize("first", ["LEAF", "TEA"])
def test_each_line_has_its_own_goods_when_two_variants_have_had_the_same_sku(
    same_sku: ProductShop, first: str
) -> None:
    shop = same_sku.connected
    amounts = {"LEAF": 2, "TEA": 3, "BEANS": 1}
    order = place_same_sku(same_sku, **{first: amounts[first]} | amounts)
    shop.run_until_idle()
    assert ordered(same_sku, order) == amounts
    check(same_sku, LEAF=8, TEA=7, BEANS=9)

    shop.full_sync()
    check(same_sku, LEAF=8, TEA=7, BEANS=9)
    shop.ship(order, lines={"LEAF": 1})
    shop.run_until_idle()
    assert fulfilled(same_sku, order) == {"LEAF": 1, "TEA": 0, "BEANS": 0}
    check(same_sku, LEAF=8, TEA=7, BEANS=9)

    rename(same_sku, "LEAF", "HERB")
    shop.full_sync()
    shop.ship(order, lines={"TEA": 2})
    shop.run_until_idle()
    assert fulfilled(same_sku, order) == {"HERB": 1, "TEA": 2, "BEANS": 0}
    check(same_sku, HERB=8, TEA=7, BEANS=9)

    shop.ship(order)
    shop.run_until_idle()
    assert fulfilled(same_sku, order) == {"HERB": 2, "TEA": 3, "BEANS": 1}
    assert (shop.row(order).stage, shop.row(order).attention) == ("completed", "")
    check(same_sku, HERB=8, TEA=7, BEANS=9)


def test_goods_of_both_variants_are_free_again_when_an_order_with_one_sku_is_cancelled(
    same_sku: ProductShop,
) -> None:
    shop = same_sku.connected
    order = place_same_sku(same_sku, LEAF=2, TEA=3)
    shop.run_until_idle()

    shop.shop.cancel(order)
    shop.run_until_idle()

    assert shop.row(order).stage == "cancelled"
    check(same_sku, LEAF=10, TEA=10)


def test_order_with_one_sku_is_found_again_when_picqers_answer_was_lost(
    same_sku: ProductShop,
) -> None:
    shop = same_sku.connected
    order = place_same_sku(same_sku, LEAF=2, TEA=3)
    shop.fail_next("POST", "/orders", "drop-after", times=4)

    shop.run_until_idle()
    shop.pass_time()

    assert ordered(same_sku, order) == {"LEAF": 2, "TEA": 3}
    assert len(shop.orders()) == 1
    assert (shop.row(order).stage, shop.row(order).attention) == ("processed", "")


@pytest.mark.parametrize("amount", [2, 3])
def test_line_is_added_when_another_variants_line_has_the_same_sku(
    stocked: ProductShop, amount: int
) -> None:
    """Staff add the new TEA to an order with a line of the former one, now LEAF."""
    shop = stocked.connected
    shop.connect(process_when="paid")
    order = shop.shop.draft_order({"TEA": 2}, paid=False)
    shop.run_until_idle()
    rename(stocked, "TEA", "LEAF")
    tea = make_tea_again(stocked)

    line = OrderLine.objects.get(order=order)
    line.pk, line.variant, line.quantity = None, tea, amount
    line.save()
    order_edits.touch(order)
    shop.pass_time()
    assert ordered(stocked, order) == {"LEAF": 2, "TEA": amount}
    check(stocked, LEAF=8, TEA=10 - amount)

    shop.pass_time()
    shop.full_sync()
    rename(stocked, "LEAF", "HERB")
    rename(stocked, "TEA", "MATE")
    shop.full_sync()
    shop.pass_time()
    assert ordered(stocked, order) == {"HERB": 2, "MATE": amount}
    check(stocked, HERB=8, MATE=10 - amount)

    shop.shop.pay(order)
    shop.pass_time()
    shop.ship(order)
    shop.pass_time()
    assert fulfilled(stocked, order) == {"HERB": 2, "MATE": amount}
    assert (shop.row(order).stage, shop.row(order).attention) == ("completed", "")
    check(stocked, HERB=8, MATE=10 - amount)
