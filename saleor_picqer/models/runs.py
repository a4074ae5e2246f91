"""Runs that compare a whole shop with Picqer."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from saleor_picqer.models.work import Work, WorkStatus


class SyncRun(Work):
    """Progress and result of a run."""

    Status = WorkStatus

    class Kind(models.TextChoices):
        FULL = "full"
        PRODUCTS = "products"
        STOCK = "stock"

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.FULL)
    # Whether the run only tells what would change.
    dry_run = models.BooleanField(default=False)
    # Whether staff have confirmed any number of SKUs at zero.
    confirm_zero = models.BooleanField(default=False)
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
    # The Picqer account at which the run is.
    account = models.CharField(max_length=255, blank=True, default="")

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
