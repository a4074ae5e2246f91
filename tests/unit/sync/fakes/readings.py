"""Stock readings in memory."""

from __future__ import annotations

from datetime import datetime

from tests.unit.sync.fakes.clock import Clock


class FakeReadings:
    """`sync.ports.state.StockReadings`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def clock(self) -> datetime:
        return self._clock.now
