"""The resource `images` of products. Only type and size of an image are kept."""

from __future__ import annotations

import base64
import binascii

from picqer_simulator.core.account import Account
from picqer_simulator.core.errors import MISSING_PARAMETER, NOT_FOUND, ApiError
from picqer_simulator.core.models import Image, Wire, public
from picqer_simulator.core.parsing import read, require, text
from picqer_simulator.core.queries import Query, page

# First bytes of a file -> content type and file name extension.
KINDS = {b"\xff\xd8\xff": ("image/jpeg", "jpg"), b"\x89PNG\r\n\x1a\n": ("image/png", "png")}


def list_(account: Account, idproduct: int, query: Query) -> list[Wire]:
    product = account.find(account.state.products, idproduct)
    return [public(image) for image in page(account.options, product.images, query)]


def create(account: Account, idproduct: int, body: Wire) -> Wire:
    """Add an image to a product. A repeated upload adds the image again."""
    product = account.find(account.state.products, idproduct)
    values = read(account.options, body, {"image": text})
    require(values, "image")
    image = _image(account, _decode(values["image"]))
    product.images.append(image)
    return public(image)


def delete(account: Account, idproduct: int, idproduct_image: int) -> None:
    product = account.find(account.state.products, idproduct)
    for image in product.images:
        if image.idproduct_image == idproduct_image:
            product.images.remove(image)
            return
    raise ApiError(NOT_FOUND)


def _decode(encoded: str) -> bytes:
    """Decode base64; raise ApiError 5 for anything else."""
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ApiError(MISSING_PARAMETER, "image is not base64") from None


def _image(account: Account, content: bytes) -> Image:
    """Describe an image file; raise ApiError 5 if it is neither JPEG nor PNG."""
    for start, (contenttype, extension) in KINDS.items():
        if content.startswith(start):
            number = account.state.new_id("image")
            url = f"/files/2/{number}/original.{extension}"
            return Image(number, url, contenttype, len(content))
    raise ApiError(MISSING_PARAMETER, "image is neither JPEG nor PNG")
