"""What learns of alarms: Django signals, and whatever shows them to staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from saleor_picqer.domain.alarms import Alarm


class AlarmReceiver(Protocol):
    """Learns once of each raised or cleared alarm. No method raises an error."""

    def raised(self, alarm: Alarm) -> None:
        """Show an alarm."""

    def cleared(self, alarm: Alarm) -> None:
        """Take back an alarm whose cause is over."""

    def evaluated(self, channels: Collection[str], holding: Sequence[Alarm]) -> None:
        """Compare the display with the alarms that hold in the active channels."""
