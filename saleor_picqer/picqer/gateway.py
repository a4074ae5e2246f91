"""`sync.ports.Picqer` on the client: wire objects in, domain objects out, and the other way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from typing import Any, Final, Protocol

from saleor_picqer.domain.fulfilments import Picklist, RemoteOrder, RemoteStatus
from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.stock import StockLevel, Warehouse
from saleor_picqer.errors import AccountSetupError, AlreadyProcessedError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.hooks import HookCreate
from saleor_picqer.picqer.objects.orders import Order, OrderCreate
from saleor_picqer.picqer.objects.picklists import Picklist as WirePicklist
from saleor_picqer.picqer.objects.picklists import PicklistLine, PicklistStatus
from saleor_picqer.picqer.objects.products import Product, ProductCreate, ProductUpdate, Stock

_COMPARED: Final = ("productcode", "name", "price", "idvatgroup", "active", "weight")
_REMEMBER: Final = 3600
"""Seconds that small lists are remembered."""


class Cache(Protocol):
    """The part of Django's cache that is used here."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any, timeout: int) -> None: ...


class Gateway:
    """One Picqer account, in the domain's terms. `cache` is shared by all processes."""

    def __init__(self, client: PicqerClient, cache: Cache) -> None:
        self._client = client
        self._cache = cache

    # --- orders

    def create_order(self, request: Mapping[str, Any]) -> RemoteOrder:
        return _order(self._client.orders.create(OrderCreate.model_validate(request)))

    def process_order(self, order_id: int) -> None:
        with suppress(AlreadyProcessedError):
            self._client.orders.process(order_id)

    def order(self, order_id: int) -> RemoteOrder:
        return _order(self._client.orders.get(order_id))

    def orders_by_reference(self, reference: str) -> list[RemoteOrder]:
        return [_order(found) for found in self._client.orders.find(reference)]

    def picklist(self, picklist_id: int) -> Picklist:
        """Two requests: the picklist names its lines, its shipments the tracking codes."""
        found = self._client.picklists.get(picklist_id)
        shipments = self._client.picklists.shipments(picklist_id)
        codes = (t.code for s in shipments if not s.cancelled for t in s.tracking)
        return Picklist(
            id=found.idpicklist,
            warehouse_id=found.idwarehouse,
            picked=_picked(found),
            products={
                ln.productcode.strip(): ln.idproduct for ln in _ordered(found) if ln.idproduct
            },
            tracking=tuple(dict.fromkeys(codes)),
        )

    # --- products

    def vat_group(self, percentage: Decimal) -> int:
        """A rate that is not among the remembered ones is looked up again: it may be new."""
        groups = self._cache.get(self._vat_key) or {}
        if percentage not in groups:
            groups = self._read_vat_groups()
            self._cache.set(self._vat_key, groups, _REMEMBER)
        if percentage not in groups:
            rate = f"{percentage.normalize():f} %"
            raise AccountSetupError(f"Picqer has no VAT group of {rate}: add it there")
        return groups[percentage]

    @property
    def _vat_key(self) -> str:
        return f"picqer:{self._client.account.fingerprint}:vatgroups"

    def _read_vat_groups(self) -> dict[Decimal, int]:
        """The first of several groups with one percentage counts."""
        groups: dict[Decimal, int] = {}
        for group in self._client.vatgroups.list():
            groups.setdefault(group.percentage, group.idvatgroup)
        return groups

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
    )


def _status(status: str) -> RemoteStatus:
    try:
        return RemoteStatus(status)
    except ValueError:
        return RemoteStatus.UNKNOWN


def _picked(picklist: WirePicklist) -> dict[str, int]:
    """Picked amounts by SKU."""
    picked: dict[str, int] = {}
    for line in _ordered(picklist):
        sku = line.productcode.strip()
        picked[sku] = picked.get(sku, 0) + line.amount_picked
    return picked


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
