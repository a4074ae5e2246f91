"""Draw the product pictures of the example shop: a label on a plain background."""

from __future__ import annotations

from io import BytesIO
from textwrap import wrap

from PIL import Image, ImageColor, ImageDraw, ImageFont

SIZE = 800
PAPER = "#faf6ee"


def label(text: str, footer: str, colour: str, image_format: str) -> bytes:
    """Draw a square picture; return the bytes of a `JPEG` or `PNG` file."""
    picture = Image.new("RGB", (SIZE, SIZE), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((140, 90, 660, 710), radius=36, fill=colour)
    draw.rounded_rectangle((164, 114, 636, 686), radius=24, outline=PAPER, width=4)
    draw.ellipse((330, 160, 470, 300), fill=_lighter(colour), outline=PAPER, width=4)
    draw.arc((365, 150, 435, 310), 300, 60, fill=PAPER, width=6)
    _write(draw, "\n".join(wrap(text, 14)), top=350, size=60)
    _write(draw, footer, top=610, size=30)
    buffer = BytesIO()
    picture.save(buffer, image_format)
    return buffer.getvalue()


def _write(draw: ImageDraw.ImageDraw, text: str, *, top: int, size: int) -> None:
    font = ImageFont.load_default(size)
    draw.multiline_text((SIZE / 2, top), text, fill=PAPER, font=font, anchor="ma", align="center")


def _lighter(colour: str) -> tuple[int, ...]:
    return tuple((channel + 255) // 2 for channel in ImageColor.getrgb(colour))
