"""Decoding of JSON: fractions stay exact, and only ValueError is raised."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

MAX_INTEGER_LENGTH = 19
# Room for every double. A giant exponent is legal JSON, but calculations with it never end.
MAX_FRACTION_LENGTH = 400
MAX_EXPONENT = 400


def decode(raw: bytes) -> Any:
    """Return the decoded value, with Decimal for fractions; raise ValueError for other texts."""
    try:
        return json.loads(
            raw, parse_float=_fraction, parse_int=_integer, parse_constant=_no_constant
        )
    except (RecursionError, ArithmeticError) as failure:
        raise ValueError(type(failure).__name__) from None


def _integer(text: str) -> int:
    if len(text) > MAX_INTEGER_LENGTH:
        raise ValueError("integer out of range")
    return int(text)


def _fraction(text: str) -> Decimal:
    if len(text) > MAX_FRACTION_LENGTH:
        raise ValueError("fraction too long")
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MAX_EXPONENT:
        raise ValueError("fraction out of range")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
