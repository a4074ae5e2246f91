"""The client of Picqer's REST API: `PicqerClient(account).orders.get(24035)`.

The client covers, beyond the needs of the plugin, what a test of a real account needs: an order's
life from creation to shipment, stock, compositions, images, customers, tags and webhooks. Each
method is an endpoint; `tests/unit/picqer/test_endpoints.py` has the table of all of them. Add an
endpoint when the plugin or a test of an account uses it. Not covered: comments, notes, returns,
purchase orders, suppliers, locations, batches, and the assignment of work to Picqer's users.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import requests

from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.connections import ClientSession
from saleor_picqer.picqer.rate_limiter import Budget, Priority, RateLimiter, Unlimited
from saleor_picqer.picqer.resources.customers import CustomersResource
from saleor_picqer.picqer.resources.hooks import HooksResource
from saleor_picqer.picqer.resources.orders import BackordersResource, OrdersResource
from saleor_picqer.picqer.resources.picklists import PicklistsResource, ShipmentsResource
from saleor_picqer.picqer.resources.products import ProductsResource
from saleor_picqer.picqer.resources.reference import (
    OrderFieldsResource,
    ShippingProvidersResource,
    StatsResource,
    TagsResource,
    TemplatesResource,
    UsersResource,
    VatGroupsResource,
    WarehousesResource,
)
from saleor_picqer.picqer.transport import Transport

__all__ = ["Budget", "PicqerAccount", "PicqerClient", "Priority", "RateLimiter"]


class PicqerClient:
    """A client of an account, with the resources as attributes. Not to be shared by threads.

    `timeout` is (connect, answer) in seconds; the second is for the complete answer. `rate_limiter`
    shares the limit with other processes, and `priority` ranks the client's requests. A request
    that would have to wait longer than `max_wait` seconds raises RateLimitedError.
    """

    def __init__(
        self,
        account: PicqerAccount,
        *,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = (5, 30),
        rate_limiter: RateLimiter | Unlimited | None = None,
        priority: Priority = Priority.ORDERS,
        max_wait: float = 30,
    ) -> None:
        self.account = account
        self._session = session or ClientSession()
        self._transport = transport = Transport(
            account,
            session=self._session,
            timeout=timeout,
            rate_limiter=rate_limiter or Unlimited(),
            priority=priority,
            max_wait=max_wait,
        )
        self.stats = StatsResource(transport)
        self.users = UsersResource(transport)
        self.products = ProductsResource(transport)
        self.warehouses = WarehousesResource(transport)
        self.vatgroups = VatGroupsResource(transport)
        self.customers = CustomersResource(transport)
        self.orders = OrdersResource(transport)
        self.backorders = BackordersResource(transport)
        self.picklists = PicklistsResource(transport)
        self.shipments = ShipmentsResource(transport)
        self.hooks = HooksResource(transport)
        self.orderfields = OrderFieldsResource(transport)
        self.shippingproviders = ShippingProvidersResource(transport)
        self.templates = TemplatesResource(transport)
        self.tags = TagsResource(transport)

    @property
    def answered(self) -> bool:
        """Whether Picqer has answered any request of the client, refusals included."""
        return self._transport.answered

    @property
    def requests(self) -> int:
        """Number of requests sent by the client, with those sent again."""
        return self._transport.requests

    @property
    def clock_ahead(self) -> float | None:
        """Seconds by which Picqer's clock is ahead of this process's, as last told."""
        return self._transport.clock_ahead

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
