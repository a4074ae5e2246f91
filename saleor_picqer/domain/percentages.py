"""Percentages as exact decimals."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def parse_percentage(text: str) -> Decimal:
    """Return the percentage in a text like "21", "12,5" or "9 %".

    Raises ValueError for other texts than a number from 0 to 100.
    """
    try:
        number = Decimal(text.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not (number.is_finite() and 0 <= number <= 100):
        raise ValueError("not a percentage")
    return number


def percentage_of(fraction: Decimal) -> Decimal:
    """Return a fraction as a percentage: 0.2100 as 21, never as 2.1E+1."""
    number = fraction * 100
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()
