"""Runs that compare a whole shop with Picqer."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class SyncRun(models.Model):
    """Progress and result of a run."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    class Kind(models.TextChoices):
        FULL = "full"
        PRODUCTS = "products"
        STOCK = "stock"

    channel = models.CharField(max_length=36)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.FULL)
    # Whether the run only tells what would change.
    dry_run = models.BooleanField(default=False)
    # Whether staff have confirmed any number of SKUs at zero.
    confirm_zero = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(default=0)
    # Outcomes, by number of products.
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # Further numbers by name: products read, stocks changed, requests sent, and so on.
    numbers = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    # What a dry run would change, by topic, up to a limit.
    report = models.JSONField(default=dict)
    queued_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    # Where the run goes on, in which Picqer account.
    position = models.JSONField(default=dict)
    account = models.CharField(max_length=255, blank=True, default="")
    # The worker that carries out a part of the run, until it saves, ends or is presumed dead.
    worker = models.CharField(max_length=32, blank=True, default="")
    held_until = models.DateTimeField(null=True)
    # No worker goes on before this time.
    not_before = models.DateTimeField(null=True)
    enqueued_at = models.DateTimeField(null=True)
    # Failed attempts since something was last saved.
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(status__in=["queued", "running"]),
                name="picqer_one_run_per_channel",
            ),
            # Two runs would both create the products that the account lacks.
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(status="running") & ~models.Q(account=""),
                name="picqer_one_run_per_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} run of {self.channel} ({self.status})"


class SyncItem(models.Model):
    """A product of Picqer that a run has read and needs later."""

    class Topic(models.TextChoices):
        PRODUCT = "product"
        # A SKU whose stock falls to zero once all products are read.
        SOLD_OUT = "sold out"

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="items")
    topic = models.CharField(max_length=32, choices=Topic.choices)
    sku = models.CharField(max_length=255)
    content = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "topic", "sku"], name="picqer_sync_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.sku} of run {self.run_id}"
