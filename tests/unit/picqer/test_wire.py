from decimal import Decimal
from typing import Any

import pytest

from saleor_picqer.picqer.wire import decode


def test_fractions_stay_exact() -> None:
    assert decode(b'{"price": 8.10}') == {"price": Decimal("8.10")}


@pytest.mark.parametrize("raw", [b"5.551115123125783e-17", b"1.7976931348623157e308", b"-0.0"])
def test_every_double_is_read(raw: Any) -> None:
    assert decode(raw) == Decimal(raw.decode())


def test_byte_order_mark_is_read_over() -> None:
    assert decode(b"\xef\xbb\xbf[]") == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b'{"idorder": 1',
        b"[1, 2",
        b"NaN",
        b"[Infinity]",
        b"1e999999999",
        b"0e999999999999999999999999",
        b"1" * 20,
        b"1" * 5000,
        b"0." + b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b'"\xc3"',
    ],
)
def test_only_value_error_is_raised_when_the_text_is_not_usable(raw: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any text of it
        decode(raw)
