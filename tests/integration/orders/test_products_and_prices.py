"""Products, VAT rates and prices unexpected by Picqer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from saleor.order.models import Order, OrderLine
from saleor.product.models import ProductTranslation, ProductVariant

from tests.integration.support import order_edits
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

# --- products


def test_order_is_sent_by_the_lines_sku_when_its_variant_was_deleted(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F34."""
    order = stocked_shop.shop.checkout({"BEANS": 1, "TEA": 2})
    ProductVariant.objects.get(sku="TEA").delete()

    stocked_shop.run_until_idle()

    assert {sku: line["amount"] for sku, line in stocked_shop.lines_of(order).items()} == {
        "BEANS": 1,
        "TEA": 2,
    }


def test_order_fails_naming_the_sku_when_neither_side_has_the_product(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F34."""
    stocked_shop.shop.product("GONE", stock=5)
    order = stocked_shop.shop.checkout({"BEANS": 1, "GONE": 1})
    ProductVariant.objects.get(sku="GONE").delete()

    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert stocked_shop.row(order).stage == "failed"
    assert '"GONE" is neither in Picqer nor in this channel' in view.notes[-1]
    assert "GONE" in view.picqer["attention"]


def test_missing_products_cost_one_request_each_and_a_second_attempt(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F35: no request for products known to Picqer."""
    stocked_shop.shop.product("MUG", stock=5)
    stocked_shop.shop.product("CUP", stock=5)
    order = stocked_shop.shop.checkout({"BEANS": 1, "TEA": 1, "MUG": 1, "CUP": 1})

    assert stocked_shop.requests_of_push() == {
        "POST /orders": 2,
        "POST /products": 2,
        "POST /orders/{idorder}/process": 1,
    }
    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_product_that_was_created_is_known_the_next_time(stocked_shop: ConnectedShop) -> None:
    """Failure mode F35."""
    stocked_shop.shop.product("MUG", stock=5)
    stocked_shop.order(MUG=1)
    stocked_shop.shop.checkout({"MUG": 1})

    assert stocked_shop.requests_of_push() == {
        "POST /orders": 1,
        "POST /orders/{idorder}/process": 1,
    }


def test_order_arrives_when_staff_creates_its_product_in_picqer(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F35, with creating switched off."""
    stocked_shop.connect(create_missing_products=False)
    stocked_shop.shop.product("MUG", stock=5)
    order = stocked_shop.shop.checkout({"BEANS": 1, "MUG": 1})
    stocked_shop.run_until_idle()
    assert stocked_shop.orders() == []
    assert 'SKU "MUG"' in stocked_shop.shop.order(order).picqer["attention"]

    stocked_shop.control(
        "POST", "/seed", products=[{"productcode": "MUG", "name": "Mug", "price": 5}]
    )
    order_edits.touch(order)
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"
    assert "attention" not in stocked_shop.shop.order(order).picqer


@pytest.mark.parametrize("create", [True, False])
def test_order_fails_saying_so_when_its_product_is_inactive(
    stocked_shop: ConnectedShop, create: bool
) -> None:
    """Failure mode F35, in an account that does not sell inactive products."""
    stocked_shop.connect(create_missing_products=create)
    stocked_shop.control("POST", "/options", orders_inactive_products=False)
    stocked_shop.picqer_api(
        "POST", f"/products/{stocked_shop.product('TEA')['idproduct']}/inactivate"
    )

    order = stocked_shop.order(BEANS=1, TEA=1)

    assert stocked_shop.row(order).stage == "failed"
    assert '"TEA" is inactive in Picqer. Activate' in stocked_shop.shop.order(order).notes[-1]


# --- VAT


def set_vat_groups(connected_shop: ConnectedShop, **percentages: int) -> None:
    """Replace the account's VAT groups by these, and clear the plugin's cache."""
    groups = [{"name": name, "percentage": rate} for name, rate in percentages.items()]
    connected_shop.control("POST", "/seed", vatgroups=groups)
    cache.clear()


@pytest.fixture
def no_vat_group(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with a MUG unknown to Picqer, and an account without a VAT group of 21 %."""
    stocked_shop.shop.product("MUG", stock=5)
    names = [group["name"] for group in stocked_shop.picqer_api("GET", "/vatgroups")]
    set_vat_groups(stocked_shop, **dict.fromkeys(names, 13))
    return stocked_shop


def test_order_waits_naming_the_rate_when_its_vat_group_is_missing(
    no_vat_group: ConnectedShop,
) -> None:
    """Failure mode F36: for a line and for a product that has to be created."""
    order = no_vat_group.order(MUG=1)

    assert no_vat_group.orders() == []
    assert no_vat_group.row(order).stage in ("pending", "creating")
    (waiting,) = no_vat_group.status()["attention"]
    assert "no VAT group of 21 %. Add it in Picqer" in waiting["lastError"]


def test_order_arrives_by_itself_when_the_vat_group_is_added(no_vat_group: ConnectedShop) -> None:
    """Failure mode F36."""
    order = no_vat_group.order(MUG=1)
    no_vat_group.control("POST", "/seed", vatgroups=[{"name": "New", "percentage": 21}])

    no_vat_group.pass_time()

    assert no_vat_group.picqer_order(order)["status"] == "processing"
    assert no_vat_group.status()["attention"] == []


def test_line_has_the_rate_it_was_sold_at_when_it_is_not_the_products(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F37: sold to another country; the product keeps its own group."""
    order = stocked_shop.place(BEANS=1, TEA=1)
    OrderLine.objects.filter(product_sku="TEA").update(tax_rate=Decimal("0.09"))

    stocked_shop.run_until_idle()

    rates = {g["idvatgroup"]: g["percentage"] for g in stocked_shop.picqer_api("GET", "/vatgroups")}
    sold = {sku: rates[line["idvatgroup"]] for sku, line in stocked_shop.lines_of(order).items()}
    assert sold == {"BEANS": 21, "TEA": 9}
    assert rates[stocked_shop.product("TEA")["idvatgroup"]] == 21


# --- prices and names


def give_away(sku: str) -> None:
    """Set the price of the SKU's lines to zero, and mark the lines as gifts on Saleor 3."""
    names = {field.name for field in OrderLine._meta.get_fields()}
    free = {name: 0 for name in names if name.endswith("price_net_amount")}
    gift = {"is_gift": True} if "is_gift" in names else {}
    OrderLine.objects.filter(product_sku=sku).update(**free, **gift)


def test_free_line_is_free_in_picqer_too(stocked_shop: ConnectedShop) -> None:
    """Failure mode F42: zero is a price; without it Picqer takes the product's own price."""
    order = stocked_shop.place(BEANS=1, TEA=1)
    give_away("TEA")

    stocked_shop.run_until_idle()

    lines = stocked_shop.lines_of(order)
    assert (lines["BEANS"]["price"], lines["TEA"]["price"]) == (10, 0)
    assert lines["TEA"]["remarks"] == ("Gift" if IS_SALEOR_3 else "")


def test_product_is_named_in_the_shops_language_when_the_customer_has_another(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F43: a warehouse does not read the customer's language."""
    variant = stocked_shop.shop.product("MUG", name="Mug", stock=5)
    ProductTranslation.objects.create(product=variant.product, language_code="nl", name="Mok")
    order = stocked_shop.shop.checkout({"MUG": 1})
    Order.objects.filter(pk=order).update(language_code="nl")
    OrderLine.objects.filter(order=order).update(translated_product_name="Mok")

    stocked_shop.run_until_idle()

    assert stocked_shop.remote(order)["language"] == "nl"
    assert stocked_shop.product("MUG")["name"].startswith("Mug")
    assert stocked_shop.lines_of(order)["MUG"]["name"].startswith("Mug")
