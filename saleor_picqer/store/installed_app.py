"""Memory of the app that the plugin has written into Saleor's tables."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from saleor_picqer.models import InstalledApp as Row


class InstalledApp:
    """Pk of the app in Saleor, also after its owner has removed the app."""

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier

    def take_turn(self, pause: timedelta) -> bool:
        """Return whether the app was not compared within the pause; then the turn is taken."""
        now = timezone.now()
        rows = Row.objects.filter(identifier=self._identifier)
        due = Q(compared_at=None) | Q(compared_at__lt=now - pause)
        return bool(rows.filter(due).update(compared_at=now)) or not rows.exists()

    def locked_pk(self) -> str | None:
        """Return the app's pk, and keep other workers out until the transaction ends."""
        Row.objects.bulk_create([Row(identifier=self._identifier)], ignore_conflicts=True)
        row = Row.objects.select_for_update().get(identifier=self._identifier)
        return row.app_pk or None

    def remember(self, pk: str | None) -> None:
        """Keep the app's pk; None forgets it."""
        rows = Row.objects.filter(identifier=self._identifier)
        rows.update(app_pk=pk or "", compared_at=timezone.now())
