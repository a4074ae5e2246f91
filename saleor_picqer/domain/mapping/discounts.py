"""Spreading a discount on a whole order over its lines, where the shop keeps it in one sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")


def spread(discount: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """The amounts after the discount, in their order.

    Each bears the discount in proportion to its size, in whole cents; the cents left over go to
    those that lose most by rounding. Together they lose exactly `discount`, or all there is if
    that is less; none falls below zero. Amounts are not negative; those with parts of a cent keep
    them, but for the cents that a discount of all there is takes.
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
    """Indexes, those first whose share was rounded most."""
    return sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
