"""State of each channel, and the webhooks of a channel in each of its Picqer accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from saleor_picqer.models.fields import EncryptedTextField


class HookRegistration(models.Model):
    """The webhooks of a channel in one Picqer account, and the secrets of their signatures."""

    channel = models.CharField(max_length=36)
    account = models.CharField(max_length=255)
    current = EncryptedTextField()
    # The secret before, as long as hooks in Picqer may still sign with it.
    previous = EncryptedTextField(blank=True, default="")
    # JSON of the secrets of replaced hooks, each with the time until which Picqer may repeat their
    # deliveries.
    former = EncryptedTextField(blank=True, default="")
    # Picqer's ids of all hooks registered so far, active or not.
    hook_ids = models.JSONField(default=list)
    # Counts what was asked of the workers: a worker that has done an earlier request than the last
    # one does not mark the row as done.
    version = models.PositiveIntegerField(default=0)
    # Since when the hooks in Picqer may differ from what the settings require.
    stale_since = models.DateTimeField(null=True)
    # When deliveries were last found lost. Empty once stock and orders are queued to be read again.
    lost_at = models.DateTimeField(null=True)
    # Whether the channel has left the account, so that the hooks have to be removed.
    leaving = models.BooleanField(default=False)
    # JSON of the settings with which the hooks can be removed, whatever becomes of the settings.
    credentials = EncryptedTextField(blank=True, default="")
    # Saleor's public address when the hooks were registered.
    public_address = models.CharField(max_length=255, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    # No worker sends a request about the hooks before this time.
    not_before = models.DateTimeField(null=True)
    # When Picqer's list last showed that all hooks are right, and when to look again.
    checked_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    # Picqer's id of the order up to which the last check has looked for silent webhooks.
    compared_until = models.BigIntegerField(default=0)
    # Why Picqer could not be asked, and since when Picqer refuses the key.
    last_error = models.TextField(blank=True, default="")
    refused_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "webhooks of a channel"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "account"], name="picqer_hooks_once")
        ]

    def __str__(self) -> str:
        return f"webhooks of channel {self.channel} in {self.account}"

    @property
    def secrets(self) -> list[str]:
        """All secrets that sign deliveries now, some perhaps empty."""
        return [self.current, self.previous, *self.former_secrets()]

    def former_secrets(self) -> Mapping[str, str]:
        """Return the secrets of replaced hooks, each with the time until which it counts."""
        kept: dict[str, str] = json.loads(self.former or "{}")
        now = timezone.now()
        return {one: until for one, until in kept.items() if datetime.fromisoformat(until) > now}

    @property
    def is_check_due(self) -> bool:
        """True an hour after Picqer's list was last read, and while the hooks may be wrong."""
        is_old = self.check_at is None or self.check_at <= timezone.now()
        return is_old or self.stale_since is not None or bool(self.last_error)


class ChannelState(models.Model):
    """Watermark, public address and circuit breaker of a channel."""

    # One row instead of three: the classes in `store.channels` write different columns, a
    # channel gets its row in one statement, and there is no row to forget.

    channel = models.CharField(max_length=36, unique=True)

    # The watermark: Picqer handles orders placed from `orders_from` on, and every change before
    # `swept_until` has been seen.
    orders_from = models.DateTimeField()
    swept_until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    # Saleor's public address when the plugin was switched on: a copied database has another.
    public_address = models.CharField(max_length=255)
    # The Picqer account of the last saved settings.
    account = models.CharField(max_length=255, blank=True, default="")

    # The circuit breaker: how many orders in a row Picqer did not answer, the last of them, and
    # until when no order is tried.
    consecutive_failures = models.PositiveIntegerField(default=0)
    last_failed_order = models.CharField(max_length=36, blank=True, default="")
    open_until = models.DateTimeField(null=True)
    # Since when Picqer answers no order.
    failing_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "state of a channel"

    def __str__(self) -> str:
        return f"state of channel {self.channel}"
