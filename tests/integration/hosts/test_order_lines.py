"""Order lines as read by the host adapter, and fields of a shop's own code."""

from __future__ import annotations

from typing import Any

import pytest
from saleor.order.models import Order, OrderLine

from saleor_picqer.domain.parcels import Tracking
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from tests.integration.support.bulk_orders import bulk_create, bulk_order
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.host_orders import read_order
from tests.integration.support.shop import Shop

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")

pytestmark = pytest.mark.usefixtures("three_products")


# --- lines


def test_lines_are_in_the_customers_order(shop: Shop) -> None:
    pk = shop.checkout({"TEA": 1, "BEANS": 1, "MUG": 1})

    assert [line.sku for line in read_order(pk).lines] == ["TEA", "BEANS", "MUG"]


def test_line_says_whether_it_ships(shop: Shop) -> None:
    shop.product("E-BOOK", ships=False, stock=5)

    order = read_order(shop.checkout({"BEANS": 1, "E-BOOK": 1}))

    assert {line.sku: line.ships for line in order.lines} == {"BEANS": True, "E-BOOK": False}
    assert [line.sku for line in order.shippable_lines] == ["BEANS"]


def test_line_knows_its_fulfilled_quantity(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 3})
    (line,) = read_order(pk).lines
    host().fulfilments.create(pk, None, {line.pk: 2}, Tracking(), notify=False)

    (line,) = read_order(pk).lines

    assert (line.quantity, line.fulfilled, line.open_quantity) == (3, 2, 1)


def test_line_keeps_its_sku_when_the_product_is_deleted(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    OrderLine.objects.update(variant=None)

    assert [line.sku for line in read_order(pk).lines] == ["BEANS"]


@only_saleor_3
def test_line_has_the_variants_sku_when_it_was_imported_without_one(shop: Shop) -> None:
    (pk,) = bulk_create(shop, bulk_order(shop, {"BEANS": 1}))
    assert OrderLine.objects.get().product_sku is None

    assert [line.sku for line in read_order(pk).lines] == ["BEANS"]


@only_saleor_3
def test_line_has_no_sku_when_line_and_variant_have_none(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    OrderLine.objects.update(product_sku=None, variant=None)

    assert [line.sku for line in read_order(pk).lines] == [""]


@only_saleor_3
def test_line_says_whether_it_is_a_gift(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1, "MUG": 1})
    OrderLine.objects.filter(product_sku="MUG").update(is_gift=True)

    assert {line.sku: line.gift for line in read_order(pk).lines} == {
        "BEANS": False,
        "MUG": True,
    }


@pytest.mark.parametrize(("stored", "shown"), [("0.21", "21"), ("0.2", "20"), ("0.09", "9")])
def test_tax_rate_is_a_percentage(shop: Shop, stored: str, shown: str) -> None:
    pk = shop.checkout({"BEANS": 1})
    OrderLine.objects.update(tax_rate=stored)

    (line,) = read_order(pk).lines

    assert str(line.tax_rate) == shown


@only_saleor_3
def test_tax_rate_has_its_decimals(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    OrderLine.objects.update(tax_rate="0.0550")

    assert [str(line.tax_rate) for line in read_order(pk).lines] == ["5.5"]


@pytest.mark.parametrize("stored", ["0", None] if IS_SALEOR_3 else ["0"])
def test_tax_rate_is_unknown_when_saleor_does_not_know_it(shop: Shop, stored: str | None) -> None:
    pk = shop.checkout({"BEANS": 1})
    OrderLine.objects.update(tax_rate=stored)

    (line,) = read_order(pk).lines

    assert line.tax_rate == (0 if IS_SALEOR_3 and stored else None)


# --- metadata


def test_metadata_of_the_order_is_what_has_our_prefix(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    Order.objects.update(
        metadata={"picqer.reference": "PO 12", "erp.id": "7"},
        private_metadata={"picqer.tags": "b2b, gift", "picqerish": "no"},
    )

    order = read_order(pk)

    assert order.metadata == {"reference": "PO 12"}
    assert order.private_metadata == {"tags": "b2b, gift"}


def test_metadata_follows_the_prefix_of_the_shop(shop: Shop, settings: Any) -> None:
    settings.SALEOR_PICQER = {"metadata_prefix": "wms_"}
    pk = shop.checkout({"BEANS": 1})
    Order.objects.update(metadata={"wms_reference": "PO 12", "picqer.reference": "no"})

    assert read_order(pk).metadata == {"reference": "PO 12"}


def test_metadata_is_text_when_the_stored_value_is_not(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    Order.objects.update(
        metadata={"picqer.a": True, "picqer.b": 12, "picqer.c": None, "picqer.d": {"x": ["y"]}}
    )

    assert read_order(pk).metadata == {"a": "true", "b": "12", "d": '{"x": ["y"]}'}


def test_metadata_is_empty_when_saleor_has_none(shop: Shop) -> None:
    if not Order._meta.get_field("metadata").null:
        pytest.skip("there always is some here")
    pk = shop.checkout({"BEANS": 1})
    Order.objects.update(metadata=None, private_metadata=None)

    order = read_order(pk)

    assert (order.metadata, order.private_metadata) == ({}, {})


@only_saleor_3
def test_metadata_of_lines_is_what_has_our_prefix(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 1})
    OrderLine.objects.update(
        metadata={"picqer.remarks": "engrave", "x": "y"}, private_metadata={"picqer.weight": "9"}
    )

    (line,) = read_order(pk).lines

    assert (line.metadata, line.private_metadata) == ({"remarks": "engrave"}, {"weight": "9"})


# --- what the shop's own code adds


def test_shops_code_adds_fields_to_the_order_and_its_lines(shop: Shop, settings: Any) -> None:
    settings.SALEOR_PICQER = {
        "order_fields": lambda order: {"customer_remarks": f"{order.lines.count()} lines"},
        "order_line_fields": lambda line: {"remarks": line.product_sku.lower()},
    }

    order = read_order(shop.checkout({"BEANS": 1, "MUG": 1}))

    assert order.extra == {"customer_remarks": "2 lines"}
    assert [line.extra for line in order.lines] == [{"remarks": "beans"}, {"remarks": "mug"}]


def test_order_names_the_shops_code_when_that_fails(shop: Shop, settings: Any) -> None:
    def broken(order: Order) -> dict[str, str]:
        raise ValueError(order.user_email)

    settings.SALEOR_PICQER = {"order_fields": broken}
    pk = shop.checkout({"BEANS": 1})

    with pytest.raises(SettingsError, match=r"broken.*ValueError") as failure:
        read_order(pk)
    assert "jan@example.com" not in str(failure.value)
