"""Webhook deliveries from Picqer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InboxEvent(models.Model):
    """An authentic webhook delivery: the unchanged body, and the state of the processing."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        # A worker acts on the delivery.
        HANDLING = "handling"
        DONE = "done"
        IGNORED = "ignored"
        FAILED = "failed"

    class Topic(models.TextChoices):
        # No worker has read the body yet.
        UNREAD = "unread"
        ORDER = "order"
        STOCK = "stock"
        # Nothing that the plugin acts on.
        OTHER = "other"

    channel = models.CharField(max_length=36)
    # The Picqer account that sent the delivery.
    account = models.CharField(max_length=255)
    # A hash with Saleor's key. Stays when the body is dropped, so that nothing old can be replayed.
    body_hash = models.CharField(max_length=64)
    # The bytes that were signed: a text column refuses NUL, and encodings other than UTF-8.
    # Empty after the retention time.
    body = models.BinaryField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RECEIVED)
    received_at = models.DateTimeField()

    # What a worker has read in the body: event, time, and the id of the order or product.
    topic = models.CharField(max_length=8, choices=Topic.choices, default=Topic.UNREAD)
    event = models.CharField(max_length=64, blank=True, default="")
    triggered_at = models.CharField(max_length=32, blank=True, default="")
    object_id = models.BigIntegerField(null=True)

    attempts = models.PositiveIntegerField(default=0)
    # No worker handles the delivery before this time.
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")
    handled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "event in the inbox"
        constraints: ClassVar = [
            # Picqer repeats deliveries that it believes to have failed. The same body is news again
            # once a worker has begun to act on the earlier one: stock may go from A to B and back.
            models.UniqueConstraint(
                fields=["channel", "account", "body_hash"],
                condition=models.Q(status="received"),
                name="picqer_inbox_once",
            )
        ]
        indexes: ClassVar = [
            # What is due: rows that wait are few, and read by account.
            models.Index(
                fields=["account", "topic", "object_id"],
                condition=models.Q(status__in=["received", "handling"]),
                name="picqer_inbox_due",
            ),
            models.Index(fields=["body_hash"], name="picqer_inbox_known"),
            # What is known about an order, for staff and when the customer is deleted.
            models.Index(fields=["topic", "object_id"], name="picqer_inbox_object"),
            # Staff list the latest of a channel, of a status or event, and of a time.
            models.Index(fields=["channel", "id"], name="picqer_inbox_latest"),
            models.Index(fields=["channel", "status", "id"], name="picqer_inbox_status"),
            models.Index(fields=["channel", "event", "id"], name="picqer_inbox_event"),
            models.Index(fields=["channel", "received_at"], name="picqer_inbox_time"),
            # Bodies whose retention time is over.
            models.Index(
                fields=["received_at"],
                condition=~models.Q(body=b""),
                name="picqer_inbox_bodies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event or 'unread event'} ({self.status})"
