"""One Picqer account, by topic. Every method may raise an error of `saleor_picqer.errors`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.mapping.customers import CustomerRequest
from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.inputs import ReferenceData
from saleor_picqer.domain.mapping.line_changes import LineChange
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.products import ProductChanges, ProductRequest
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.remote_orders import RemoteLine, RemoteOrder, RemotePicklist
from saleor_picqer.domain.stock import RemoteWarehouse, StockLevel


class RemoteOrders(Protocol):
    """Orders in Picqer, and the picklists made from them."""

    def create(self, request: OrderRequest) -> RemoteOrder:
        """Create an order in status concept. Sending a request twice creates two orders."""

    def get(self, order_id: int) -> RemoteOrder: ...

    def find(self, reference: str) -> list[RemoteOrder]:
        """Return orders with exactly this reference, oldest first."""

    def update(self, order_id: int, changes: HeaderChanges) -> None:
        """Change header fields."""

    def tag(self, order_id: int, title: str) -> None:
        """Add a tag. Raises AccountSetupError where Picqer has no tag of this title."""

    def allocate(self, order_id: int) -> None:
        """Reserve stock. Raises WrongStatusError for an order that is already processed."""

    def process(self, order_id: int) -> None:
        """Start picking. Raises WrongStatusError for an order that is already processed."""

    def cancel(self, order_id: int, *, force: bool) -> None:
        """Cancel an order; with `force` also a processed one, with its picklists."""

    def picklist(self, picklist_id: int) -> RemotePicklist: ...


class RemoteLines(Protocol):
    """Lines of a concept order."""

    def list(self, order_id: int) -> Sequence[RemoteLine]:
        """Return the order's lines without the parts of compositions."""

    def add(self, order_id: int, line: LineRequest) -> None:
        """Add a line. Name the product by id: Picqer may not accept a product code here."""

    def update(self, order_id: int, line_id: int, change: LineChange) -> None: ...

    def delete(self, order_id: int, line_id: int) -> None: ...


class RemoteCustomers(Protocol):
    """Customer records."""

    def find(self, email: str) -> list[int]:
        """Return ids of the customers with exactly this address, ignoring case."""

    def create(self, customer: CustomerRequest) -> int:
        """Create a record and return its id."""


class RemoteProducts(Protocol):
    """Products."""

    def list(self) -> Iterator[RemoteProduct]:
        """Yield active and inactive products."""

    def find(self, code: str) -> RemoteProduct | None: ...

    def create(self, product: ProductRequest) -> RemoteProduct: ...

    def update(self, product_id: int, changes: ProductChanges) -> None: ...


class RemoteStock(Protocol):
    """Warehouses and what they hold."""

    def warehouses(self) -> list[RemoteWarehouse]: ...

    def of_warehouse(self, warehouse_id: int) -> Iterator[StockLevel]: ...

    def of_product(self, product_id: int, sku: str) -> list[StockLevel]: ...


class RemoteHooks(Protocol):
    """Webhooks registered in Picqer."""

    def list(self) -> Iterator[RemoteHook]: ...

    def create(self, name: str, event: str, address: str, secret: str) -> None: ...

    def deactivate(self, hook_id: int) -> None: ...


class Picqer(Protocol):
    """One Picqer account."""

    @property
    def orders(self) -> RemoteOrders: ...

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
        """Whether Picqer has answered any request so far, refusals included."""
