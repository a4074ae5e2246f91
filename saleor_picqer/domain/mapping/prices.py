"""Prices per unit that add up to a line's total: Picqer knows no total of a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_CENTS: Final = 2
"""Decimals that a price has at least; those of the total where it has more."""


def unit_prices(total: Decimal, quantity: int, fulfilled: int = 0) -> list[tuple[int, Decimal]]:
    """How many units of a line cost how much: `amount * price` of all of them is `total`.

    A total that cannot be divided is split into two prices a cent apart, the dearer one first
    (10.00 for 3: 1 at 3.34, 2 at 3.33). Units that are fulfilled already are left out, the dearer
    ones first, so that what is shipped at different times adds up as well. `quantity` is above 0.
    """
    decimals = max(_CENTS, _decimals(total))
    cheap, dearer = divmod(int(total.scaleb(decimals)), quantity)
    fulfilled_dearer = min(fulfilled, dearer)
    amounts = {
        cheap + 1: dearer - fulfilled_dearer,
        cheap: quantity - dearer - (fulfilled - fulfilled_dearer),
    }
    return [(amount, Decimal(n).scaleb(-decimals)) for n, amount in amounts.items() if amount > 0]


def _decimals(number: Decimal) -> int:
    """Without trailing zeros; negative for 100."""
    return -int(number.normalize().as_tuple().exponent)
