"""A clock shared by machines whose own clocks differ.

The shared time is a number in the cache. It advances only by intervals that one process has
measured on its own clock, and the largest such advance counts: the shared time may run slow, which
costs a short wait, and never fast. Clocks of different machines are not compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class Moment(NamedTuple):
    """A reading of the shared time; readings with different epochs cannot be compared."""

    epoch: str
    at: float


class _Anchor(NamedTuple):
    """A moment of the shared time, with the process's own time of the reading."""

    moment: Moment
    own: float


class ProcessClock:
    """The shared times that a process has read, by key. A fork may go on with the parent's."""

    def __init__(self, own_time: Callable[[], float] = time.monotonic) -> None:
        self._own_time = own_time
        self._anchors: dict[str, _Anchor] = {}

    def advance(self, key: str, stored: Moment) -> Moment:
        """Return the present moment: the stored one, or later by what the process has measured."""
        now = max(stored.at, self._since_anchor(key, stored.epoch) or stored.at)
        moment = Moment(stored.epoch, now)
        self._anchors[key] = _Anchor(moment, self._own_time())
        return moment

    def latest(self, key: str) -> Moment | None:
        """Return the present moment as far as the process knows; None before any reading."""
        anchor = self._anchors.get(key)
        if anchor is None:
            return None
        epoch = anchor.moment.epoch
        return Moment(epoch, self._since_anchor(key, epoch) or anchor.moment.at)

    def _since_anchor(self, key: str, epoch: str) -> float | None:
        anchor = self._anchors.get(key)
        if anchor is None or anchor.moment.epoch != epoch:
            return None
        return anchor.moment.at + max(0.0, self._own_time() - anchor.own)


# Anchors outlive the clients, of which each task has its own.
PROCESS_CLOCK = ProcessClock()
