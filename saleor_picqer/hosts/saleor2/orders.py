"""Orders of Saleor 2.10, which keep a discount on the order in one sum and have no snapshots."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from saleor.discount import VoucherType
from saleor.order import OrderEvents, OrderStatus, events
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderEvent
from saleor.order.models import OrderLine as SaleorOrderLine

from saleor_picqer import extensions
from saleor_picqer.domain.mapping.discounts import spread
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.percentages import percentage_of
from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.hosts.common.orders import (
    OPEN_STATES,
    HostOrders,
    in_chunks,
    with_lines,
)

CHANNEL: Final = "default"
"""Slug of the implicit channel."""

_STATES: Final = {
    OrderStatus.DRAFT: OrderState.DRAFT,
    OrderStatus.UNFULFILLED: OrderState.OPEN,
    OrderStatus.PARTIALLY_FULFILLED: OrderState.OPEN,
    OrderStatus.CANCELED: OrderState.CANCELLED,
}
_OPEN: Final = [status for status, state in _STATES.items() if state in OPEN_STATES]


class Saleor2Orders(HostOrders):
    # --- one order

    def _load_order(self, pk: str) -> SaleorOrder | None:
        orders = _with_delivery("user", "voucher", "billing_address", "shipping_address")
        return with_lines(orders).filter(pk=pk).first()

    def _order_number(self, order: SaleorOrder) -> str:
        return str(order.pk)

    def channel_slug(self, order: SaleorOrder) -> str:
        return CHANNEL

    def state(self, order: SaleorOrder) -> OrderState:
        return _STATES.get(order.status, OrderState.CLOSED)

    def _is_paid(self, order: SaleorOrder) -> bool:
        return bool(order.is_fully_paid())

    def _is_authorized(self, order: SaleorOrder) -> bool:
        return bool(order.is_pre_authorized())

    def _was_drafted(self, order: SaleorOrder) -> bool:
        return not order.checkout_token

    def _created_at(self, order: SaleorOrder) -> datetime:
        return order.created

    def _method_metadata(self, order: SaleorOrder) -> Mapping[str, Any]:
        return {}

    def _line_totals(
        self, order: SaleorOrder, lines: Sequence[SaleorOrderLine]
    ) -> Sequence[Decimal]:
        """A voucher's sum, on whatever of the goods it is, is spread over all of them.

        Saleor takes it off the net total as it is, and so do we.
        """
        totals = [line.unit_price_net_amount * line.quantity for line in lines]
        on_shipping = order.voucher is not None and order.voucher.type == VoucherType.SHIPPING
        return totals if on_shipping else spread(order.discount_amount, totals)

    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        """Without a tax plugin every line says 0: that means unknown, not zero-rated."""
        return percentage_of(line.tax_rate) if line.tax_rate else None

    # --- which orders there are

    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        """Orders drafted through the API have the method but not its name."""
        method = order.shipping_method_name or getattr(order.shipping_method, "name", "")
        return Delivery(method)

    def modified_since(self, channel: str, since: datetime) -> Iterator[SaleorOrder]:
        """Orders know no time of their last change here: those that were placed since then."""
        completed = OrderEvent.objects.filter(
            order=OuterRef("pk"), type=OrderEvents.PLACED_FROM_DRAFT, date__gte=since
        )
        rows = _with_delivery().filter(
            Q(created__gte=since) | Q(Exists(completed)), status__in=_OPEN
        )
        return in_chunks(rows.order_by("pk"), lambda last: Q(pk__gt=last.pk))

    def with_delivery(self, pks: Collection[Any]) -> list[SaleorOrder]:
        return list(_with_delivery().filter(pk__in=list(pks)))

    def find(self, numbers: Collection[str], using: str = "default") -> dict[str, str]:
        """Here an order's number is its primary key."""
        possible = [number for number in numbers if number.isdecimal() and len(number) < 10]
        rows = SaleorOrder.objects.using(using).filter(pk__in=possible)
        return {str(pk): str(pk) for pk in rows.values_list("pk", flat=True)}

    def numbers(self, pks: Collection[str], using: str = "default") -> dict[str, str]:
        return self.find(pks, using)

    # --- what is written on it

    @transaction.atomic
    def write_metadata(self, order_pk: str, values: Mapping[str, str]) -> None:
        """Under a lock on the row: the column can only be written whole here."""
        order = SaleorOrder.objects.select_for_update(of=("self",)).filter(pk=order_pk).first()
        if order is None:
            return
        prefix = extensions.metadata_prefix()
        changed = {prefix + key: value for key, value in values.items()}
        metadata = (order.private_metadata or {}) | changed
        order.private_metadata = {
            key: value for key, value in metadata.items() if value or key not in changed
        }
        order.save(update_fields=["private_metadata"])

    def add_note(self, order_pk: str, message: str) -> None:
        order = SaleorOrder.objects.get(pk=order_pk)
        events.order_note_added_event(order=order, user=None, message=message)


def _with_delivery(*relations: str) -> QuerySet[SaleorOrder]:
    """Orders with what `delivery` reads."""
    return SaleorOrder.objects.select_related("shipping_method", *relations)
