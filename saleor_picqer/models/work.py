"""Work of minutes, carried out in parts."""

from __future__ import annotations

from django.db import models


class WorkStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Work(models.Model):
    """The columns by which workers take turns at a row."""

    channel = models.CharField(max_length=36)
    status = models.CharField(max_length=16, choices=WorkStatus.choices, default=WorkStatus.QUEUED)
    queued_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    # Where the work goes on.
    position = models.JSONField(default=dict)
    # The worker that carries out a part, until it saves, ends or is presumed dead.
    worker = models.CharField(max_length=32, blank=True, default="")
    held_until = models.DateTimeField(null=True)
    # No worker goes on before this time.
    not_before = models.DateTimeField(null=True)
    enqueued_at = models.DateTimeField(null=True)
    # Failed attempts since something was last saved.
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
