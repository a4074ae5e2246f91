"""Prices of order lines after all discounts, exact to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from saleor.discount.models import Voucher
from saleor.order.models import Order

from tests.integration.support.api import to_global_id
from tests.integration.support.discounts import PRODUCT, SHIPPING
from tests.integration.support.graphql_documents import LINE_DISCOUNT, LINE_QUANTITY, ORDER_DISCOUNT
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.host_orders import read_order
from tests.integration.support.shop import Shop

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 cannot do this")


@pytest.fixture
def shop(db: None, shop: Shop) -> Shop:  # pytest-django looks for `db` in the overriding fixture
    """Return a shop with ten of each: BEANS at 9.99, MUG at 3.33, TEA at 12.50."""
    for sku, price in (("BEANS", "9.99"), ("MUG", "3.33"), ("TEA", "12.50")):
        shop.product(sku, price=price, stock=10)
    return shop


def totals(pk: str) -> dict[str, Decimal]:
    """Return what each line costs, by SKU."""
    return {line.sku: line.total for line in read_order(pk).lines}


def goods(pk: str) -> Decimal:
    """Return Saleor's net total of all lines, for orders without gift cards."""
    order = Order.objects.get(pk=pk)
    return order.total_net_amount - order.shipping_price_net_amount


def test_line_costs_its_whole_quantity(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 3, "MUG": 1})

    assert totals(pk) == {"BEANS": Decimal("29.97"), "MUG": Decimal("3.33")}
    assert sum(totals(pk).values()) == goods(pk)


def test_sale_is_in_the_line(shop: Shop) -> None:
    shop.discounts.sale("TEA", percent=20)

    pk = shop.checkout({"TEA": 3, "MUG": 1})

    assert totals(pk) == {"TEA": Decimal("30.00"), "MUG": Decimal("3.33")}
    assert sum(totals(pk).values()) == goods(pk)


def test_voucher_on_the_whole_order_is_spread_over_the_lines(shop: Shop) -> None:
    shop.discounts.voucher("TEN", amount="10")

    pk = shop.checkout({"BEANS": 1, "MUG": 2, "TEA": 1}, codes=["TEN"])

    # 29.15 without it; a cent that cannot be divided may be on either line
    assert totals(pk)["BEANS"] in {Decimal("6.56"), Decimal("6.57")}
    assert totals(pk)["MUG"] in {Decimal("4.37"), Decimal("4.38")}
    assert sum(totals(pk).values()) == goods(pk) == Decimal("19.15")


def test_percentage_on_the_whole_order_is_spread_over_the_lines(shop: Shop) -> None:
    shop.discounts.voucher("TENTH", percent=10)

    pk = shop.checkout({"BEANS": 7, "MUG": 3, "TEA": 1}, codes=["TENTH"])

    assert totals(pk)["TEA"] == Decimal("11.25")
    assert sum(totals(pk).values()) == goods(pk)


def test_voucher_on_one_product_is_in_the_lines(shop: Shop) -> None:
    shop.discounts.voucher("MUGS", percent=50, on=PRODUCT, sku="MUG")

    pk = shop.checkout({"BEANS": 1, "MUG": 2}, codes=["MUGS"])

    assert sum(totals(pk).values()) == goods(pk)
    if IS_SALEOR_3:
        assert totals(pk)["BEANS"] == Decimal("9.99")


def test_voucher_on_the_cheapest_unit_is_in_the_lines(shop: Shop) -> None:
    shop.discounts.voucher("ONE", percent=50, on=PRODUCT, cheapest_only=True)

    pk = shop.checkout({"BEANS": 1, "MUG": 2}, codes=["ONE"])

    assert sum(totals(pk).values()) == goods(pk)
    assert sum(totals(pk).values()) < Decimal("16.65")


def test_voucher_and_sale_are_both_in_the_lines(shop: Shop) -> None:
    shop.discounts.sale("TEA", percent=20)
    shop.discounts.voucher("TEN", amount="7")

    pk = shop.checkout({"TEA": 1, "BEANS": 2}, codes=["TEN"])

    assert sum(totals(pk).values()) == goods(pk) == Decimal("22.98")


def test_lines_are_free_when_the_voucher_is_worth_more(shop: Shop) -> None:
    shop.discounts.voucher("ALL", percent=100)

    pk = shop.checkout({"BEANS": 1, "MUG": 1}, codes=["ALL"])

    assert set(totals(pk).values()) == {0}


@pytest.mark.parametrize("percent", [50, 100])
def test_lines_keep_their_price_when_a_voucher_for_shipping_was_deleted(
    shop: Shop, percent: int
) -> None:
    """Failure mode F102."""
    shop.discounts.voucher("FREE", percent=percent, on=SHIPPING)
    pk = shop.checkout({"BEANS": 1, "MUG": 1}, codes=["FREE"])

    shop.discounts.delete_voucher("FREE")

    assert totals(pk) == {"BEANS": Decimal("9.99"), "MUG": Decimal("3.33")}


def test_lines_keep_their_discount_when_the_voucher_was_deleted(shop: Shop) -> None:
    """Failure mode F102."""
    shop.discounts.voucher("TEN", amount="10")
    pk = shop.checkout({"BEANS": 1, "MUG": 2, "TEA": 1}, codes=["TEN"])

    shop.discounts.delete_voucher("TEN")

    assert sum(totals(pk).values()) == Decimal("19.15")


def test_free_shipping_is_not_taken_off_the_lines(shop: Shop) -> None:
    shop.discounts.voucher("FREE", percent=100, on=SHIPPING)

    pk = shop.checkout({"BEANS": 1, "MUG": 1}, codes=["FREE"])

    assert totals(pk) == {"BEANS": Decimal("9.99"), "MUG": Decimal("3.33")}
    assert Order.objects.get(pk=pk).total_net_amount == Decimal("13.32")


def test_gift_card_is_not_taken_off_the_lines(shop: Shop) -> None:
    shop.discounts.gift_card("GIFT-4-U", "10.00")

    pk = shop.checkout({"BEANS": 1, "MUG": 1}, codes=["GIFT-4-U"])

    assert totals(pk) == {"BEANS": Decimal("9.99"), "MUG": Decimal("3.33")}
    assert Order.objects.get(pk=pk).total_net_amount < Decimal("13.32")


def test_gift_card_and_voucher_can_be_told_apart(shop: Shop) -> None:
    shop.discounts.gift_card("GIFT-4-U", "10.00")
    shop.discounts.voucher("TEN", amount="3")

    pk = shop.checkout({"BEANS": 1, "MUG": 1}, codes=["TEN", "GIFT-4-U"])

    assert sum(totals(pk).values()) == Decimal("10.32")


def test_discount_stays_when_the_voucher_is_deleted(shop: Shop) -> None:
    shop.discounts.voucher("TEN", amount="3")
    pk = shop.checkout({"BEANS": 1, "MUG": 1}, codes=["TEN"])
    Voucher.objects.all().delete()

    assert sum(totals(pk).values()) == Decimal("10.32")


@only_saleor_3
@pytest.mark.parametrize("codes", [[], ["TEN"], ["TENTH"], ["GIFT-4-U"]])
def test_lines_are_net_when_prices_are_entered_with_tax(shop: Shop, codes: list[str]) -> None:
    shop.enter_prices_with_tax()
    shop.discounts.voucher("TEN", amount="3")
    shop.discounts.voucher("TENTH", percent=10)
    shop.discounts.gift_card("GIFT-4-U", "10.00")

    pk = shop.checkout({"BEANS": 3, "MUG": 7, "TEA": 1}, codes=codes)

    assert sum(totals(pk).values()) == Order.objects.get(pk=pk).subtotal_net_amount
    if not codes:
        assert totals(pk)["TEA"] == Decimal("10.33")


# --- drafts


TOTAL = "query ($id: ID!) { order(id: $id) { total { gross { amount } } } }"


def discount(shop: Shop, document: str, node: str, kind: str, value: str) -> None:
    """Give a discount by hand, as staff do."""
    shop.admin_api.query(
        document, id=node, input={"valueType": kind, "value": value, "reason": "new"}
    )


@only_saleor_3
@pytest.mark.parametrize(("kind", "value"), [("FIXED", "7"), ("PERCENTAGE", "13")])
def test_staffs_discount_on_the_order_is_in_the_lines(shop: Shop, kind: str, value: str) -> None:
    pk = shop.draft({"BEANS": 3, "MUG": 1, "TEA": 2})
    shop.admin_api.query(TOTAL, id=to_global_id("Order", pk))  # Saleor works drafts out when shown
    discount(shop, ORDER_DISCOUNT, to_global_id("Order", pk), kind, value)
    shop.complete_draft(pk)

    order = Order.objects.get(pk=pk)
    assert sum(totals(pk).values()) == order.subtotal_net_amount == goods(pk)
    assert order.subtotal_net_amount < Decimal("58.30")


@only_saleor_3
def test_staffs_discount_on_a_line_is_in_that_line(shop: Shop) -> None:
    pk = shop.draft({"BEANS": 3, "MUG": 1})
    line = Order.objects.get(pk=pk).lines.get(product_sku="BEANS")
    discount(shop, LINE_DISCOUNT, to_global_id("OrderLine", line.pk), "FIXED", "1.99")
    shop.complete_draft(pk)

    assert totals(pk) == {"BEANS": Decimal("24.00"), "MUG": Decimal("3.33")}
    assert sum(totals(pk).values()) == goods(pk)


def test_draft_without_discount_costs_what_saleor_says(shop: Shop) -> None:
    pk = shop.draft_order({"BEANS": 3, "MUG": 2})

    assert totals(pk) == {"BEANS": Decimal("29.97"), "MUG": Decimal("6.66")}
    assert sum(totals(pk).values()) == goods(pk)


# --- orders that can still be edited


@only_saleor_3
def test_prices_are_worked_out_when_an_unconfirmed_order_was_edited(shop: Shop) -> None:
    shop.set_channel(automatically_confirm_all_new_orders=False)
    pk = shop.checkout({"BEANS": 1, "MUG": 1})
    line = Order.objects.get(pk=pk).lines.get(product_sku="BEANS")

    shop.admin_api.query(LINE_QUANTITY, id=to_global_id("OrderLine", line.pk), quantity=3)

    assert totals(pk) == {"BEANS": Decimal("29.97"), "MUG": Decimal("3.33")}
    assert sum(totals(pk).values()) == goods(pk)
    assert not Order.objects.get(pk=pk).should_refresh_prices
