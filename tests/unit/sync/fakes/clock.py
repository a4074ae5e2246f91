"""Time that passes when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import itemgetter


class Clock:
    """Shared by everything that looks at the time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        self._planned: list[tuple[datetime, Callable[[], object]]] = []

    def after(self, duration: timedelta, happening: Callable[[], object]) -> None:
        """Has something happen when that time has passed."""
        self._planned.append((self.now + duration, happening))

    def pass_by(self, duration: timedelta) -> None:
        self.pass_until(self.now + duration)

    def pass_until(self, moment: datetime) -> None:
        """Never backwards."""
        self._planned.sort(key=itemgetter(0))
        while self._planned and self._planned[0][0] <= moment:
            self.now, happening = self._planned.pop(0)
            happening()
        self.now = max(self.now, moment)
