"""Reconciles: what differed, and what was repaired."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_picqer.models.work import Work, WorkStatus


class ReconcileRun(Work):
    """Progress and result of a reconcile of one channel."""

    Status = WorkStatus

    class Cause(models.TextChoices):
        SCHEDULE = "schedule"
        # Webhooks were off, and told of nothing.
        HOOKS = "hooks"
        REQUEST = "request"

    cause = models.CharField(max_length=16, choices=Cause.choices)
    # Whether differences are repaired; otherwise they are only listed.
    apply = models.BooleanField()
    # Orders compared with Picqer, differences found, and differences repaired.
    compared = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0)
    # Kind of difference -> number found.
    counts = models.JSONField(default=dict)
    # Symptoms among the repaired differences: that something upstream has failed.
    symptoms = models.PositiveIntegerField(default=0)
    # The first differences, each with the fields of `domain.reconcile.Finding`.
    findings = models.JSONField(default=list)
    problem = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "apply"],
                condition=models.Q(status__in=["queued", "running"]),
                name="picqer_one_reconcile",
            )
        ]

    def __str__(self) -> str:
        return f"reconcile of {self.channel} ({self.status})"
