"""Alarms, raised or cleared."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AlarmState(models.Model):
    """The latest state of an alarm in a channel; `domain.alarms` declares the alarms."""

    key = models.CharField(max_length=32)
    # Empty for an alarm about the whole shop.
    channel = models.CharField(max_length=36, blank=True, default="")
    since = models.DateTimeField()
    count = models.PositiveIntegerField()
    message = models.TextField()
    # When the cause was over; empty while the alarm is raised.
    cleared_at = models.DateTimeField(null=True)
    # When staff were last told by mail, and whether that said that the alarm is raised.
    notified_at = models.DateTimeField(null=True)
    announced = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "channel"], name="picqer_alarm_once")
        ]

    def __str__(self) -> str:
        return f"alarm {self.key} {self.channel}".rstrip()
