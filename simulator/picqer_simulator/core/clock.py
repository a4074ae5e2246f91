"""Owns time: Picqer's timestamps have whole seconds and no zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

FORMAT = "%Y-%m-%d %H:%M:%S"


class Clock:
    """The wall clock of the account, which a test can move forward."""

    def __init__(self, time_zone: str) -> None:
        self.time_zone = time_zone
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(ZoneInfo(self.time_zone)) + self._ahead

    def stamp(self, delay: float = 0) -> str:
        """`YYYY-MM-DD HH:MM:SS`, `delay` seconds from now; such texts compare as times do."""
        return (self.now() + timedelta(seconds=delay)).strftime(FORMAT)

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)
