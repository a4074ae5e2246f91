"""The use cases' port to Picqer, on the client: wire objects in, domain objects out, and back.

Modules of the gateway import wire objects by module: `picqer_orders.Order` is not the domain's
`Order`.
"""

from __future__ import annotations

from saleor_picqer.picqer.cache import Cache
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.customers import Customers
from saleor_picqer.picqer.gateway.hooks import Hooks
from saleor_picqer.picqer.gateway.lines import Lines
from saleor_picqer.picqer.gateway.order_pages import OrderPages
from saleor_picqer.picqer.gateway.orders import Orders
from saleor_picqer.picqer.gateway.picklists import Picklists
from saleor_picqer.picqer.gateway.products import Products
from saleor_picqer.picqer.gateway.reference import CachedReferenceData
from saleor_picqer.picqer.gateway.stock import Stock


class Gateway:
    """`sync.ports.Picqer`: an account by topic. All processes share `cache`."""

    def __init__(self, client: PicqerClient, cache: Cache) -> None:
        self._client = client
        self.reference = CachedReferenceData(client, cache)
        self.orders = Orders(client, self.reference)
        self.order_pages = OrderPages(client)
        self.picklists = Picklists(client)
        self.lines = Lines(client)
        self.customers = Customers(client)
        self.products = Products(client)
        self.stock = Stock(client)
        self.hooks = Hooks(client)

    @property
    def answered(self) -> bool:
        return self._client.answered

    @property
    def requests(self) -> int:
        return self._client.requests
