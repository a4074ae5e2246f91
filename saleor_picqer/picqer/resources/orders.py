"""Orders and backorders. An action answers with the order where Picqer sends one, else None."""

from collections.abc import Iterator, Sequence
from typing import TypedDict, Unpack

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
    """Dates are `YYYY-MM-DD HH:MM:SS` and mean the creation; there is no filter on updates."""

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

    def find(self, reference: str) -> Sequence[Order]:
        """Orders with exactly this reference, cancelled ones too, oldest first."""
        exact = (o for o in self.list(reference=reference) if o.reference == reference)
        return sorted(exact, key=lambda order: order.idorder)

    def get(self, idorder: int) -> Order:
        return self._get(Order, f"/orders/{idorder}")

    def create(self, order: OrderCreate) -> Order:
        """A new order in status concept. Sending it twice makes two orders."""
        return self._write(Order, "POST", "/orders", order)

    def update(self, idorder: int, order: OrderUpdate) -> Order | None:
        """Changes header fields, not the lines."""
        return self._act(Order, "PUT", f"/orders/{idorder}", order)

    def cancel(self, idorder: int, *, force: bool = False) -> Order | None:
        """Cancels a concept or expected order; by force any, with its picklists."""
        filters = {"force": True} if force else None
        return self._act(Order, "DELETE", f"/orders/{idorder}", filters=filters)

    def process(self, idorder: int) -> Order | None:
        """Makes picklists and backorders. AlreadyProcessedError if that was done before."""
        return self._action(idorder, "process")

    def allocate(self, idorder: int) -> Order | None:
        """Claims stock softly for a concept order."""
        return self._action(idorder, "allocate")

    def deallocate(self, idorder: int) -> Order | None:
        return self._action(idorder, "deallocate")

    def pause(self, idorder: int, reason: str) -> Order | None:
        body = Reason(reason=reason)
        return self._act(Order, "POST", f"/orders/{idorder}/pause", body)

    def resume(self, idorder: int) -> Order | None:
        return self._action(idorder, "resume")

    def change_to_concept(self, idorder: int) -> Order | None:
        """Expected to concept."""
        return self._action(idorder, "change-to-concept")

    def reopen(self, idorder: int) -> Order | None:
        """Makes a processing order editable again; read it for its new status."""
        return self._action(idorder, "reopen")

    def undo_cancellation(self, idorder: int) -> Order | None:
        return self._action(idorder, "undo-cancellation")

    def process_backorders(self, idorder: int) -> Order | None:
        """Turns its available backorders into a picklist."""
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
        """Only while the order is a concept, as for the other changes of lines."""
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
        """Also cancels the order line."""
        self._send("DELETE", f"/backorders/{idbackorder}")

    def process(self) -> None:
        """Makes picklists of all backorders whose stock is there."""
        self._send("POST", "/backorders/process")
