"""Whatever may go wrong between a shop and Picqer, at random."""

from __future__ import annotations

import random
from collections import Counter

from tests.integration.delivery.scene import Scene

CALLS = {
    "POST /orders",
    "GET /orders",
    "POST /orders/{idorder}/process",
    "GET /orders/{idorder}",
    "DELETE /orders/{idorder}",
}
FAULTS = {"drop-before": 4, "drop-after": 4, "500": 4, "truncate": 4, "429": 1, "slow": 1}
"""How often each of them happens."""
SPARED = 8
"""At most so many requests of a kind go well between two faults."""
KILL_EVERY = 60
CUT_EVERY = 45
"""Strikes."""


class Trouble:
    """`happened` counts what went wrong."""

    def __init__(self, scene: Scene, dice: random.Random) -> None:
        self.scene = scene
        self.dice = dice
        self.happened: Counter[str] = Counter()
        self._strikes = 0

    def strike(self) -> None:
        """Picqer fails now and again, and every so often a process or a connection is lost."""
        self._strikes += 1
        for call in sorted(CALLS - self.scene.broken_calls()):
            self._break(call)
        if not self._strikes % KILL_EVERY:
            self._kill_a_process()
        if not self._strikes % CUT_EVERY:
            self.scene.cut_database()
            self.happened["database lost"] += 1

    def _break(self, call: str) -> None:
        (fault,) = self.dice.choices(list(FAULTS), list(FAULTS.values()))
        self.scene.break_call(call, fault, skip=self.dice.randint(0, SPARED), seconds=2)
        self.happened[fault] += 1

    def _kill_a_process(self) -> None:
        self.scene.worker.kill_process(self.dice.choice(list(self.scene.worker.processes())))
        self.happened["killed"] += 1
