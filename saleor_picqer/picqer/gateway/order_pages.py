"""Picqer's list of orders, page by page."""

from __future__ import annotations

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.remote_orders import RemoteOrder
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.orders import remote_order
from saleor_picqer.picqer.resources.orders import OrderFilters


class OrderPages:
    """`sync.ports.picqer.RemoteOrderPages`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def page(self, status: str, first: int, last: int | None, offset: int) -> Page[RemoteOrder]:
        # Picqer's bounds are exclusive.
        filters = OrderFilters(status=status, sinceid=first - 1)
        if last is not None:
            filters["beforeid"] = last + 1
        page = self._client.orders.page(offset, **filters)
        return Page([remote_order(order) for order in page.items], page.next_offset)
