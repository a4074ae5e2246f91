"""Full syncs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SyncRun(models.Model):
    """Progress and result of a full sync."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    channel = models.CharField(max_length=36)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(default=0)
    # Outcomes, by number of products.
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    queued_at = models.DateTimeField(auto_now_add=True)
    # Tells a run that progresses from a run whose worker was killed.
    saved_at = models.DateTimeField(auto_now=True)
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
