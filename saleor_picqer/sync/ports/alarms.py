"""What learns of alarms: Django signals, and whatever shows them to staff."""

from __future__ import annotations

from typing import Protocol

from saleor_picqer.domain.alarms import Alarm


class AlarmReceiver(Protocol):
    """Learns once of each alarm that is raised or cleared."""

    def raised(self, alarm: Alarm) -> None:
        """Show an alarm."""

    def cleared(self, alarm: Alarm) -> None:
        """Take back an alarm whose cause is over."""
