"""Images of products, as Picqer takes them: JPEG or PNG."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from saleor_picqer.errors import DataError

# Formats that are read. Pillow's others start programs, or are rare in shops.
_READ: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
# Formats that are sent as they are.
_SENT: Final = ("JPEG", "PNG")
# Bytes of a file, and pixels of an image; more would fill a worker's memory.
_LARGEST_FILE: Final = 20_000_000
_MOST_PIXELS: Final = 50_000_000
# Pixels of the longer side, and bytes, above which an image is made smaller.
_LONGEST_SIDE: Final = 2000
_LARGEST_SENT: Final = 3_000_000


def read_image(name: str) -> bytes:
    """Return the image in Saleor's file storage as JPEG or PNG, made smaller if it is large.

    Raises DataError, in words for staff, for a missing, broken or too large file.
    """
    content = _read(name)
    try:
        return _convert(content)
    except _Oversize:
        problem = "has too many pixels; the plugin reads at most 50 million"
    except Exception:  # noqa: BLE001 - Pillow raises errors of each format's own
        problem = "cannot be read as an image"
    raise DataError(f'The image "{name}" {problem}. Replace it in Saleor.')


class _Oversize(Exception):  # noqa: N818 - never leaves this module
    """The image would take too much memory."""


def _read(name: str) -> bytes:
    try:
        with default_storage.open(name, "rb") as file:
            content: bytes = file.read(_LARGEST_FILE + 1)
    except Exception as error:  # noqa: BLE001 - each storage raises errors of its own
        problem = f"cannot be read from Saleor's file storage ({type(error).__name__})"
    else:
        if len(content) <= _LARGEST_FILE:
            return content
        problem = "is larger than 20 MB"
    raise DataError(f'The image "{name}" {problem}. Replace it in Saleor.')


def _convert(content: bytes) -> bytes:
    # Reads the header only, and refuses a decompression bomb.
    image: Image.Image = Image.open(BytesIO(content), formats=_formats())
    if image.width * image.height > _MOST_PIXELS:
        raise _Oversize
    small = max(image.size) <= _LONGEST_SIDE and len(content) <= _LARGEST_SENT
    kind = image.format
    # Reads all data: a file that was cut off is an error.
    image.load()
    if small and kind in _SENT:
        return content
    image = ImageOps.exif_transpose(image)
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return _encode(image)


def _encode(image: Image.Image) -> bytes:
    """Return a PNG of an image with transparency, else a JPEG."""
    encoded = BytesIO()
    if image.has_transparency_data:
        image.convert("RGBA").save(encoded, "PNG", optimize=True)
    else:
        image.convert("RGB").save(encoded, "JPEG", quality=85)
    return encoded.getvalue()


def _formats() -> list[str]:
    """Return the formats that the installed Pillow can read."""
    Image.init()
    return [name for name in _READ if name in Image.OPEN]
