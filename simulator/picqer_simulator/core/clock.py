"""The account's clock. Picqer's timestamps have whole seconds and no time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

FORMAT = "%Y-%m-%d %H:%M:%S"


class Clock:
    """The wall clock of the account; tests can move the clock forward."""

    def __init__(self, time_zone: str) -> None:
        self.time_zone = time_zone
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the present time in the account's time zone."""
        return datetime.now(ZoneInfo(self.time_zone)) + self._ahead

    def stamp(self, delay: float = 0) -> str:
        """Return the time `delay` seconds from now as `YYYY-MM-DD HH:MM:SS`."""
        # Such texts compare as the times do.
        return (self.now() + timedelta(seconds=delay)).strftime(FORMAT)

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._ahead += timedelta(seconds=seconds)
