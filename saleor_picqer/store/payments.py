"""Captures of payments: a row for each order, asked for once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from saleor_picqer.domain.payments import ANSWER_TIME, LONGEST_PENDING, Asked, CaptureState
from saleor_picqer.models import OutboxOrder, PaymentCapture

# How often a payment app's answer is looked for.
_LOOK_AGAIN: Final = timedelta(minutes=5)
_UNANSWERED: Final = (CaptureState.ASKED, CaptureState.PENDING)


class Captures:
    """Captures of payments: implements `sync.ports.state.Captures`."""

    def require(self, order_pk: str) -> None:
        row = PaymentCapture(order_pk=order_pk, look_at=timezone.now())
        PaymentCapture.objects.bulk_create([row], ignore_conflicts=True)

    def withdraw(self, order_pk: str) -> None:
        PaymentCapture.objects.filter(order_pk=order_pk, state=CaptureState.DUE).delete()

    def claim(self, order_pk: str) -> bool:
        now = timezone.now()
        rows = PaymentCapture.objects.filter(order_pk=order_pk, state=CaptureState.DUE)
        return bool(rows.update(state=CaptureState.ASKED, asked_at=now, look_at=now + ANSWER_TIME))

    def unanswered(self, order_pk: str) -> Asked | None:
        now = timezone.now()
        row = PaymentCapture.objects.filter(
            order_pk=order_pk, state__in=_UNANSWERED, look_at__lte=now
        ).first()
        if row is None or row.asked_at is None:
            return None
        # A worker that has asked and has not saved the answer was killed.
        is_late = row.state == CaptureState.ASKED or row.asked_at < now - LONGEST_PENDING
        return Asked(row.asked_at, is_late)

    def settle(self, order_pk: str, state: CaptureState, notice: str) -> None:
        is_over = state is not CaptureState.PENDING
        # What is to be told is due at once.
        look_at = timezone.now() if notice or not is_over else None
        PaymentCapture.objects.filter(order_pk=order_pk).update(
            state=state, notice=notice, look_at=look_at
        )

    def wait(self, order_pk: str) -> None:
        rows = PaymentCapture.objects.filter(order_pk=order_pk)
        rows.update(look_at=timezone.now() + _LOOK_AGAIN)

    def untold(self, order_pk: str) -> tuple[CaptureState, str] | None:
        rows = PaymentCapture.objects.filter(order_pk=order_pk).exclude(notice="")
        row = rows.first()
        return None if row is None else (CaptureState(row.state), row.notice)

    def mark_told(self, order_pk: str) -> None:
        rows = PaymentCapture.objects.filter(order_pk=order_pk)
        pending = rows.filter(state=CaptureState.PENDING)
        if not pending.update(notice="", look_at=timezone.now() + _LOOK_AGAIN):
            rows.update(notice="", look_at=None)


def due_captures(channels: Collection[str], limit: int) -> list[tuple[str, str]]:
    """Return channel and order of the captures to look at, the oldest first, in one statement."""
    channel = OutboxOrder.objects.filter(order_pk=OuterRef("order_pk")).values("channel")
    rows = PaymentCapture.objects.filter(look_at__lte=timezone.now())
    rows = rows.annotate(channel=Subquery(channel[:1])).filter(channel__in=channels)
    return list(rows.order_by(F("look_at"), "pk").values_list("channel", "order_pk")[:limit])
