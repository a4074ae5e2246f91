"""Random faults between a shop and Picqer."""

from __future__ import annotations

import random
from collections import Counter

from tests.integration.delivery.running_shop import RunningShop

REMOTE_CALLS = (
    "POST /orders",
    "GET /orders",
    "POST /orders/{idorder}/process",
    "GET /orders/{idorder}",
    "DELETE /orders/{idorder}",
)
# How often each of them happens.
FAULTS = {"drop-before": 4, "drop-after": 4, "500": 4, "truncate": 4, "429": 1, "slow": 1}
# So many faults of each call are to come.
AHEAD = 4
# At most so many requests of a kind go well between two faults.
SPARED = 8
KILL_EVERY = 3
# Strikes.
CUT_EVERY = 2


class Chaos:
    """Causes faults at random; `happened` counts them by kind."""

    def __init__(self, running_shop: RunningShop, dice: random.Random) -> None:
        self.running_shop = running_shop
        self.dice = dice
        self.happened: Counter[str] = Counter()
        self._strikes = 0

    def strike(self) -> None:
        """Schedule faults in Picqer, and from time to time kill a process or cut the database."""
        self._strikes += 1
        to_come = Counter(call for call, _ in self.running_shop.faults_to_come())
        for call in REMOTE_CALLS:
            for _ in range(AHEAD - to_come[call]):
                self._break(call)
        if not self._strikes % KILL_EVERY:
            self._kill_a_process()
        if not self._strikes % CUT_EVERY:
            self.running_shop.cut_database()
            self.happened["database lost"] += 1

    def end(self) -> None:
        """Cancel the faults still scheduled."""
        self.happened -= Counter(fault for _, fault in self.running_shop.faults_to_come())
        self.running_shop.repair_calls()

    def _break(self, call: str) -> None:
        (fault,) = self.dice.choices(list(FAULTS), list(FAULTS.values()))
        self.running_shop.break_call(call, fault, skip=self.dice.randint(0, SPARED), seconds=2)
        self.happened[fault] += 1

    def _kill_a_process(self) -> None:
        """Kill a process of the worker's pool, preferably a busy one."""
        work = self.running_shop.worker.processes()
        busy = [pid for pid, order in work.items() if order]
        self.running_shop.worker.kill_process(self.dice.choice(busy or list(work)))
        self.happened["killed"] += 1
