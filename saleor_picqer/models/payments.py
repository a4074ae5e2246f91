"""Captures of payments after shipments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_picqer.domain.payments import CaptureState


class PaymentCapture(models.Model):
    """The plugin's only request to capture an order's payment."""

    order_pk = models.CharField(max_length=36, unique=True)
    state = models.CharField(max_length=16, default=CaptureState.DUE.value)
    asked_at = models.DateTimeField(null=True)
    # No worker looks at it before this time; null for a capture that is over and told.
    look_at = models.DateTimeField(null=True)
    # Text that the order is still to show.
    notice = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"],
                condition=models.Q(look_at__isnull=False),
                name="picqer_capture_due",
            )
        ]

    def __str__(self) -> str:
        return f"capture for order {self.order_pk} ({self.state})"
