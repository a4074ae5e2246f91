"""Where a variant is on its way to Picqer: the first reason counts."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_picqer.domain.product_situation import (
    PRODUCT_REFUSALS,
    PRODUCT_TEXTS,
    ProductCode,
    ProductRefusal,
    ProductSituation,
    find_code,
)

# Each reason holds together with all that come after.
REASONS: tuple[tuple[ProductCode, dict[str, Any]], ...] = (
    (ProductCode.DIGITAL, {"ships": False}),
    (ProductCode.NO_SKU, {"sku": " "}),
    (ProductCode.NOT_SENT_BY_SETTING, {"has_sender": False}),
    (ProductCode.NOT_BEGUN, {"has_begun": False}),
    (ProductCode.BUSY, {"is_busy": True}),
    (ProductCode.FAILED, {"last_error": "Refused."}),
    (ProductCode.WAITING, {"is_due": True}),
    (ProductCode.NOT_LISTED, {"is_listed": False}),
    (ProductCode.SENT, {"remote_id": 7}),
    (ProductCode.NOT_SENT, {}),
)


@pytest.mark.parametrize("number", range(len(REASONS)))
def test_first_reason_counts(number: int) -> None:
    values: dict[str, Any] = {"sku": "TEA"}
    for _, reason in REASONS[number:]:
        values |= reason

    assert find_code(ProductSituation(**values)) is REASONS[number][0]


def test_every_code_and_refusal_has_a_text() -> None:
    assert set(PRODUCT_TEXTS) == set(ProductCode)
    assert set(PRODUCT_REFUSALS) == set(ProductRefusal)
