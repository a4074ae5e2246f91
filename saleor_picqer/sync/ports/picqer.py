"""Picqer by topic. Every method may raise an error of `saleor_picqer.errors`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.mapping.customers import CustomerRequest
from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.inputs import ReferenceData
from saleor_picqer.domain.mapping.line_changes import LineChange
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.products import ProductChanges, ProductRequest
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.parcels import ListedShipment, Shipment
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.remote_orders import RemoteLine, RemoteOrder, RemotePicklist
from saleor_picqer.domain.stock import RemoteWarehouse


class RemoteOrders(Protocol):
    """Orders in Picqer."""

    def create(self, request: OrderRequest) -> RemoteOrder:
        """Create an order in status concept. Sending a request twice creates two orders."""

    def get(self, order_id: int) -> RemoteOrder:
        """Read an order. Raises NotFoundError for an unknown id."""

    def find(self, reference: str) -> list[RemoteOrder]:
        """Find the orders with exactly the given reference, oldest first."""

    def update(self, order_id: int, changes: HeaderChanges) -> None:
        """Change header fields."""

    def tag(self, order_id: int, title: str) -> None:
        """Add a tag. Raises AccountSetupError for an unknown title."""

    def allocate(self, order_id: int) -> RemoteOrder | None:
        """Reserve stock. Raises WrongStatusError for a processed order.

        Returns the order; None where Picqer does not answer with it.
        """

    def process(self, order_id: int) -> RemoteOrder | None:
        """Start picking, with errors and result as `allocate` has them."""

    def cancel(self, order_id: int, *, force: bool) -> None:
        """Cancel an order; with `force` also a processed order and the picklists."""


class RemotePicklists(Protocol):
    """Picklists in Picqer."""

    def get(self, picklist_id: int) -> RemotePicklist:
        """Read a picklist with its shipments: 2 requests."""

    def shipments(self, picklist_id: int) -> tuple[Shipment, ...]:
        """Read the shipments of a picklist that are not cancelled, the oldest first: 1 request."""

    def shipments_since(self, moment: datetime, offset: int) -> Page[ListedShipment]:
        """Read a page of the account's shipments that were created since then."""


class RemoteOrderPages(Protocol):
    """Picqer's list of orders."""

    def page(self, status: str, first: int, last: int | None, offset: int) -> Page[RemoteOrder]:
        """Read a page of the orders in a status whose ids are between `first` and `last`.

        With None, to the end of the list.
        """


class RemoteLines(Protocol):
    """Lines of a concept order."""

    def list(self, order_id: int) -> Sequence[RemoteLine]:
        """Read the order's lines without the parts of compositions."""

    def add(self, order_id: int, line: LineRequest) -> None:
        """Add a line. Give the id of the product: Picqer may refuse a product code."""

    def update(self, order_id: int, line_id: int, change: LineChange) -> None:
        """Change amount, price or remarks of a line."""

    def delete(self, order_id: int, line_id: int) -> None:
        """Delete a line."""


class RemoteCustomers(Protocol):
    """Customer records in Picqer."""

    def find(self, email: str) -> list[int]:
        """Find the ids of all customers with exactly the e-mail address, ignoring case."""

    def create(self, customer: CustomerRequest) -> int:
        """Create a record and return the id."""


class RemoteProducts(Protocol):
    """Products in Picqer."""

    def page(self, offset: int, *, active: bool) -> Page[RemoteProduct]:
        """Read a page of the active or of the inactive products, with their stock."""

    def find(self, code: str) -> RemoteProduct | None:
        """Find the product with exactly the given code."""

    def find_id(self, product_id: int) -> RemoteProduct | None:
        """Read a product."""

    def create(self, product: ProductRequest) -> RemoteProduct:
        """Create a product. Raises InvalidRequestError for a code in use."""

    def update(self, product_id: int, changes: ProductChanges) -> RemoteProduct:
        """Change fields of a product. Raises NotFoundError for an unknown id."""

    def add_image(self, product_id: int, image: bytes) -> None:
        """Add a JPEG or PNG. A request that is sent twice adds two images."""


class RemoteStock(Protocol):
    """Warehouses and stock in Picqer."""

    def warehouses(self) -> list[RemoteWarehouse]:
        """Read all warehouses, in order of priority."""

    def of_products(self, product_ids: Sequence[int]) -> list[RemoteProduct]:
        """Read at most 100 products with their free stock in every warehouse.

        Takes 1 request, and 1 more for inactive ones. Unknown products are left out.
        """


class RemoteHooks(Protocol):
    """Webhooks in Picqer."""

    def list(self) -> Iterator[RemoteHook]:
        """Yield active and inactive webhooks of all clients."""

    def create(self, name: str, event: str, address: str, secret: str) -> int:
        """Register a webhook and return the id."""

    def deactivate(self, hook_id: int) -> None:
        """Switch a webhook off. Picqer cannot delete webhooks."""

    def reactivate(self, hook_id: int) -> bool:
        """Switch a webhook on again; False if it stays off. Raises RefusedError."""


class Picqer(Protocol):
    """A Picqer account."""

    @property
    def orders(self) -> RemoteOrders: ...

    @property
    def order_pages(self) -> RemoteOrderPages: ...

    @property
    def picklists(self) -> RemotePicklists: ...

    @property
    def lines(self) -> RemoteLines: ...

    @property
    def customers(self) -> RemoteCustomers: ...

    @property
    def products(self) -> RemoteProducts: ...

    @property
    def stock(self) -> RemoteStock: ...

    @property
    def hooks(self) -> RemoteHooks: ...

    @property
    def reference(self) -> ReferenceData: ...

    @property
    def answered(self) -> bool:
        """True once Picqer has answered a request, if only with a refusal."""

    @property
    def requests(self) -> int:
        """Number of requests so far, repetitions included."""
