"""Time that passes when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Shared by everything that looks at the time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def pass_by(self, duration: timedelta) -> None:
        self.now += duration

    def pass_until(self, moment: datetime) -> None:
        """Never backwards."""
        self.now = max(self.now, moment)
