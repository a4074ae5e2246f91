"""Fulfilling and cancelling orders, under Saleor's own locks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.warehouse.models import Stock

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.errors import DataError
from saleor_picqer.hosts.common.fulfilment_guard import fulfilled_by_plugin
from saleor_picqer.hosts.common.order_reader import OrderReader

# An order that is not confirmed yet may already be in Picqer, so its shipments are recorded too.
OPEN_STATES = frozenset({OrderState.UNCONFIRMED, OrderState.OPEN})


class Fulfilments(ABC):
    """Fulfils and cancels orders."""

    def __init__(self, reader: OrderReader) -> None:
        self._reader = reader

    @transaction.atomic
    def fulfil(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        *,
        tracking: str,
        notify: bool,
    ) -> str | None:
        """Create one fulfilment of the given quantities by line pk and return its pk."""
        # Order, lines, stocks: the sequence in which Saleor locks, so that no deadlock occurs.
        order = _lock(order_pk)
        open_lines = _lock_open_lines(order, quantities)
        if not open_lines:
            return None
        if self._reader.state(order) not in OPEN_STATES:
            raise DataError(f"the order is {order.status} and cannot be fulfilled")
        lines = _by_warehouse(open_lines, UUID(warehouse_pk) if warehouse_pk else None)
        with fulfilled_by_plugin():
            return self._create(order, lines, tracking=tracking, notify=notify)

    @abstractmethod
    def _create(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        *,
        tracking: str,
        notify: bool,
    ) -> str: ...

    @transaction.atomic
    def cancel(self, order_pk: str) -> bool:
        """Cancel the order and release its stock; False where Saleor refuses."""
        order = _lock(order_pk)
        if self._reader.state(order) is OrderState.CANCELLED:
            return True
        if not order.can_cancel():
            return False
        self._cancel(order)
        return True

    @abstractmethod
    def _cancel(self, order: SaleorOrder) -> None: ...


def _lock(order_pk: str) -> SaleorOrder:
    return SaleorOrder.objects.select_for_update(of=("self",)).get(pk=order_pk)


def _lock_open_lines(
    order: SaleorOrder, quantities: Mapping[str, int]
) -> list[tuple[SaleorOrderLine, int]]:
    lines = order.lines.order_by("pk").select_for_update(of=("self",))
    requested = (
        (line, min(quantities[str(line.pk)], line.quantity_unfulfilled))
        for line in lines.filter(pk__in=list(quantities))
    )
    return [(line, amount) for line, amount in requested if amount > 0]


def _by_warehouse(
    lines: list[tuple[SaleorOrderLine, int]], warehouse_pk: UUID | None
) -> dict[Any, list[dict[str, Any]]]:
    """Return the argument of Saleor's `create_fulfillments`.

    That is warehouse pk -> [{"order_line": line, "quantity": amount}].
    """
    grouped: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for line, amount in lines:
        grouped[warehouse_pk or _warehouse_of(line)].append(
            {"order_line": line, "quantity": amount}
        )
    return dict(grouped)


def _warehouse_of(line: SaleorOrderLine) -> Any:
    """Return the warehouse of the line's allocation, else any warehouse with the product."""
    allocated = Stock.objects.filter(allocations__order_line=line).order_by(
        "-allocations__quantity_allocated", "pk"
    )
    stocked = Stock.objects.filter(product_variant_id=line.variant_id).order_by("-quantity", "pk")
    stock = allocated.first() or stocked.first()
    if stock is None:
        raise DataError(f'no warehouse has SKU "{line.product_sku}"')
    return stock.warehouse_id
