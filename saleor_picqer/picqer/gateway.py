"""`sync.ports.Picqer` on the client: wire objects in, domain objects out, and the other way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from saleor_picqer.domain.fulfilments import (
    Picklist,
    RemoteLine,
    RemoteOrder,
    RemoteStatus,
    by_sku,
)
from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.stock import StockLevel, Warehouse
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.directory import AccountDirectory, Cache
from saleor_picqer.picqer.objects.customers import CustomerCreate
from saleor_picqer.picqer.objects.hooks import HookCreate
from saleor_picqer.picqer.objects.orders import (
    Order,
    OrderCreate,
    OrderLine,
    OrderLineCreate,
    OrderLineUpdate,
    OrderStatus,
    OrderUpdate,
)
from saleor_picqer.picqer.objects.picklists import Picklist as WirePicklist
from saleor_picqer.picqer.objects.picklists import PicklistLine, PicklistStatus
from saleor_picqer.picqer.objects.products import Product, ProductCreate, ProductUpdate, Stock

_COMPARED: Final = ("productcode", "name", "price", "idvatgroup", "active", "weight")


class Gateway:
    """One Picqer account, in the domain's terms. `cache` is shared by all processes."""

    def __init__(self, client: PicqerClient, cache: Cache) -> None:
        self._client = client
        self._directory = AccountDirectory(client, cache)

    @property
    def answered(self) -> bool:
        return self._client.answered

    # --- small lists

    def vat_group(self, percentage: Decimal) -> int:
        return self._directory.vat_group(percentage)

    def shipping_profile(self, name: str) -> int:
        return self._directory.shipping_profile(name)

    def template(self, name: str) -> int:
        return self._directory.template(name)

    def tag(self, title: str) -> int:
        return self._directory.tag(title)

    # --- orders

    def create_order(self, request: Mapping[str, Any]) -> RemoteOrder:
        return _order(self._client.orders.create(OrderCreate.model_validate(request)))

    def process_order(self, order_id: int) -> None:
        self._client.orders.process(order_id)

    def allocate_order(self, order_id: int) -> None:
        self._client.orders.allocate(order_id)

    def cancel_order(self, order_id: int, *, force: bool) -> None:
        self._client.orders.cancel(order_id, force=force)

    def update_order(self, order_id: int, changes: Mapping[str, Any]) -> None:
        self._client.orders.update(order_id, OrderUpdate.model_validate(changes))

    def tag_order(self, order_id: int, title: str) -> None:
        """Raises AccountSetupError when Picqer has no such tag."""
        self._client.orders.add_tag(order_id, self.tag(title))

    def order(self, order_id: int) -> RemoteOrder:
        return _order(self._client.orders.get(order_id))

    def orders_by_reference(self, reference: str) -> list[RemoteOrder]:
        return [_order(found) for found in self._client.orders.find(reference)]

    def order_lines(self, order_id: int) -> list[RemoteLine]:
        return [_line(line) for line in _own_lines(self._client.orders.get(order_id))]

    def add_line(self, order_id: int, line: Mapping[str, Any]) -> None:
        self._client.orders.add_line(order_id, OrderLineCreate.model_validate(line))

    def update_line(self, order_id: int, line_id: int, changes: Mapping[str, Any]) -> None:
        body = OrderLineUpdate.model_validate(changes)
        self._client.orders.update_line(order_id, line_id, body)

    def delete_line(self, order_id: int, line_id: int) -> None:
        self._client.orders.delete_line(order_id, line_id)

    # --- customers

    def customers_by_email(self, email: str) -> list[int]:
        """Picqer's search is fuzzy, so what it finds is compared."""
        wanted = email.strip().casefold()
        found = self._client.customers.list(search=email)
        return [c.idcustomer for c in found if c.emailaddress.strip().casefold() == wanted]

    def create_customer(self, request: Mapping[str, Any]) -> int:
        return self._client.customers.create(CustomerCreate.model_validate(request)).idcustomer

    # --- picklists

    def picklist(self, picklist_id: int) -> Picklist:
        """Two requests: the picklist names its lines, its shipments the tracking codes."""
        found = self._client.picklists.get(picklist_id)
        shipments = self._client.picklists.shipments(picklist_id)
        codes = (t.code for s in shipments if not s.cancelled for t in s.tracking)
        return Picklist(
            id=found.idpicklist,
            warehouse_id=found.idwarehouse,
            picked=by_sku((ln.productcode, ln.amount_picked) for ln in _ordered(found)),
            products={
                ln.productcode.strip(): ln.idproduct for ln in _ordered(found) if ln.idproduct
            },
            tracking=tuple(dict.fromkeys(codes)),
        )

    # --- products

    def products(self) -> Iterator[RemoteProduct]:
        products = self._client.products
        return map(_product, chain(products.list(), products.list(inactive=True)))

    def product_by_code(self, code: str) -> RemoteProduct | None:
        found = self._client.products.find(code)
        return None if found is None else _product(found)

    def create_product(self, request: Mapping[str, Any]) -> RemoteProduct:
        return _product(self._client.products.create(ProductCreate.model_validate(request)))

    def update_product(self, product_id: int, changes: Mapping[str, Any]) -> None:
        self._client.products.update(product_id, ProductUpdate.model_validate(changes))

    # --- stock

    def warehouses(self) -> list[Warehouse]:
        return [
            Warehouse(w.idwarehouse, w.name, w.active, w.accept_orders)
            for w in self._client.warehouses.list()
        ]

    def warehouse_stock(self, warehouse_id: int) -> Iterator[StockLevel]:
        for row in self._client.warehouses.stock(warehouse_id):
            yield from _level(warehouse_id, row.productcode, row.stock)

    def product_stock(self, product_id: int, sku: str) -> list[StockLevel]:
        rows = self._client.products.stock(product_id)
        return [level for row in rows for level in _level(row.idwarehouse, sku, row)]

    # --- hooks

    def hooks(self) -> Iterator[RemoteHook]:
        for hook in self._client.hooks.list():
            yield RemoteHook(hook.idhook, hook.name, hook.event, hook.address, hook.active)

    def create_hook(self, name: str, event: str, address: str, secret: str) -> None:
        hook = {"name": name, "event": event, "address": address, "secret": secret}
        self._client.hooks.create(HookCreate.model_validate(hook))

    def deactivate_hook(self, hook_id: int) -> None:
        self._client.hooks.deactivate(hook_id)


def _order(order: Order) -> RemoteOrder:
    return RemoteOrder(
        id=order.idorder,
        number=order.orderid,
        reference=order.reference,
        status=_status(order.status),
        closed_picklists=tuple(
            picklist.idpicklist
            for picklist in order.picklists
            if picklist.status == PicklistStatus.CLOSED
        ),
        picked=_is_picked(order),
        amounts=by_sku((ln.productcode, _amount(ln)) for ln in _own_lines(order)),
        link=order.public_status_page,
        paused_reason=order.paused_reason,
        addresses={name: value or "" for name, value in _addresses(order)},
    )


def _addresses(order: Order) -> Iterator[tuple[str, str | None]]:
    fields = type(order).model_fields
    return (
        (f, getattr(order, f))
        for f in fields
        if f.startswith(("delivery", "invoice")) and f != "invoiced"
    )


def _is_picked(order: Order) -> bool:
    """An order that does not tell its picklists may have been picked."""
    if "picklists" not in order.model_fields_set:
        return order.status not in (OrderStatus.CONCEPT, OrderStatus.EXPECTED)
    return any(p.totalpicked or p.status == PicklistStatus.CLOSED for p in order.picklists)


def _own_lines(order: Order) -> Iterator[OrderLine]:
    """Without the parts that Picqer adds to a composition."""
    return (line for line in order.products if line.partof_idorder_product is None)


def _line(line: OrderLine) -> RemoteLine:
    return RemoteLine(
        id=line.idorder_product,
        sku=line.productcode.strip(),
        amount=_amount(line),
        price=line.price,
        vat_group=line.idvatgroup,
        remarks=line.remarks,
    )


def _amount(line: OrderLine) -> int:
    return line.amount - line.amount_cancelled


def _status(status: str) -> RemoteStatus:
    try:
        return RemoteStatus(status)
    except ValueError:
        return RemoteStatus.UNKNOWN


def _ordered(picklist: WirePicklist) -> list[PicklistLine]:
    """Without the parts of compositions: those were never ordered, their parent was."""
    return [line for line in picklist.products if line.partof_idpicklist_product is None]


def _product(product: Product) -> RemoteProduct:
    return RemoteProduct(
        id=product.idproduct,
        code=product.productcode.strip(),
        active=product.active,
        fields={name: getattr(product, name) for name in _COMPARED},
    )


def _level(warehouse_id: int, sku: str, stock: Stock) -> Iterator[StockLevel]:
    """A number that Picqer left out is not zero: such a row says nothing."""
    if stock.freestock is not None:
        yield StockLevel(warehouse_id, sku.strip(), stock.freestock)
