"""The loader of orders for GraphQL, which Saleor 2.10 lacks."""

from __future__ import annotations

from collections.abc import Sequence

from saleor.graphql.core.dataloaders import DataLoader
from saleor.order.models import Order


class OrderByIdLoader(DataLoader):
    context_key = "picqer_order_by_id"

    def batch_load(self, keys: Sequence[int]) -> list[Order | None]:
        orders = Order.objects.in_bulk(keys)
        return [orders.get(key) for key in keys]
