"""Tasks of which one message at a time is enqueued."""

from __future__ import annotations

from django.db import models


class PeriodicTask(models.Model):
    """When a task was enqueued, and until when a worker runs it."""

    # With the Picqer account, for a task that an account has of its own.
    name = models.CharField(max_length=300, unique=True)
    enqueued_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    # When a worker last reached the end of the task.
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
