"""SKUs of Saleor, which are product codes in Picqer, and amounts by SKU."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


def normalize(sku: str) -> str:
    """Return the SKU without surrounding blanks, which both systems allow."""
    return sku.strip()


def compare_key(sku: str) -> str:
    """Return a key for comparing SKUs, equal for SKUs that differ in case only."""
    return normalize(sku).casefold()


def sum_by_sku(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up amounts by normalized SKU."""
    total: dict[str, int] = defaultdict(int)
    for sku, amount in amounts:
        total[normalize(sku)] += amount
    return dict(total)


def describe_amounts(amounts: Mapping[str, int]) -> str:
    """Return amounts by SKU, written for people: "2 x CUP, 1 x MUG"."""
    return ", ".join(f"{amount} x {sku}" for sku, amount in sorted(amounts.items()))
