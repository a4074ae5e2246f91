"""The app in Saleor's dashboard."""

from __future__ import annotations

from django.db import models


class InstalledApp(models.Model):
    """The row of Saleor that the plugin has written for its app."""

    identifier = models.CharField(max_length=64, unique=True)
    # Kept when the owner removes the app, so that the plugin does not bring it back.
    app_pk = models.CharField(max_length=36, blank=True, default="")
    # When the row was last compared with what it should be.
    compared_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "app in the dashboard"

    def __str__(self) -> str:
        return f"app {self.identifier} ({self.app_pk})"
