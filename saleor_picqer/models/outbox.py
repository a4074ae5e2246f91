"""Orders on their way to Picqer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.shipping import KEY_LENGTH


class OutboxOrder(models.Model):
    """One Saleor order handled by Picqer."""

    # `domain.outbox.Entry` explains the columns that it shares with this table.

    order_pk = models.CharField(max_length=36, unique=True)
    channel = models.CharField(max_length=36)
    stage = models.CharField(max_length=16, default=Stage.PENDING.value)
    # Whether the order may have changed in Saleor since a worker read it.
    dirty = models.BooleanField(default=False)
    # When a task for the order was enqueued that has not started yet.
    enqueued_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=KEY_LENGTH, blank=True, default="")
    seen_version = models.CharField(max_length=64, blank=True, default="")
    requested = models.BooleanField(default=False)
    account = models.CharField(max_length=255, blank=True, default="")
    reference = models.CharField(max_length=255, blank=True, default="")
    remote_id = models.BigIntegerField(null=True)
    remote_number = models.CharField(max_length=64, blank=True, default="")
    former_ids = models.JSONField(default=list)
    products = models.JSONField(default=dict)
    remote_status = models.CharField(max_length=32, blank=True, default="")
    status_page = models.CharField(max_length=500, blank=True, default="")
    sent_digests = models.JSONField(default=dict)
    taken_back = models.JSONField(default=dict)
    attention = models.TextField(blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    # No worker claims the order before this time.
    not_before = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=255, blank=True, default="")
    last_error = models.TextField(blank=True, default="")
    failed_attempts = models.JSONField(default=list)
    lease = models.CharField(max_length=32, blank=True, default="")
    # Set without `lease` while a request without an answer may still be carried out.
    leased_until = models.DateTimeField(null=True)
    # When the stage became PROCESSED, the last time.
    processed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "order in the outbox"
        indexes: ClassVar = [
            # What is due.
            models.Index(fields=["stage", "not_before"], name="picqer_outbox_due"),
            models.Index(
                fields=["not_before"],
                condition=models.Q(dirty=True),
                name="picqer_outbox_dirty",
            ),
            models.Index(
                fields=["leased_until"],
                condition=models.Q(leased_until__isnull=False),
                name="picqer_outbox_leased",
            ),
            # Webhooks name orders as Picqer knows them.
            models.Index(fields=["account", "remote_id"], name="picqer_outbox_remote"),
            models.Index(
                fields=["account"],
                condition=~models.Q(former_ids=[]),
                name="picqer_outbox_former",
            ),
            models.Index(fields=["reference", "account"], name="picqer_outbox_reference"),
            models.Index(fields=["remote_number"], name="picqer_outbox_number"),
            # Staff list the orders that changed last first.
            models.Index(fields=["updated_at", "id"], name="picqer_outbox_latest"),
            # What stops orders, among very many that nothing stops.
            models.Index(
                fields=["channel", "updated_at", "id"],
                condition=~models.Q(attention="", last_error=""),
                name="picqer_outbox_attention",
            ),
            # Orders by stage are counted without reading them.
            models.Index(fields=["channel", "stage"], name="picqer_outbox_stages"),
        ]

    def __str__(self) -> str:
        return f"order {self.order_pk} ({self.stage})"

    @property
    def leased(self) -> bool:
        """True while a worker holds the row or a request for the order may be under way."""
        return self.leased_until is not None and self.leased_until > timezone.now()
