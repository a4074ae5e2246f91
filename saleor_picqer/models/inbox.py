"""Webhook deliveries from Picqer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InboxEvent(models.Model):
    """One authentic webhook delivery, kept unchanged."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        # A worker acts on the delivery.
        HANDLING = "handling"
        DONE = "done"
        IGNORED = "ignored"
        FAILED = "failed"

    channel = models.CharField(max_length=36)
    # The Picqer account that sent the delivery.
    account = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    event = models.CharField(max_length=64)
    triggered_at = models.CharField(max_length=32, blank=True, default="")
    # The bytes that were signed: a text column refuses NUL, and encodings other than UTF-8.
    body = models.BinaryField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RECEIVED)
    attempts = models.PositiveIntegerField(default=0)
    # No worker handles the delivery before this time.
    not_before = models.DateTimeField(null=True)
    # When a task for the delivery was enqueued that has not started yet.
    enqueued_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")
    received_at = models.DateTimeField(auto_now_add=True)
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
        indexes: ClassVar = [models.Index(fields=["status", "not_before"], name="picqer_inbox_due")]

    def __str__(self) -> str:
        return f"{self.event} ({self.status})"
