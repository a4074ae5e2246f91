"""Bytes of JSON to Python values. Fractions stay exact, and only ValueError is raised."""

import json
from decimal import Decimal
from typing import Any, NoReturn

MAX_INTEGER_LENGTH = 19
# Room for every double; a giant exponent is legal JSON, but takes for ever to calculate with.
MAX_FRACTION_LENGTH = 400
MAX_EXPONENT = 400


def decode(raw: bytes) -> Any:
    """What the JSON text says, with Decimal for fractions; ValueError if it is not JSON."""
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
