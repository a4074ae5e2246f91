import base64
from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.errors import NotFoundError, RefusedError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.common import TagWrite
from saleor_picqer.picqer.objects.products import (
    Product,
    ProductPartCreate,
    ProductPartUpdate,
    ProductType,
    ProductUpdate,
    StockChange,
)
from saleor_picqer.picqer.objects.reference import Warehouse
from tests.contract import samples

# The smallest PNG: one transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_product_is_created_as_described(writable: PicqerClient, name: str) -> None:
    made = writable.products.create(
        samples.product(writable, name, weight=310, barcode="8712345000017", description="Ø 9 cm")
    )

    read = writable.products.get(made.idproduct)
    assert (read.productcode, read.price, read.weight) == (name, Decimal("8.26"), 310)
    assert (read.barcode, read.description, read.active) == ("8712345000017", "Ø 9 cm", True)
    writable.products.inactivate(made.idproduct)


def test_product_code_cannot_be_used_twice(writable: PicqerClient, product: Product) -> None:
    with pytest.raises(RefusedError):
        writable.products.create(samples.product(writable, product.productcode))


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"name": "Mug, blue"}, "name", "Mug, blue"),
        ({"price": Decimal("0.00")}, "price", Decimal(0)),
        ({"price": Decimal("1234.56")}, "price", Decimal("1234.56")),
        ({"weight": 0}, "weight", 0),
        ({"barcode": ""}, "barcode", ""),
        ({"country_of_origin": "NL"}, "country_of_origin", "NL"),
    ],
)
def test_update_changes_only_the_field_that_is_set(
    writable: PicqerClient, product: Product, changes: Any, field: Any, expected: Any
) -> None:
    before = writable.products.get(product.idproduct)

    writable.products.update(product.idproduct, ProductUpdate(**changes))

    after = writable.products.get(product.idproduct)
    assert getattr(after, field) == expected
    unchanged = {"productcode", "name", "price", "weight", "idvatgroup"} - changes.keys()
    assert all(getattr(after, key) == getattr(before, key) for key in unchanged)


@pytest.mark.parametrize("tail", ["", "/+ 50%&=ü#", "'\"\\"])
def test_product_is_found_by_its_exact_code(writable: PicqerClient, name: str, tail: Any) -> None:
    made = writable.products.create(samples.product(writable, name + tail))

    found = writable.products.find(name + tail)
    assert found
    assert found.idproduct == made.idproduct
    assert writable.products.find(f"{name}-other") is None
    writable.products.inactivate(made.idproduct)


def test_inactive_product_is_found_and_activated_again(
    writable: PicqerClient, product: Product
) -> None:
    writable.products.inactivate(product.idproduct)
    found = writable.products.find(product.productcode)
    assert found
    assert found.active is False

    writable.products.activate(product.idproduct)
    found = writable.products.find(product.productcode)
    assert found
    assert found.active is True


def test_products_are_listed_by_ids(writable: PicqerClient, product: Product) -> None:
    listed = writable.products.list(idproducts=[product.idproduct])

    assert product.idproduct in {found.idproduct for found in listed}


def test_product_is_not_found_when_there_is_none(picqer: PicqerClient) -> None:
    with pytest.raises(NotFoundError):
        picqer.products.get(2_000_000_000)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (StockChange(change=-3, reason="Damaged", idlocation=None), 7),
        (StockChange(change=2, reason="Found", idlocation=None), 12),
        (StockChange(amount=0, reason="Recount", idlocation=None), 0),
    ],
)
def test_stock_changes_by_difference_or_to_an_amount(
    writable: PicqerClient, product: Product, warehouse: Warehouse, change: Any, expected: Any
) -> None:
    writable.products.change_stock(product.idproduct, warehouse.idwarehouse, change)

    row = writable.products.stock_in(product.idproduct, warehouse.idwarehouse)
    assert (row.stock, row.freestock) == (expected, expected)


def test_stock_is_listed_per_warehouse(
    writable: PicqerClient, product: Product, warehouse: Warehouse
) -> None:
    rows = {row.idwarehouse: row.freestock for row in writable.products.stock(product.idproduct)}

    assert rows[warehouse.idwarehouse] == 10


def test_stock_of_a_warehouse_names_the_product(
    writable: PicqerClient, product: Product, warehouse: Warehouse
) -> None:
    rows = {row.idproduct: row for row in writable.warehouses.stock(warehouse.idwarehouse)}

    assert rows[product.idproduct].stock.freestock == 10
    assert rows[product.idproduct].productcode == product.productcode


def test_image_is_added_and_deleted(writable: PicqerClient, product: Product) -> None:
    writable.products.add_image(product.idproduct, PNG)
    image = next(writable.products.images(product.idproduct))
    assert image.contenttype == "image/png"

    writable.products.delete_image(product.idproduct, image.idproduct_image)
    assert list(writable.products.images(product.idproduct)) == []


def test_image_is_refused_when_it_is_none(writable: PicqerClient, product: Product) -> None:
    with pytest.raises(RefusedError):
        writable.products.add_image(product.idproduct, b"RIFF....WEBP")


def test_parts_of_a_composition_are_changed(
    writable: PicqerClient, product: Product, name: str
) -> None:
    composition = writable.products.create(
        samples.product(writable, f"{name}-set", type=ProductType.VIRTUAL_COMPOSITION)
    )
    idproduct = composition.idproduct

    part = writable.products.add_part(
        idproduct, ProductPartCreate(idproduct=product.idproduct, amount=2)
    )
    assert [p.amount for p in writable.products.parts(idproduct, nested=True)] == [2]

    writable.products.update_part(idproduct, part.idproduct_part, ProductPartUpdate(amount=3))
    assert writable.products.get_part(idproduct, part.idproduct_part).amount == 3

    writable.products.delete_part(idproduct, part.idproduct_part)
    assert list(writable.products.parts(idproduct)) == []
    writable.products.inactivate(idproduct)


def test_parts_are_not_found_when_the_product_is_no_composition(
    writable: PicqerClient, product: Product
) -> None:
    with pytest.raises(NotFoundError):
        list(writable.products.parts(product.idproduct))


def test_product_is_tagged(writable: PicqerClient, product: Product, name: str) -> None:
    tag = writable.tags.create(TagWrite(title=name, color="#ff0000", inherit=False))

    writable.products.add_tag(product.idproduct, tag.idtag)

    assert [t.title for t in writable.products.get(product.idproduct).tags] == [name]
    assert [t.idtag for t in writable.products.tags(product.idproduct)] == [tag.idtag]

    writable.products.remove_tag(product.idproduct, tag.idtag)
    assert writable.products.get(product.idproduct).tags == []
    writable.tags.delete(tag.idtag)
