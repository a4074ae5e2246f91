"""Our own tables. No foreign key into Saleor: they survive its migrations on every line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from saleor_picqer.domain.outbox import Stage


class ChannelSecret(models.Model):
    """The webhook secret of a channel, and the one before it while deliveries may still use it."""

    channel = models.CharField(max_length=255, unique=True)
    current = models.CharField(max_length=128)
    previous = models.CharField(max_length=128, blank=True, default="")

    class Meta:
        verbose_name = "webhook secret"

    def __str__(self) -> str:
        return f"webhook secret of {self.channel}"


class ChannelState(models.Model):
    """Since when a channel's orders are ours, until when they were looked through, and whether its
    Picqer account can be reached: how many orders in a row found it silent, the last one of them,
    and until when nobody tries again.

    `hooks_stale`: its webhooks may not be in Picqer as they should.
    """

    channel = models.CharField(max_length=255, unique=True)
    orders_from = models.DateTimeField()
    swept_until = models.DateTimeField()
    consecutive_failures = models.PositiveIntegerField(default=0)
    last_failed_order = models.CharField(max_length=36, blank=True, default="")
    open_until = models.DateTimeField(null=True)
    hooks_stale = models.BooleanField(default=False)

    class Meta:
        verbose_name = "state of a channel"

    def __str__(self) -> str:
        return f"state of {self.channel}"


class OutboxOrder(models.Model):
    """One order on its way to Picqer, and what both sides agree about it later.

    `dirty`: something happened to it in the shop since a worker last looked.
    """

    order_pk = models.CharField(max_length=36, unique=True)
    channel = models.CharField(max_length=255)
    stage = models.CharField(max_length=16, default=Stage.PENDING.value)
    dirty = models.BooleanField(default=False)
    requested = models.BooleanField(default=False)
    account = models.CharField(max_length=255, blank=True, default="")
    reference = models.CharField(max_length=255, blank=True, default="")
    remote_id = models.BigIntegerField(null=True)
    remote_number = models.CharField(max_length=64, blank=True, default="")
    remote_status = models.CharField(max_length=32, blank=True, default="")
    status_page = models.CharField(max_length=500, blank=True, default="")
    sent_digests = models.JSONField(default=dict)
    attention = models.TextField(blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=255, blank=True, default="")
    last_error = models.TextField(blank=True, default="")
    lease = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "order in the outbox"
        indexes: ClassVar = [
            models.Index(fields=["stage", "not_before"], name="picqer_outbox_due"),
            models.Index(fields=["account", "remote_id"], name="picqer_outbox_remote"),
            models.Index(fields=["account", "reference"], name="picqer_outbox_reference"),
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
            models.Index(fields=["updated_at", "id"], name="picqer_outbox_latest"),
        ]

    def __str__(self) -> str:
        return f"order {self.order_pk} ({self.stage})"

    @property
    def leased(self) -> bool:
        """Whether a worker has it, or may have a request for it under way."""
        return self.leased_until is not None and self.leased_until > timezone.now()


class InboxEvent(models.Model):
    """One authentic webhook delivery, kept as it came."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        DONE = "done"
        IGNORED = "ignored"
        FAILED = "failed"

    channel = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    event = models.CharField(max_length=64)
    triggered_at = models.CharField(max_length=32, blank=True, default="")
    body = models.TextField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RECEIVED)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "event in the inbox"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "body_hash"], name="picqer_inbox_once")
        ]
        indexes: ClassVar = [models.Index(fields=["status", "not_before"], name="picqer_inbox_due")]

    def __str__(self) -> str:
        return f"{self.event} ({self.status})"


class WarehouseLink(models.Model):
    """A Picqer warehouse and the Saleor warehouse that mirrors it."""

    account = models.CharField(max_length=255)
    remote_id = models.BigIntegerField()
    warehouse_pk = models.CharField(max_length=36, unique=True)
    name = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "remote_id"], name="picqer_warehouse_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.account}: {self.remote_id})"


class ProductLink(models.Model):
    """A product that Picqer is known to have."""

    account = models.CharField(max_length=255)
    sku = models.CharField(max_length=255)
    remote_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "sku"], name="picqer_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.sku} ({self.account}: {self.remote_id})"


class CustomerLink(models.Model):
    """A registered customer of the shop and their record in Picqer."""

    account = models.CharField(max_length=255)
    customer_pk = models.CharField(max_length=36)
    remote_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "customer_pk"], name="picqer_customer_once")
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_pk} ({self.account}: {self.remote_id})"


class FulfilmentLink(models.Model):
    """A closed picklist that has become a fulfilment: the proof that it is done."""

    account = models.CharField(max_length=255)
    picklist_id = models.BigIntegerField()
    order_pk = models.CharField(max_length=36)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "picklist_id"], name="picqer_picklist_once")
        ]

    def __str__(self) -> str:
        return f"picklist {self.picklist_id} of order {self.order_pk}"


class SyncRun(models.Model):
    """A full sync that somebody can watch, and what came of it."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    channel = models.CharField(max_length=255)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    queued_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(status__in=["queued", "running"]),
                name="picqer_one_run_per_channel",
            )
        ]

    def __str__(self) -> str:
        return f"full sync of {self.channel} ({self.status})"
