"""Payments of Saleor 3: of plugins, and transactions of payment apps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from saleor.order import events
from saleor.order.actions import order_charged
from saleor.order.fetch import fetch_order_info
from saleor.order.models import Order as SaleorOrder
from saleor.payment import PaymentError, TransactionEventType, TransactionKind, gateway
from saleor.payment.models import Payment, TransactionEvent, TransactionItem
from saleor.plugins.manager import get_plugins_manager

from saleor_picqer.domain.payments import Capture, CaptureState
from saleor_picqer.hosts.common.payments import NOTHING, PENDING, Payments, as_sentence
from saleor_picqer.hosts.saleor3.apps import current_app


class Saleor3Payments(Payments):
    time_of_creation = "created_at"

    def _capture(self, order: SaleorOrder) -> Capture:
        items = list(order.payment_transactions.order_by("pk"))
        return _charge(order, self._due(order), items) if items else super()._capture(order)

    def _outcome(self, order: SaleorOrder, since: datetime) -> Capture:
        items = TransactionItem.objects.filter(order=order)
        if not items.exists():
            return super()._outcome(order, since)
        answers = TransactionEvent.objects.filter(
            transaction__in=items,
            created_at__gte=since,
            type__in=[TransactionEventType.CHARGE_SUCCESS, TransactionEventType.CHARGE_FAILURE],
        )
        answer = answers.order_by("created_at", "pk").last()
        if answer is None:
            return PENDING
        if answer.type == TransactionEventType.CHARGE_SUCCESS:
            return Capture(CaptureState.CAPTURED, f"{answer.amount_value} {answer.currency}")
        return Capture(CaptureState.REFUSED, reason=as_sentence(answer.message or ""))

    def _due(self, order: SaleorOrder) -> Decimal:
        granted = sum(order.granted_refunds.values_list("amount_value", flat=True), Decimal(0))
        return Decimal(order.total_gross_amount - order.total_charged_amount - granted)

    def _capture_payment(self, order: SaleorOrder, payment: Payment, amount: Decimal) -> bool:
        manager = get_plugins_manager(allow_replica=False)
        slug = order.channel.slug
        done = gateway.capture(payment, manager, amount=amount, channel_slug=slug)
        order.refresh_from_db()
        payment.refresh_from_db()
        if done.kind != TransactionKind.CAPTURE:
            return False
        order_charged(fetch_order_info(order), None, current_app(), amount, payment, manager)
        return True

    def _note_failure(self, order: SaleorOrder, payment: Payment, message: str) -> None:
        events.payment_failed_event(
            order=order, user=None, app=current_app(), message=message, payment=payment
        )


def _charge(order: SaleorOrder, due: Decimal, items: list[TransactionItem]) -> Capture:
    """Ask the payment apps to charge what is authorised, up to what is due."""
    # What staff have asked for already is not asked for again.
    left = due - sum((item.charge_pending_value for item in items), Decimal(0))
    asked = Decimal(0)
    reason = ""
    for item in items:
        amount = min(item.authorized_value, left - asked)
        if amount > 0:
            try:
                _request_charge(order, item, amount)
            except PaymentError as error:
                reason = as_sentence(str(error))
            else:
                asked += amount
    if reason:
        return Capture(CaptureState.REFUSED, reason=reason)
    return Capture(CaptureState.PENDING, f"{asked} {order.currency}") if asked else NOTHING


def _request_charge(order: SaleorOrder, item: TransactionItem, amount: Decimal) -> None:
    """Record the request as Saleor's own mutation does, and have Saleor tell the app."""
    app: Any = current_app()
    event = item.events.create(
        amount_value=amount,
        currency=item.currency,
        type=TransactionEventType.CHARGE_REQUEST,
        app=app,
        app_identifier=app.identifier if app else None,
        idempotency_key=str(uuid4()),
    )
    gateway.request_charge_action(
        transaction=item,
        manager=get_plugins_manager(allow_replica=False),
        charge_value=amount,
        request_event=event,
        channel_slug=order.channel.slug,
        user=None,
        app=app,
    )
