"""Reading of Saleor 3 orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from saleor.order import OrderAuthorizeStatus, OrderChargeStatus, OrderOrigin, OrderStatus
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine

from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.percentages import percentage_of
from saleor_picqer.domain.shipping import MARK_KEY, Delivery
from saleor_picqer.hosts.common.order_reader import OrderReader

# Every other status is CLOSED.
_STATES: Final = {
    OrderStatus.DRAFT: OrderState.DRAFT,
    OrderStatus.UNCONFIRMED: OrderState.UNCONFIRMED,
    OrderStatus.UNFULFILLED: OrderState.OPEN,
    OrderStatus.PARTIALLY_FULFILLED: OrderState.OPEN,
    # Lines may still be open. Those that were returned count as fulfilled.
    OrderStatus.PARTIALLY_RETURNED: OrderState.OPEN,
    OrderStatus.CANCELED: OrderState.CANCELLED,
    OrderStatus.EXPIRED: OrderState.CANCELLED,
}
_CHARGED: Final = frozenset({OrderChargeStatus.FULL, OrderChargeStatus.OVERCHARGED})
_NEVER_DRAFTED: Final = frozenset({OrderOrigin.CHECKOUT, OrderOrigin.BULK_CREATE})


class Saleor3OrderReader(OrderReader):
    def number(self, order: SaleorOrder) -> str:
        return str(order.number)

    def channel(self, order: SaleorOrder) -> str:
        return str(order.channel_id)

    def version(self, order: SaleorOrder) -> str:
        # An order that expires keeps its time of change, and so does one whose goods come back.
        known = (order.status, order.updated_at.isoformat(), order.last_taken_back)
        return " ".join(str(each) for each in known if each is not None)

    def state(self, order: SaleorOrder) -> OrderState:
        return _STATES.get(order.status, OrderState.CLOSED)

    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        return Delivery(
            method_name=order.shipping_method_name or order.collection_point_name or "",
            method_pk=str(order.shipping_method_id or order.collection_point_id or ""),
            mark=_mark(order) if with_mark else None,
            is_collection=not order.shipping_method_name and bool(order.collection_point_name),
        )

    def _is_paid(self, order: SaleorOrder) -> bool:
        return order.charge_status in _CHARGED or order.total_gross_amount <= 0

    def _is_authorized(self, order: SaleorOrder) -> bool:
        return order.authorize_status == OrderAuthorizeStatus.FULL

    def _was_drafted(self, order: SaleorOrder) -> bool:
        return order.origin not in _NEVER_DRAFTED

    def _created_at(self, order: SaleorOrder) -> datetime:
        return order.created_at

    def _method_metadata(self, order: SaleorOrder) -> Mapping[str, Any]:
        # The order's snapshot wins over the method's current metadata. 3.21 and 3.22 take a
        # snapshot of external methods only, 3.23 of every method.
        method = order.shipping_method or order.collection_point
        current = method.private_metadata if method else None
        return (current or {}) | (order.shipping_method_private_metadata or {})

    def _line_totals(
        self, order: SaleorOrder, lines: Sequence[SaleorOrderLine]
    ) -> Sequence[Decimal]:
        # Saleor itself spreads discounts on the whole order over the lines.
        return [line.total_price_net_amount for line in lines]

    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        return None if line.tax_rate is None else percentage_of(line.tax_rate)


def _mark(order: SaleorOrder) -> str | None:
    """Return the mark of the shipping method, preferring the order's snapshot."""
    mark = mark_in(order.shipping_method_private_metadata)
    # Only now the method itself: reading it may cost a query.
    if mark is None and (method := order.shipping_method or order.collection_point):
        mark = mark_in(method.private_metadata)
    return mark


def mark_in(private_metadata: Mapping[str, Any] | None) -> str | None:
    """Return the mark of a shipping method or collection point; None without a mark."""
    mark = (private_metadata or {}).get(MARK_KEY)
    return None if mark is None else str(mark)
