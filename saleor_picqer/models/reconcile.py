"""Reconciles: what differed, and what was repaired."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ReconcileRun(models.Model):
    """Progress and result of a reconcile of one channel."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    class Cause(models.TextChoices):
        SCHEDULE = "schedule"
        # Webhooks were off, and told of nothing.
        HOOKS = "hooks"
        REQUEST = "request"

    channel = models.CharField(max_length=36)
    cause = models.CharField(max_length=16, choices=Cause.choices)
    # Whether differences are repaired; otherwise they are only listed.
    apply = models.BooleanField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
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
    queued_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    position = models.JSONField(default=dict)
    # The worker that carries out a part of the run, and until when it may.
    worker = models.CharField(max_length=32, blank=True, default="")
    held_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    enqueued_at = models.DateTimeField(null=True)
    # Failed attempts since something was last saved.
    failures = models.PositiveIntegerField(default=0)

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
