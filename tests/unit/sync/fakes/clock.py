"""A clock which stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import itemgetter


class Clock:
    """The time for all fakes of a test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        self._planned: list[tuple[datetime, Callable[[], object]]] = []

    def call_after(self, duration: timedelta, callback: Callable[[], object]) -> None:
        """Call a function once the duration has passed."""
        self._planned.append((self.now + duration, callback))

    def advance(self, duration: timedelta) -> None:
        """Let time pass."""
        self.advance_to(self.now + duration)

    def advance_to(self, moment: datetime) -> None:
        """Let time pass until a moment, and make the planned calls on the way."""
        self._planned.sort(key=itemgetter(0))
        while self._planned and self._planned[0][0] <= moment:
            self.now, callback = self._planned.pop(0)
            callback()
        # Never backwards.
        self.now = max(self.now, moment)
