"""What the adapter knows of an order, on this line of Saleor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from saleor.order.models import Order
from saleor.shipping.models import ShippingMethod

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.hosts import host
from tests.integration.api import to_global_id
from tests.integration.checkouts import AUTHORISED
from tests.integration.discounts import PRODUCT, SHIPPING
from tests.integration.documents import (
    LINE_DISCOUNT,
    LINE_QUANTITY,
    METADATA,
    ORDER_DISCOUNT,
)
from tests.integration.host import IS_SALEOR_3
from tests.integration.shop import Shop

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 cannot do this")


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """BEANS at 9.99, MUG at 3.33 and TEA at 12.50, ten of each."""
    for sku, price in (("BEANS", "9.99"), ("MUG", "3.33"), ("TEA", "12.50")):
        shop.product(sku, price=price, stock=10)
    return shop


def totals(pk: str) -> dict[str, Decimal]:
    """SKU -> what the line costs."""
    return {line.sku: line.total for line in host().order(pk).lines}


def goods(pk: str) -> Decimal:
    """What Saleor says all lines cost together, net."""
    order = Order.objects.get(pk=pk)
    if IS_SALEOR_3:
        return order.subtotal_net_amount
    return order.get_subtotal().net.amount - order.discount_amount


# --- what the lines cost


def test_line_costs_its_whole_quantity(shop: Shop) -> None:
    pk = shop.checkout({"BEANS": 3, "MUG": 1})

    assert totals(pk) == {"BEANS": Decimal("29.97"), "MUG": Decimal("3.33")}


def test_sale_is_in_the_lines(shop: Shop) -> None:
    shop.discounts.sale("BEANS", percent=10)

    pk = shop.checkout({"BEANS": 3, "MUG": 1})

    assert totals(pk) == {"BEANS": Decimal("26.97"), "MUG": Decimal("3.33")}
    assert sum(totals(pk).values()) == goods(pk)


def test_voucher_on_the_whole_order_is_in_the_lines(shop: Shop) -> None:
    shop.discounts.voucher("TEN", amount="10")

    pk = shop.checkout({"BEANS": 1, "MUG": 2, "TEA": 1}, codes=["TEN"])

    print("VOUCHER WHOLE", totals(pk))
    assert sum(totals(pk).values()) == goods(pk) == Decimal("19.15")
