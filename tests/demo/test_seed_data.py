"""What the example shop is made of must be what Saleor and Picqer accept."""

from io import BytesIO

import pytest
from PIL import Image

from example_project import catalogue, pictures
from example_project.demo import __main__ as demo

SKUS = [variant.sku for product in catalogue.PRODUCTS for variant in product.variants]


def test_has_a_dozen_products_and_no_sku_twice() -> None:
    assert len(catalogue.PRODUCTS) == 12
    assert len(set(SKUS)) == len(SKUS)


def test_story_buys_what_the_shop_sells() -> None:
    assert {*demo.PARCEL_BASKET, *demo.COURIER_BASKET} <= set(SKUS)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_draws_a_picture_of_the_format_asked_for(image_format: str) -> None:
    drawn = pictures.label("Keulen Mug", "Gear", "#4a6d7c", image_format)
    assert Image.open(BytesIO(drawn)).format == image_format
