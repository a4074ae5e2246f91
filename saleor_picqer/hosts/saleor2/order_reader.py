"""Reading of Saleor 2.10 orders: one discount per order, and no snapshots of shipping methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from saleor.order import OrderStatus
from saleor.order.models import Order as SaleorOrder
from saleor.order.models import OrderLine as SaleorOrderLine

from saleor_picqer.domain.mapping.discounts import spread
from saleor_picqer.domain.orders import OrderState
from saleor_picqer.domain.percentages import percentage_of
from saleor_picqer.domain.shipping import Delivery
from saleor_picqer.hosts.common.order_reader import OrderReader
from saleor_picqer.hosts.saleor2.channels import CHANNEL
from saleor_picqer.hosts.saleor2.vouchers import discount_is_on_shipping

# Every other status is CLOSED.
_STATES: Final = {
    OrderStatus.DRAFT: OrderState.DRAFT,
    OrderStatus.UNFULFILLED: OrderState.OPEN,
    OrderStatus.PARTIALLY_FULFILLED: OrderState.OPEN,
    OrderStatus.CANCELED: OrderState.CANCELLED,
}


class Saleor2OrderReader(OrderReader):
    def number(self, order: SaleorOrder) -> str:
        return str(order.pk)

    def channel(self, order: SaleorOrder) -> str:
        return CHANNEL

    def version(self, order: SaleorOrder) -> str:
        # Saleor 2.10 keeps no time of an order's last change, only events.
        return f"{order.status} {order.last_event}"

    def state(self, order: SaleorOrder) -> OrderState:
        return _STATES.get(order.status, OrderState.CLOSED)

    def delivery(self, order: SaleorOrder, *, with_mark: bool) -> Delivery:
        # Orders drafted through the API have a shipping method but not its name.
        method = order.shipping_method_name or getattr(order.shipping_method, "name", "")
        return Delivery(method, method_pk=str(order.shipping_method_id or ""))

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
        # A voucher is stored as one sum that Saleor deducts from the net total, whichever goods
        # it was for; spreading the sum over all lines is the only way to keep the total.
        totals = [line.unit_price_net_amount * line.quantity for line in lines]
        if discount_is_on_shipping(order):
            return totals
        return spread(order.discount_amount, totals)

    def _tax_rate(self, line: SaleorOrderLine) -> Decimal | None:
        # Without a tax plugin every line has a rate of 0, which means unknown, not zero-rated.
        return percentage_of(line.tax_rate) if line.tax_rate else None
