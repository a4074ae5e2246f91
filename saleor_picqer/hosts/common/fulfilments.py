"""Fulfilling and cancelling orders, under Saleor's own locks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from saleor.order.models import Fulfillment
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine
from saleor.warehouse.models import Stock

from saleor_picqer import extensions
from saleor_picqer.domain.fulfilments import ForeignFulfilment
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.parcels import Parcel, Tracking, shown_parcels
from saleor_picqer.domain.taken_back import EndedFulfilment
from saleor_picqer.errors import DataError
from saleor_picqer.hosts.common.fulfilment_guard import fulfilled_by_plugin
from saleor_picqer.hosts.common.order_reader import OrderReader

# An order that is not confirmed yet may already be in Picqer, so its shipments are recorded too.
OPEN_STATES = frozenset({OrderState.UNCONFIRMED, OrderState.OPEN})
# In every other state, the open lines decide: goods may be left after a partial return, too.
_UNSHIPPED = frozenset({OrderState.DRAFT, OrderState.CANCELLED})
_FULFILLED = "fulfilled"
# Saleor 2.10 has no approval of fulfilments.
_WAITS_FOR_APPROVAL = "waiting_for_approval"
_CANCELLED = "canceled"
# Saleor 2.10 has cancelled fulfilments only.
_TAKEN_BACK = ("returned", "refunded", "refunded_and_returned", "replaced")


class Fulfilments(ABC):
    """Fulfilments of orders, and cancelled orders: implements `sync.ports.shop.ShopFulfilments`."""

    def __init__(self, reader: OrderReader) -> None:
        self._reader = reader

    @transaction.atomic
    def create(
        self,
        order_pk: str,
        warehouse_pk: str | None,
        quantities: Mapping[str, int],
        tracking: Tracking,
        *,
        notify: bool,
    ) -> tuple[str, ...]:
        """Create one fulfilment of the given quantities by line pk and return its pk."""
        # Order, lines, stocks: the sequence in which Saleor locks, so that no deadlock occurs.
        order = _lock(order_pk)
        open_lines = _lock_open_lines(order, quantities)
        if not open_lines:
            return ()
        if self._reader.state(order) in _UNSHIPPED:
            raise DataError(f"the order is {order.status} and cannot be fulfilled")
        lines = _by_warehouse(open_lines, UUID(warehouse_pk) if warehouse_pk else None)
        with fulfilled_by_plugin():
            created = self._create(order, lines, tracking, notify=notify)
        return tuple(str(fulfilment.pk) for fulfilment in created)

    @abstractmethod
    def _create(
        self,
        order: SaleorOrder,
        lines: dict[Any, list[dict[str, Any]]],
        tracking: Tracking,
        *,
        notify: bool,
    ) -> list[Fulfillment]: ...

    def foreign(self, order_pk: str, own: Collection[str]) -> list[ForeignFulfilment]:
        """Return the order's fulfilments of goods, without the given pks."""
        rows = Fulfillment.objects.filter(
            order=order_pk, status__in=[_FULFILLED, _WAITS_FOR_APPROVAL]
        )
        return [
            ForeignFulfilment(str(row.pk), row.fulfillment_order, _quantities(row))
            for row in rows.exclude(pk__in=list(own)).order_by("pk").prefetch_related("lines")
        ]

    def ended(self, order_pk: str) -> list[EndedFulfilment]:
        """Return the order's fulfilments of cancelled and returned goods."""
        rows = Fulfillment.objects.filter(
            order=order_pk, status__in=[_CANCELLED, *_TAKEN_BACK]
        ).order_by("pk")
        return [
            EndedFulfilment(str(row.pk), row.status == _CANCELLED, _quantities(row))
            for row in rows.prefetch_related("lines")
        ]

    @transaction.atomic
    def show(self, pk: str, tracking: Tracking, *, former: str, notify: bool) -> bool:
        """Replace tracking number and public metadata; False for a cancelled fulfilment."""
        rows = Fulfillment.objects.select_for_update(of=("self",)).select_related("order")
        fulfilment = rows.filter(pk=pk).exclude(status=_CANCELLED).first()
        if fulfilment is None:
            return False
        is_new = fulfilment.tracking_number != tracking.text
        # What staff have entered stays.
        replaced = is_new and fulfilment.tracking_number in ("", former)
        if replaced:
            fulfilment.tracking_number = tracking.text
        write_parcels(fulfilment, tracking)
        if replaced:
            self._tell_tracking(fulfilment, notify=notify)
        return True

    @abstractmethod
    def _tell_tracking(self, fulfilment: Fulfillment, *, notify: bool) -> None:
        """Tell Saleor of a new tracking number, and with `notify` the customer."""

    def parcels(self, order_pk: str, using: str = "default") -> tuple[Parcel, ...]:
        """Return the parcels that the order's fulfilments show, in one statement."""
        key = f"{extensions.metadata_prefix()}parcels"
        rows = Fulfillment.objects.using(using).filter(order_id=order_pk).order_by("pk")
        shown = rows.exclude(status="canceled").values_list("metadata", "tracking_number")
        return tuple(
            parcel
            for metadata, text in shown
            for parcel in shown_parcels((metadata or {}).get(key) or "", text)
        )

    def notify(self, pk: str) -> None:
        """Let Saleor send the confirmation of a shipment, unless the fulfilment is cancelled."""
        rows = Fulfillment.objects.select_related("order").exclude(status=_CANCELLED)
        if fulfilment := rows.filter(pk=pk).first():
            self._notify(fulfilment)

    @abstractmethod
    def _notify(self, fulfilment: Fulfillment) -> None: ...

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


def write_parcels(fulfilment: Fulfillment, tracking: Tracking) -> None:
    """Save tracking number and public metadata, without losing other keys."""
    # On the instance too: Saleor's own messages are made from it after the commit.
    values = {extensions.metadata_prefix() + key: text for key, text in tracking.metadata.items()}
    metadata = (fulfilment.metadata or {}) | values
    fulfilment.metadata = {key: text for key, text in metadata.items() if text or key not in values}
    fulfilment.save(update_fields=["tracking_number", "metadata"])


def _quantities(fulfilment: Fulfillment) -> dict[str, int]:
    """Return the quantities by pk of the order line."""
    found: Counter[str] = Counter()
    for line in fulfilment.lines.all():
        found[str(line.order_line_id)] += line.quantity
    return dict(found)


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
