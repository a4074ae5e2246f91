"""Images of products: uploaded once, in a format that Picqer takes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, features

from saleor_picqer.errors import DataError
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common import images
from saleor_picqer.store import catalogue
from tests.integration.products.conftest import ProductShop
from tests.integration.support.catalogue_edits import add_image_quietly

UPLOAD = "POST /products/{idproduct}/images"


def picture(kind: str, size: tuple[int, int] = (20, 10), mode: str = "RGB") -> bytes:
    content = BytesIO()
    colour = (255, 0, 0, 128) if mode == "RGBA" else "red"
    Image.new(mode, size, colour).save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "sent"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("GIF", "P", "image/jpeg"),
        ("AVIF", "RGB", "image/jpeg"),
    ],
)
def test_image_is_uploaded_once_in_a_format_that_picqer_takes(
    products: ProductShop, kind: str, mode: str, sent: str
) -> None:
    """Failure mode F44."""
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow cannot write AVIF")
    tea = products.variant("TEA")
    add_image_quietly(tea.product, f"tea.{kind.lower()}", picture(kind, mode=mode))

    assert products.sweep()[UPLOAD] == 1
    assert products.sweep() == {}
    assert products.connected.full_sync()["unchanged"] == 2

    idproduct = products.product("TEA")["idproduct"]
    (found,) = products.connected.picqer_api("GET", f"/products/{idproduct}/images")
    assert found["contenttype"] == sent


def test_new_product_and_its_image_cost_two_requests(products: ProductShop) -> None:
    mug = products.connected.shop.product("MUG")
    add_image_quietly(mug.product, "mug.png", picture("PNG"))
    products.tell_variants(mug)

    assert products.run() == {"POST /products": 1, UPLOAD: 1}


def test_image_of_the_variant_counts_first(products: ProductShop) -> None:
    tea = products.variant("TEA")
    add_image_quietly(tea.product, "product.png", picture("PNG"))
    add_image_quietly(tea.product, "variant.jpg", picture("JPEG"), variant=tea)

    products.sweep()

    assert "variant" in products.row(tea).image


def test_image_is_sent_when_a_hook_tells_of_it(products: ProductShop) -> None:
    tea = products.variant("TEA")
    add_image_quietly(tea.product, "tea.png", picture("PNG"))
    assert products.run() == {}

    products.edit.describe_image(tea, "A cup")

    assert products.run()[UPLOAD] == 1


def test_image_stays_when_picqer_has_one(products: ProductShop) -> None:
    """Failure mode F44: Picqer would keep a second image, too."""
    tea = products.variant("TEA")
    idproduct = products.product("TEA")["idproduct"]
    encoded = "iVBORw0KGgo="
    products.connected.picqer_api("POST", f"/products/{idproduct}/images", image=encoded)
    add_image_quietly(tea.product, "tea.png", picture("PNG"))

    assert UPLOAD not in products.sweep()
    assert products.sweep() == {}


def test_images_are_not_sent_when_switched_off(products: ProductShop) -> None:
    products.connected.connect(product_images=False)
    add_image_quietly(products.variant("TEA").product, "tea.png", picture("PNG"))

    assert products.sweep() == {}


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"no image", "cannot be read as an image"), (None, "file storage")],
)
def test_only_the_product_is_reported_when_its_image_is_broken_or_missing(
    products: ProductShop, content: bytes | None, problem: str
) -> None:
    tea = products.variant("TEA")
    add_image_quietly(tea.product, "tea.png", content)
    products.edit.rename(tea, "Green tea")

    assert products.run() == {"PUT /products/{idproduct}": 1}
    (failing,) = catalogue.failing(products.row(tea).account)
    assert problem in failing.last_error
    # The name has arrived and is not sent again.
    assert products.sweep() == {}


def test_large_image_is_made_smaller(products: ProductShop) -> None:
    add_image_quietly(products.variant("TEA").product, "tea.png", picture("PNG", (5000, 100)))

    found = Image.open(BytesIO(_read(products)))

    assert found.size == (2000, 40)


@pytest.mark.parametrize(("limit", "value"), [("_MOST_PIXELS", 100), ("_LARGEST_FILE", 20)])
def test_image_that_would_fill_the_memory_is_refused(
    products: ProductShop, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(images, limit, value)
    add_image_quietly(products.variant("TEA").product, "tea.png", picture("PNG"))

    with pytest.raises(DataError, match=r"larger than|too many"):
        _read(products)


def _read(products: ProductShop) -> Any:
    channel = products.connected.shop.channel_pk
    variants = host().catalogue.variants_by_sku(channel, ["TEA"])
    return host().catalogue.image(variants["TEA"].image)
