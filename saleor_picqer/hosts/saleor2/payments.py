"""Payments of Saleor 2.10."""

from __future__ import annotations

from decimal import Decimal

from saleor.order import events
from saleor.order.actions import order_captured
from saleor.order.models import Order as SaleorOrder
from saleor.payment import gateway
from saleor.payment.models import Payment

from saleor_picqer.hosts.common.payments import Payments


class Saleor2Payments(Payments):
    time_of_creation = "created"

    def _due(self, order: SaleorOrder) -> Decimal:
        return Decimal(order.total_gross_amount - order.total_captured.amount)

    def _capture_payment(self, order: SaleorOrder, payment: Payment, amount: Decimal) -> bool:
        gateway.capture(payment, amount)
        order_captured(order, None, amount, payment)
        return True

    def _note_failure(self, order: SaleorOrder, payment: Payment, message: str) -> None:
        events.payment_failed_event(order=order, user=None, message=message, payment=payment)
