"""Distribution of an order's discount over the lines, where Saleor keeps the discount as a sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")


def spread(discount: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Return the amounts after the discount, in the same order.

    Each amount bears a share in proportion to its size, in whole cents; left-over cents go to the
    amounts whose share was rounded down most. The shares add up to exactly `discount`, or to all
    amounts where these are less; no amount falls below zero. `amounts` are not negative; parts of
    a cent stay, unless the discount takes everything.
    """
    total = sum(amounts, Decimal(0))
    if discount <= 0 or not total:
        return list(amounts)
    if discount >= total:
        return [Decimal(0)] * len(amounts)
    exact = [amount * discount / total for amount in amounts]
    shares = [share.quantize(_CENT, ROUND_DOWN) for share in exact]
    left = discount - sum(shares, Decimal(0))
    for index in _by_loss(exact, shares):
        step = min(left, _CENT, amounts[index] - shares[index])
        shares[index] += step
        left -= step
    return [amount - share for amount, share in zip(amounts, shares, strict=True)]


def _by_loss(exact: Sequence[Decimal], shares: Sequence[Decimal]) -> list[int]:
    """Return the indexes of the shares, most rounded first."""
    return sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
