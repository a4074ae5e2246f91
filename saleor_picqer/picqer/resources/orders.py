"""Orders and backorders. An action returns the order, or None where Picqer sends none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict, Unpack

from saleor_picqer.domain.batches import Page
from saleor_picqer.picqer.objects.orders import (
    Backorder,
    Order,
    OrderCreate,
    OrderLine,
    OrderLineCreate,
    OrderLineUpdate,
    OrderUpdate,
    ProductStatus,
    Reason,
)
from saleor_picqer.picqer.resources.attached import WithTags
from saleor_picqer.picqer.resources.base import Resource


class OrderFilters(TypedDict, total=False):
    """Filters of the list. Dates are `YYYY-MM-DD HH:MM:SS` and mean the creation."""

    search: str
    sinceid: int
    beforeid: int
    sincedate: str
    untildate: str
    status: str
    reference: str
    emailaddress: str
    idcustomer: int
    idwarehouse: int
    idfulfilment_customer: int
    orderid: str
    tag: str


class OrdersResource(WithTags):
    _path = "/orders"

    def list(self, **filters: Unpack[OrderFilters]) -> Iterator[Order]:
        return self._list(Order, "/orders", filters)

    def page(self, offset: int, **filters: Unpack[OrderFilters]) -> Page[Order]:
        return self._page(Order, "/orders", offset, filters)

    def find(self, reference: str) -> Sequence[Order]:
        """Return orders with exactly the given reference, also cancelled orders, oldest first."""
        exact = (o for o in self.list(reference=reference) if o.reference == reference)
        return sorted(exact, key=lambda order: order.idorder)

    def get(self, idorder: int) -> Order:
        return self._get(Order, f"/orders/{idorder}")

    def create(self, order: OrderCreate) -> Order:
        """Create an order in status concept. Sending a body twice creates two orders."""
        return self._write(Order, "POST", "/orders", order)

    def update(self, idorder: int, order: OrderUpdate) -> Order | None:
        """Change header fields; lines have other methods."""
        return self._act(Order, "PUT", f"/orders/{idorder}", order)

    def cancel(self, idorder: int, *, force: bool = False) -> Order | None:
        """Cancel a concept or expected order; with `force` any order, with all picklists."""
        filters = {"force": True} if force else None
        return self._act(Order, "DELETE", f"/orders/{idorder}", filters=filters)

    def process(self, idorder: int) -> Order | None:
        """Create picklists and backorders. Raises AlreadyProcessedError for the second time."""
        return self._action(idorder, "process")

    def allocate(self, idorder: int) -> Order | None:
        """Reserve stock for a concept order."""
        return self._action(idorder, "allocate")

    def deallocate(self, idorder: int) -> Order | None:
        return self._action(idorder, "deallocate")

    def pause(self, idorder: int, reason: str) -> Order | None:
        body = Reason(reason=reason)
        return self._act(Order, "POST", f"/orders/{idorder}/pause", body)

    def resume(self, idorder: int) -> Order | None:
        return self._action(idorder, "resume")

    def change_to_concept(self, idorder: int) -> Order | None:
        """Turn an expected order into a concept."""
        return self._action(idorder, "change-to-concept")

    def reopen(self, idorder: int) -> Order | None:
        """Make a processing order editable again; read the order for the new status."""
        return self._action(idorder, "reopen")

    def undo_cancellation(self, idorder: int) -> Order | None:
        return self._action(idorder, "undo-cancellation")

    def process_backorders(self, idorder: int) -> Order | None:
        """Turn the order's available backorders into a picklist."""
        return self._action(idorder, "process-backorders")

    def _action(self, idorder: int, action: str) -> Order | None:
        return self._act(Order, "POST", f"/orders/{idorder}/{action}")

    def product_status(self, idorder: int) -> ProductStatus:
        return self._get(ProductStatus, f"/orders/{idorder}/productstatus")

    def backorders(self, idorder: int) -> Iterator[Backorder]:
        return self._list(Backorder, f"/orders/{idorder}/backorders")

    def lines(self, idorder: int) -> Iterator[OrderLine]:
        return self._list(OrderLine, f"/orders/{idorder}/products")

    def get_line(self, idorder: int, idorder_product: int) -> OrderLine:
        return self._get(OrderLine, f"/orders/{idorder}/products/{idorder_product}")

    def add_line(self, idorder: int, line: OrderLineCreate) -> OrderLine | None:
        """Add a line. Lines can be changed only while the order is a concept."""
        return self._act(OrderLine, "POST", f"/orders/{idorder}/products", line)

    def update_line(
        self, idorder: int, idorder_product: int, line: OrderLineUpdate
    ) -> OrderLine | None:
        return self._act(OrderLine, "PUT", f"/orders/{idorder}/products/{idorder_product}", line)

    def delete_line(self, idorder: int, idorder_product: int) -> None:
        self._send("DELETE", f"/orders/{idorder}/products/{idorder_product}")


class BackorderFilters(TypedDict, total=False):
    idorder: int
    idproduct: int
    idcustomer: int
    sinceid: int
    sincedate: str


class BackordersResource(Resource):
    def list(self, **filters: Unpack[BackorderFilters]) -> Iterator[Backorder]:
        return self._list(Backorder, "/backorders", filters)

    def get(self, idbackorder: int) -> Backorder:
        return self._get(Backorder, f"/backorders/{idbackorder}")

    def delete(self, idbackorder: int) -> None:
        """Delete a backorder, which also cancels the order line."""
        self._send("DELETE", f"/backorders/{idbackorder}")

    def process(self) -> None:
        """Create picklists from all backorders with stock."""
        self._send("POST", "/backorders/process")
