"""Payments of orders, captured by Saleor's own functions."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from saleor.order.models import Order as SaleorOrder
from saleor.payment import PaymentError, TransactionKind
from saleor.payment.models import Payment

from saleor_picqer.domain.payments import Capture, CaptureState

logger = logging.getLogger(__name__)

NOTHING = Capture(CaptureState.NOTHING)
PENDING = Capture(CaptureState.PENDING)


class Payments(ABC):
    """Payments of the shop's orders: implements `sync.ports.shop.ShopPayments`."""

    # The column of a payment's transaction.
    time_of_creation: ClassVar[str]

    def capture(self, order_pk: str) -> Capture:
        """Capture what is authorised and due of the order; no error is raised."""
        try:
            order = SaleorOrder.objects.get(pk=order_pk)
            return self._capture(order)
        except SaleorOrder.DoesNotExist:
            return NOTHING
        except Exception as error:  # noqa: BLE001 - each gateway raises errors of its own
            # Their texts may contain anything, so only the type is logged.
            name = type(error).__name__
            logger.warning("Capturing the payment of order %s failed: %s", order_pk, name)
            return Capture(CaptureState.UNKNOWN)

    def outcome(self, order_pk: str, since: datetime) -> Capture:
        """Return the outcome of a request made then; PENDING without an answer."""
        order = SaleorOrder.objects.filter(pk=order_pk).first()
        return NOTHING if order is None else self._outcome(order, since)

    def _capture(self, order: SaleorOrder) -> Capture:
        """Capture the last payment, as Saleor's dashboard does."""
        payment = order.get_last_payment()
        amount = min(self._due(order), payment.get_charge_amount()) if payment else Decimal(0)
        if payment is None or amount <= 0 or not (payment.can_capture() and payment.is_authorized):
            return NOTHING
        try:
            captured = self._capture_payment(order, payment, amount)
        except PaymentError as error:
            self._note_failure(order, payment, str(error))
            return Capture(CaptureState.REFUSED, reason=as_sentence(str(error)))
        text = f"{amount} {payment.currency}"
        return Capture(CaptureState.CAPTURED if captured else CaptureState.PENDING, text)

    def _outcome(self, order: SaleorOrder, since: datetime) -> Capture:
        payment = order.get_last_payment()
        if payment is None:
            return PENDING
        kinds = [TransactionKind.CAPTURE, TransactionKind.CONFIRM]
        made_since = {"kind__in": kinds, f"{self.time_of_creation}__gte": since}
        last = payment.transactions.filter(**made_since).last()
        if last is not None and last.is_success and not last.action_required:
            return Capture(CaptureState.CAPTURED, f"{last.amount} {last.currency}")
        return PENDING

    @abstractmethod
    def _due(self, order: SaleorOrder) -> Decimal:
        """Return what the customer has still to pay."""

    @abstractmethod
    def _capture_payment(self, order: SaleorOrder, payment: Payment, amount: Decimal) -> bool:
        """Capture an amount; False where the gateway answers later. Raises PaymentError."""

    @abstractmethod
    def _note_failure(self, order: SaleorOrder, payment: Payment, message: str) -> None:
        """Add Saleor's own event of a failed payment to the order's timeline."""


def as_sentence(text: str) -> str:
    """Return the text of an error as a sentence."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
