"""State and webhook secret of each channel."""

from __future__ import annotations

from django.db import models


class ChannelSecret(models.Model):
    """The webhook secrets of a channel."""

    channel = models.CharField(max_length=255, unique=True)
    current = models.CharField(max_length=128)
    # The secret before, as long as deliveries signed with it may still arrive.
    previous = models.CharField(max_length=128, blank=True, default="")

    class Meta:
        verbose_name = "webhook secret"

    def __str__(self) -> str:
        return f"webhook secret of {self.channel}"


class ChannelState(models.Model):
    """Watermark, circuit breaker and hook registration of a channel."""

    # One row instead of three: the three classes in `store.channels` write different columns, a
    # channel gets its row in one statement, and there is no row to forget.

    channel = models.CharField(max_length=255, unique=True)

    # The watermark: Picqer handles orders placed from `orders_from` on, and every change before
    # `swept_until` has been seen.
    orders_from = models.DateTimeField()
    swept_until = models.DateTimeField()

    # The circuit breaker: how many orders in a row Picqer did not answer, the last of them, and
    # until when no order is tried.
    consecutive_failures = models.PositiveIntegerField(default=0)
    last_failed_order = models.CharField(max_length=36, blank=True, default="")
    open_until = models.DateTimeField(null=True)

    # Whether the webhooks in Picqer may differ from what the settings require.
    hooks_stale = models.BooleanField(default=False)

    class Meta:
        verbose_name = "state of a channel"

    def __str__(self) -> str:
        return f"state of {self.channel}"
