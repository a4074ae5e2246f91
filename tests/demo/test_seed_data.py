"""The example shop's data must be acceptable to Saleor and Picqer."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from example_project import catalogue, pictures
from example_project.demo import run

SKUS = [variant.sku for product in catalogue.PRODUCTS for variant in product.variants]


def test_catalogue_has_a_dozen_products_and_no_sku_twice() -> None:
    assert len(catalogue.PRODUCTS) == 12
    assert len(set(SKUS)) == len(SKUS)


def test_demo_buys_what_the_shop_sells() -> None:
    assert {*run.PARCEL_BASKET, *run.COURIER_BASKET} <= set(SKUS)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_draws_a_picture_in_the_requested_format(image_format: str) -> None:
    drawn = pictures.label("Keulen Mug", "Gear", "#4a6d7c", image_format)

    assert Image.open(BytesIO(drawn)).format == image_format
