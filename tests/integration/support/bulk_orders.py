"""Orders created in bulk by an importing program; on Saleor 3 only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from saleor.product.models import ProductVariant
from saleor.shipping.models import ShippingMethod
from saleor.warehouse.models import Stock

from tests.integration.support.api import Json, to_global_id, to_pk
from tests.integration.support.graphql_documents import BULK_CREATE
from tests.integration.support.shop import Shop
from tests.integration.support.staff import ADDRESS


def bulk_order(
    shop: Shop,
    lines: Mapping[str, int],
    *,
    channel: str = "",
    method: str = "Parcel",
    status: str = "UNFULFILLED",
    created_at: datetime | None = None,
    **fields: Any,
) -> Json:
    """Return an order as input of `orderBulkCreate`; every product costs 10.00 net."""
    when = (created_at or timezone.now()).isoformat()
    shipping_method = ShippingMethod.objects.get(name=method)
    return {
        "channel": channel or shop.channel_slug,
        "createdAt": when,
        "status": status,
        "user": {"email": "jan@example.com"},
        "billingAddress": ADDRESS,
        "shippingAddress": ADDRESS,
        "currency": shop.currency,
        "languageCode": "NL",
        "deliveryMethod": {
            "shippingMethodId": to_global_id("ShippingMethod", shipping_method.pk),
            "shippingMethodName": method,
            "shippingPrice": {"net": "5.00", "gross": "6.05"},
            "shippingTaxClassId": _tax_class(shop),
        },
        "lines": [_line(shop, sku, quantity, when) for sku, quantity in lines.items()],
        **fields,
    }


def bulk_create(shop: Shop, *orders: Json) -> list[str]:
    """Create the orders and return their pks in the given sequence."""
    answer = shop.admin_api.query(BULK_CREATE, orders=list(orders))["orderBulkCreate"]
    problems = [result["errors"] for result in answer["results"] if result["errors"]]
    assert not problems, problems
    return [to_pk(result["order"]["id"]) for result in answer["results"]]


def paid(amount: str) -> Json:
    """Return a field for `bulk_order` that marks the order as paid elsewhere."""
    charged = {"amount": amount, "currency": "EUR"}
    return {"transactions": [{"name": "Elsewhere", "amountCharged": charged}]}


def _line(shop: Shop, sku: str, quantity: int, when: str) -> Json:
    net = Decimal("10.00") * quantity
    price = {"net": str(net), "gross": str(net * Decimal("1.21"))}
    return {
        "variantId": to_global_id("ProductVariant", ProductVariant.objects.get(sku=sku).pk),
        "createdAt": when,
        "isShippingRequired": True,
        "isGiftCard": False,
        "quantity": quantity,
        "totalPrice": price,
        "undiscountedTotalPrice": price,
        "taxClassId": _tax_class(shop),
        "warehouse": to_global_id("Warehouse", _warehouse_with(sku)),
    }


def _warehouse_with(sku: str) -> UUID:
    stocks = Stock.objects.filter(product_variant__sku=sku).order_by("-quantity")
    return stocks[0].warehouse_id


def _tax_class(shop: Shop) -> str:
    return to_global_id("TaxClass", shop.tax_class.pk)
