"""SKUs of Saleor, which are product codes in Picqer, and amounts by SKU.

Two SKUs are the same product when they differ in case and in surrounding blanks only: whether
Picqer distinguishes upper and lower case is not documented (Picqer API: products). Where both
spellings exist, the exact one counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


def normalize(sku: str) -> str:
    """Return the SKU as it is sent and shown: without surrounding blanks."""
    return sku.strip()


def compare_key(sku: str) -> str:
    """Return a text that is equal for SKUs of the same product."""
    # In upper case, as PostgreSQL's `upper` has it: `casefold` would make "ß" two letters.
    return normalize(sku).upper()


class BySku[V]:
    """Values by SKU, found by another spelling of the SKU too."""

    def __init__(self, values: Mapping[str, V]) -> None:
        self._exact = {normalize(sku): value for sku, value in values.items()}
        self._others = {compare_key(sku): value for sku, value in values.items()}

    def get(self, sku: str) -> V | None:
        """Return the value of a SKU; None for an unknown product."""
        exact = self._exact.get(normalize(sku))
        return self._others.get(compare_key(sku)) if exact is None else exact


def sum_by_sku(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up amounts by normalized SKU."""
    total: dict[str, int] = defaultdict(int)
    for sku, amount in amounts:
        total[normalize(sku)] += amount
    return dict(total)


def describe_amounts(amounts: Mapping[str, int]) -> str:
    """Return amounts by SKU, written for people: "2 x CUP, 1 x MUG"."""
    return ", ".join(f"{amount} x {sku}" for sku, amount in sorted(amounts.items()))
