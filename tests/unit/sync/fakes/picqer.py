"""The port to Picqer on an account in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from saleor_picqer.domain.batches import Page
from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.mapping.customers import CustomerRequest
from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.line_changes import LineChange
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.products import ProductChanges, ProductRequest
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.parcels import ListedShipment, Parcel, Shipment
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.remote_orders import RemoteLine, RemoteOrder, RemotePicklist, RemoteStatus
from saleor_picqer.domain.stock import RemoteWarehouse
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

TOPICS: Final = frozenset(
    {
        "orders",
        "order_pages",
        "picklists",
        "lines",
        "customers",
        "products",
        "stock",
        "hooks",
    }
)
FREE: Final = frozenset({"reference", "answered", "requests"})


class Topic:
    """A topic of the account."""

    def __init__(self, picqer: FakePicqer) -> None:
        self.picqer = picqer

    @property
    def account(self) -> Account:
        return self.picqer.account


class FakeReference:
    """`domain.mapping.inputs.ReferenceData`, which costs no request."""

    def vat_group(self, percentage: Decimal) -> int:
        return int(percentage) + 300

    def shipping_profile(self, name: str) -> int:
        return int(name)

    def template(self, name: str) -> int:
        return int(name)


class FakeOrders(Topic):
    """`sync.ports.picqer.RemoteOrders`."""

    def create(self, request: OrderRequest) -> RemoteOrder:
        body = request.body
        header = {name: value for name, value in body.items() if name != "products"}
        if not body["products"]:
            raise refusal(InvalidRequestError, 13)
        if header.get("idcustomer", 0) not in {0, *self.account.customers}:
            raise refusal(UnknownCustomerError, 25)
        return _remote(self.account.enter(header, body["products"]))

    def update(self, order_id: int, changes: HeaderChanges) -> None:
        order = self.account.order(order_id)
        locked = self.picqer.header_is_locked and order.status not in UNPROCESSED
        if locked or order.status in ENDED:
            raise refusal(WrongStatusError, 30)
        order.header |= changes.body

    def tag(self, order_id: int, title: str) -> None:
        if title not in self.account.tags:
            raise AccountSetupError(f'Picqer has no tag "{title}". Add it in Picqer.')
        self.account.order(order_id).tags.append(title)

    def allocate(self, order_id: int) -> RemoteOrder | None:
        if not self.picqer.may_allocate:
            raise refusal(AccessDeniedError, status=403)
        order = self._unprocessed(order_id)
        order.allocated = True
        return self._answer(order)

    def process(self, order_id: int) -> RemoteOrder | None:
        order = self._unprocessed(order_id)
        if not order.lines:
            raise refusal(InvalidRequestError, 13)
        self.account.process(order)
        return self._answer(order)

    def cancel(self, order_id: int, *, force: bool) -> None:
        order = self.account.order(order_id)
        if order.status is RemoteStatus.CANCELLED or not (force or order.status in UNPROCESSED):
            raise refusal(WrongStatusError, 21)
        self.account.move(order, RemoteStatus.CANCELLED)

    def get(self, order_id: int) -> RemoteOrder:
        return _remote(self.account.order(order_id))

    def find(self, reference: str) -> list[RemoteOrder]:
        orders = sorted(self.account.orders.values(), key=lambda order: order.id)
        return [_remote(order) for order in orders if order.reference == reference]

    def _answer(self, order: StoredOrder) -> RemoteOrder | None:
        return _remote(order) if self.picqer.answers_with_order else None

    def _unprocessed(self, order_id: int) -> StoredOrder:
        order = self.account.order(order_id)
        if order.status in (RemoteStatus.PROCESSING, RemoteStatus.COMPLETED):
            raise refusal(AlreadyProcessedError, 32)
        if order.status not in UNPROCESSED:
            raise refusal(WrongStatusError, 21)
        return order


class FakePicklists(Topic):
    """`sync.ports.picqer.RemotePicklists`."""

    def get(self, picklist_id: int) -> RemotePicklist:
        for order in self.account.orders.values():
            for picklist in order.picklists:
                if picklist.id == picklist_id:
                    picked, shipments = dict(picklist.picked), self.shipments(picklist_id)
                    return RemotePicklist(
                        picklist_id, 18, picked, shipments=shipments, products=_products(order)
                    )
        raise refusal(NotFoundError, 20)

    def shipments(self, picklist_id: int) -> tuple[Shipment, ...]:
        found = sorted(self.account.shipments.get(picklist_id, {}).items())
        return tuple(Shipment(id_, tuple(map(_parcel, codes))) for id_, codes in found)

    def shipments_since(self, moment: datetime, offset: int) -> Page[ListedShipment]:
        listed = [
            ListedShipment(picklist_id, shipment)
            for picklist_id in self.account.shipments
            for shipment in self.shipments(picklist_id)
        ]
        return Page(listed[offset:])


class FakeLines(Topic):
    """`sync.ports.picqer.RemoteLines`."""

    def list(self, order_id: int) -> Sequence[RemoteLine]:
        return [_remote_line(line) for line in self.account.order(order_id).lines]

    def add(self, order_id: int, line: LineRequest) -> None:
        if line.product_id is None:
            raise refusal(InvalidRequestError, 23)
        self._editable(order_id).lines.append(self.account.line(line.body))

    def update(self, order_id: int, line_id: int, change: LineChange) -> None:
        line = self._line(order_id, line_id)
        for name, value in change.body.items():
            setattr(line, name, value)

    def delete(self, order_id: int, line_id: int) -> None:
        line = self._line(order_id, line_id)
        self.account.order(order_id).lines.remove(line)

    def _line(self, order_id: int, line_id: int) -> StoredLine:
        lines = [line for line in self._editable(order_id).lines if line.id == line_id]
        if not lines:
            raise refusal(NotFoundError, 20)
        return lines[0]

    def _editable(self, order_id: int) -> StoredOrder:
        order = self.account.order(order_id)
        if order.status not in UNPROCESSED:
            raise refusal(WrongStatusError, 33)
        # A changed line ends the allocation.
        order.allocated = False
        return order


class FakeOrderPages(Topic):
    """`sync.ports.picqer.RemoteOrderPages`, two orders on a page."""

    def page(self, status: str, first: int, last: int | None, offset: int) -> Page[RemoteOrder]:
        orders = [
            _remote(order)
            for order in self.account.orders.values()
            if order.status == status and first <= order.id <= (last or order.id)
        ]
        some, left = orders[offset : offset + PAGE], orders[offset + PAGE :]
        return Page(some, offset + PAGE if left else None)


class FakeCustomers(Topic):
    """`sync.ports.picqer.RemoteCustomers`."""

    def find(self, email: str) -> list[int]:
        wanted = email.strip().casefold()
        found = self.account.customers.items()
        return [idcustomer for idcustomer, own in found if own.strip().casefold() == wanted]

    def create(self, customer: CustomerRequest) -> int:
        return self.account.add_customer(customer.email)


# Objects on a page.
PAGE: Final = 2


class FakeProducts(Topic):
    """`sync.ports.picqer.RemoteProducts`."""

    def page(self, offset: int, *, active: bool) -> Page[RemoteProduct]:
        codes = [
            code for code in self.account.products if active != (code in self.account.inactive)
        ]
        some, left = codes[offset : offset + PAGE], codes[offset + PAGE :]
        return Page(list(map(self._product, some)), offset + PAGE if left else None)

    def find(self, code: str) -> RemoteProduct | None:
        return self._product(code) if code in self.account.products else None

    def create(self, product: ProductRequest) -> RemoteProduct:
        code = product.code
        if code in self.account.products:
            raise refusal(InvalidRequestError, 5)
        self.account.add_product(code)
        return self._product(code)

    def find_id(self, product_id: int) -> RemoteProduct | None:
        codes = [code for code, known in self.account.products.items() if known == product_id]
        return self._product(codes[0]) if codes else None

    def update(self, product_id: int, changes: ProductChanges) -> RemoteProduct:
        """Change nothing: no test reads the product."""
        found = self.find_id(product_id)
        assert found
        return found

    def add_image(self, product_id: int, image: bytes) -> None:
        """Do nothing: no test reads the image."""

    def _product(self, code: str) -> RemoteProduct:
        active = code not in self.account.inactive
        return RemoteProduct(self.account.products[code], code, active)


class FakeStock(Topic):
    """`sync.ports.picqer.RemoteStock`."""

    def warehouses(self) -> list[RemoteWarehouse]:
        return []

    def of_products(self, product_ids: Sequence[int]) -> list[RemoteProduct]:
        return []


class FakeHooks(Topic):
    """`sync.ports.picqer.RemoteHooks`. Without `may_reactivate`, an account refuses to."""

    def __init__(self, picqer: FakePicqer) -> None:
        super().__init__(picqer)
        self.stored: dict[int, RemoteHook] = {}
        self.may_reactivate = True

    def list(self) -> Iterator[RemoteHook]:
        return iter([*self.stored.values()])

    def create(self, name: str, event: str, address: str, secret: str) -> int:
        if any(h.active and (h.event, h.address) == (event, address) for h in self.list()):
            raise refusal(InvalidRequestError, 5)
        hook_id = len(self.stored) + 1
        self.stored[hook_id] = RemoteHook(hook_id, name, event, address, active=True)
        return hook_id

    def deactivate(self, hook_id: int) -> None:
        self.stored[hook_id] = replace(self.stored[hook_id], active=False)

    def reactivate(self, hook_id: int) -> bool:
        if not self.may_reactivate:
            raise refusal(NotFoundError, status=404)
        self.stored[hook_id] = replace(self.stored[hook_id], active=True)
        return True


class FakePicqer:
    """`sync.ports.Picqer`, which refuses requests with the same errors as Picqer.

    Accounts differ in `may_allocate` and `header_is_locked`. What Picqer answers to an action is
    not documented: the order or, without `answers_with_order`, nothing.
    """

    answered = True
    requests = 0

    def __init__(self, account: Account) -> None:
        self.account = account
        self.may_allocate = True
        self.header_is_locked = False
        self.answers_with_order = True
        self.reference = FakeReference()
        self.orders = FakeOrders(self)
        self.order_pages = FakeOrderPages(self)
        self.picklists = FakePicklists(self)
        self.lines = FakeLines(self)
        self.customers = FakeCustomers(self)
        self.products = FakeProducts(self)
        self.stock = FakeStock(self)
        self.hooks = FakeHooks(self)


def refusal(
    error: type[PicqerApiError], code: int | None = None, *, status: int = 400
) -> PicqerApiError:
    return error("POST", "/", status=status, code=code)


def _parcel(code: str) -> Parcel:
    return Parcel("PostNL", code, f"https://t.example/{code}")


def _remote(order: StoredOrder) -> RemoteOrder:
    return RemoteOrder(
        id=order.id,
        number=order.number,
        reference=order.reference,
        status=order.status,
        closed_picklists=tuple(picklist.id for picklist in order.picklists),
        picked=order.picked,
        amounts=order.goods,
        products=_products(order),
        status_page=f"https://example.picqer.test/s/{order.id}",
        paused_reason=order.paused_reason if order.status is RemoteStatus.PAUSED else "",
        contact={
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
        product_id=line.idproduct,
    )


def _products(order: StoredOrder) -> dict[str, int]:
    return {line.productcode: line.idproduct for line in order.lines}
