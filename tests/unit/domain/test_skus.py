"""Which spellings of a SKU are the same product."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.skus import BySku


@pytest.mark.parametrize("sku", ["MUG", "mug", " Mug "])
def test_value_is_found_in_any_case(sku: str) -> None:
    """Failure mode F103."""
    assert BySku({"Mug ": 3}).get(sku) == 3


def test_exact_spelling_counts_when_both_exist() -> None:
    values = BySku({"MUG": 1, "mug": 2})

    assert (values.get("MUG"), values.get("mug")) == (1, 2)


def test_zero_is_a_value() -> None:
    assert BySku({"MUG": 0, "mug": 2}).get("MUG") == 0


def test_unknown_product_has_no_value() -> None:
    assert BySku({"MUG": 1}).get("MUGS") is None
