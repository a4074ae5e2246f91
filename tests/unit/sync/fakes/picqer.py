"""Picqer's API as the use cases see it, on an account in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from saleor_picqer.domain.fulfilments import Picklist, RemoteLine, RemoteOrder, RemoteStatus
from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.stock import StockLevel, Warehouse
from saleor_picqer.errors import (
    AccessDeniedError,
    AccountSetupError,
    AlreadyProcessedError,
    InvalidRequestError,
    NotFoundError,
    PicqerApiError,
    UnknownCustomerError,
    WrongStatusError,
)
from tests.unit.sync.fakes.account import (
    ENDED,
    UNPROCESSED,
    Account,
    StoredLine,
    StoredOrder,
)

DIRECTORY: Final = frozenset({"vat_group", "shipping_profile", "template"})
"""Look-ups in small lists, which are remembered: no requests."""


class FakePicqer:
    """`sync.ports.Picqer`. Refuses what Picqer refuses, with the same errors.

    `may_allocate` and `header_is_locked` are what accounts differ in.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.may_allocate = True
        self.header_is_locked = False

    # --- small lists

    def vat_group(self, percentage: Decimal) -> int:
        return int(percentage) + 300

    def shipping_profile(self, name: str) -> int:
        return int(name)

    def template(self, name: str) -> int:
        return int(name)

    # --- orders

    def create_order(self, request: Mapping[str, Any]) -> RemoteOrder:
        header = {name: value for name, value in request.items() if name != "products"}
        if not request["products"]:
            raise refusal(InvalidRequestError, 13)
        if header.get("idcustomer", 0) not in {0, *self.account.customers}:
            raise refusal(UnknownCustomerError, 25)
        return _remote(self.account.enter(header, request["products"]))

    def update_order(self, order_id: int, changes: Mapping[str, Any]) -> None:
        order = self.account.order(order_id)
        locked = self.header_is_locked and order.status not in UNPROCESSED
        if locked or order.status in ENDED:
            raise refusal(WrongStatusError, 30)
        order.header |= changes

    def tag_order(self, order_id: int, title: str) -> None:
        if title not in self.account.tags:
            raise AccountSetupError(f'Picqer has no tag "{title}": add it there')
        self.account.order(order_id).tags.append(title)

    def allocate_order(self, order_id: int) -> None:
        if not self.may_allocate:
            raise refusal(AccessDeniedError, status=403)
        self._unprocessed(order_id).allocated = True

    def process_order(self, order_id: int) -> None:
        order = self._unprocessed(order_id)
        if not order.lines:
            raise refusal(InvalidRequestError, 13)
        self.account.process(order)

    def cancel_order(self, order_id: int, *, force: bool) -> None:
        order = self.account.order(order_id)
        if order.status is RemoteStatus.CANCELLED or not (force or order.status in UNPROCESSED):
            raise refusal(WrongStatusError, 21)
        self.account.move(order, RemoteStatus.CANCELLED)

    def order(self, order_id: int) -> RemoteOrder:
        return _remote(self.account.order(order_id))

    def orders_by_reference(self, reference: str) -> list[RemoteOrder]:
        orders = sorted(self.account.orders.values(), key=lambda order: order.id)
        return [_remote(order) for order in orders if order.reference == reference]

    def _unprocessed(self, order_id: int) -> StoredOrder:
        order = self.account.order(order_id)
        if order.status in (RemoteStatus.PROCESSING, RemoteStatus.COMPLETED):
            raise refusal(AlreadyProcessedError, 32)
        if order.status not in UNPROCESSED:
            raise refusal(WrongStatusError, 21)
        return order

    # --- lines

    def order_lines(self, order_id: int) -> list[RemoteLine]:
        return [_remote_line(line) for line in self.account.order(order_id).lines]

    def add_line(self, order_id: int, line: Mapping[str, Any]) -> None:
        if "idproduct" not in line:
            raise refusal(InvalidRequestError, 23)
        self._editable(order_id).lines.append(self.account.line(line))

    def update_line(self, order_id: int, line_id: int, changes: Mapping[str, Any]) -> None:
        line = self._line(order_id, line_id)
        for name, value in changes.items():
            setattr(line, name, value)

    def delete_line(self, order_id: int, line_id: int) -> None:
        line = self._line(order_id, line_id)
        self.account.order(order_id).lines.remove(line)

    def _line(self, order_id: int, line_id: int) -> StoredLine:
        lines = [line for line in self._editable(order_id).lines if line.id == line_id]
        if not lines:
            raise refusal(NotFoundError, 20)
        return lines[0]

    def _editable(self, order_id: int) -> StoredOrder:
        """Changing what is ordered gives back what was allocated for it."""
        order = self.account.order(order_id)
        if order.status not in UNPROCESSED:
            raise refusal(WrongStatusError, 33)
        order.allocated = False
        return order

    # --- customers

    def customers_by_email(self, email: str) -> list[int]:
        wanted = email.strip().casefold()
        found = self.account.customers.items()
        return [idcustomer for idcustomer, own in found if own.strip().casefold() == wanted]

    def create_customer(self, request: Mapping[str, Any]) -> int:
        return self.account.add_customer(request["emailaddress"])

    # --- picklists

    def picklist(self, picklist_id: int) -> Picklist:
        for order in self.account.orders.values():
            for picklist in order.picklists:
                if picklist.id == picklist_id:
                    return Picklist(
                        picklist_id, 18, dict(picklist.picked), tracking=(f"3S{picklist_id}",)
                    )
        raise refusal(NotFoundError, 20)

    # --- products and stock

    def products(self) -> Iterator[RemoteProduct]:
        return map(self._product, self.account.products)

    def product_by_code(self, code: str) -> RemoteProduct | None:
        return self._product(code) if code in self.account.products else None

    def create_product(self, request: Mapping[str, Any]) -> RemoteProduct:
        """A code can be there only once."""
        code = request["productcode"]
        if code in self.account.products:
            raise refusal(InvalidRequestError, 5)
        self.account.add_product(code)
        return self._product(code)

    def update_product(self, product_id: int, changes: Mapping[str, Any]) -> None:
        """Products are not what these tests are about."""

    def _product(self, code: str) -> RemoteProduct:
        active = code not in self.account.inactive
        return RemoteProduct(self.account.products[code], code, active, {})

    def warehouses(self) -> list[Warehouse]:
        return []

    def warehouse_stock(self, warehouse_id: int) -> Iterator[StockLevel]:
        return iter(())

    def product_stock(self, product_id: int, sku: str) -> list[StockLevel]:
        return []

    # --- webhooks

    def hooks(self) -> Iterator[RemoteHook]:
        return iter(())

    def create_hook(self, name: str, event: str, address: str, secret: str) -> None:
        """Webhooks are not what these tests are about."""

    def deactivate_hook(self, hook_id: int) -> None:
        """Webhooks are not what these tests are about."""


def refusal(
    error: type[PicqerApiError], code: int | None = None, *, status: int = 400
) -> PicqerApiError:
    return error("POST", "/", status=status, code=code)


def _remote(order: StoredOrder) -> RemoteOrder:
    return RemoteOrder(
        id=order.id,
        number=order.number,
        reference=order.reference,
        status=order.status,
        closed_picklists=tuple(picklist.id for picklist in order.picklists),
        picked=order.picked,
        amounts=order.goods,
        link=f"https://example.picqer.test/s/{order.id}",
        paused_reason=order.paused_reason if order.status is RemoteStatus.PAUSED else "",
        addresses={
            name: value or ""
            for name, value in order.header.items()
            if name.startswith(("delivery", "invoice"))
        },
    )


def _remote_line(line: StoredLine) -> RemoteLine:
    return RemoteLine(
        id=line.id,
        sku=line.productcode,
        amount=line.amount,
        price=line.price,
        vat_group=line.idvatgroup,
        remarks=line.remarks,
    )
