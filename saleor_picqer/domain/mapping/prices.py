"""Prices per unit that add up to a line's total, because Picqer knows no total of a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

# Decimals of a price; a total with more decimals keeps its own.
_CENTS: Final = 2


def unit_prices(total: Decimal, quantity: int, fulfilled: int = 0) -> list[tuple[int, Decimal]]:
    """Return pairs of amount and price whose products add up to `total`.

    A total without an even division is split into two prices a cent apart, the dearer price first
    (10.00 for 3: 1 at 3.34, 2 at 3.33). `quantity` is above 0.
    """
    # Fulfilled units are left out, the dearer ones first, so that the prices of several shipments
    # add up to the total as well.
    decimals = max(_CENTS, _decimals(total))
    cheap, dearer = divmod(int(total.scaleb(decimals)), quantity)
    fulfilled_dearer = min(fulfilled, dearer)
    amounts = {
        cheap + 1: dearer - fulfilled_dearer,
        cheap: quantity - dearer - (fulfilled - fulfilled_dearer),
    }
    return [(amount, Decimal(n).scaleb(-decimals)) for n, amount in amounts.items() if amount > 0]


def _decimals(number: Decimal) -> int:
    """Return the number of decimals without trailing zeros; negative for 100."""
    return -int(number.normalize().as_tuple().exponent)
