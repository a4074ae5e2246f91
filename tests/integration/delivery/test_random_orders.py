"""Orders under random faults while everything changes: none is lost, doubled or stranded.

Environment: `PICQER_RANDOM_ORDERS` is their number; `PICQER_RANDOM_SEED` and the machine's speed
decide what happens when.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pytest
from django.db.models import Q
from django.utils import timezone
from picqer_simulator import SimulatorServer

from saleor_picqer.models import ChannelState, OutboxOrder
from tests.integration.delivery.chaos import Chaos
from tests.integration.delivery.conftest import GOODS
from tests.integration.delivery.judge import WRONG, judge_all
from tests.integration.delivery.motions import Motions
from tests.integration.delivery.real_worker import RealWorker
from tests.integration.delivery.running_shop import RunningShop

COUNT = int(os.environ.get("PICQER_RANDOM_ORDERS") or 80)
SEED = int(os.environ.get("PICQER_RANDOM_SEED") or random.randrange(10**6))  # noqa: S311 - no secret
# So many orders are placed at once, as soon as fewer than twice as many are on their way.
BURST = max(1, min(20, COUNT // 10))
# Seconds, far more than anything takes here. When the plugin is switched on in Saleor 2.10, all
# processed orders are read again.
LONG = 240
# When the channel moves to another Picqer account, as a share of all orders.
MOVE = 0.8
# Bursts between two new slugs of the channel.
RENAME_EVERY = 4
# Bursts that are placed while the plugin is off.
OFF_AT = (3, 13, 23)


@pytest.fixture(scope="module")
def real_worker(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealWorker]:
    """Run a worker with four processes, two of which have a clock that is two seconds fast."""
    worker = RealWorker(tmp_path_factory.mktemp("worker"), ahead=2)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()


@pytest.fixture
def moved(running_shop: RunningShop) -> Iterator[RunningShop]:
    """Return the shop after a move to another Picqer account."""
    with SimulatorServer(api_key="another-key") as server:
        server.account.set_options(rate_limit=1_000_000)
        server.account.on_delivery = None
        moved = replace(running_shop.connected_shop, server=server)
        moved.control("POST", "/seed", **GOODS)
        yield replace(running_shop, connected_shop=moved)


class Run:
    """A random run: `shop` is the shop with its present Picqer account."""

    def __init__(self, shop: RunningShop) -> None:
        self.dice = random.Random(SEED)  # noqa: S311 - no secret
        self.shop = shop
        self.motions = Motions(shop, self.dice)
        self.chaos = Chaos(shop, self.dice)
        self.happened: Counter[str] = Counter()
        self._bursts = 0

    def go(self, until: float) -> None:
        """Place orders, and change and break what can be changed and broken."""
        while len(self.motions.placed) < until:
            self.burst(min(BURST, COUNT - len(self.motions.placed)))
            self.shop.wait_until(lambda: on_the_way() < 2 * BURST, seconds=LONG)

    def burst(self, orders: int) -> None:
        self._bursts += 1
        is_off = self._bursts in OFF_AT
        if is_off:
            self.motions.switch_off()
        if self._bursts % RENAME_EVERY == 0:
            self.motions.rename_channel()
        self.motions.place(orders)
        self.chaos.strike()
        self.motions.work(orders)
        if is_off:
            self.motions.switch_on()

    def move(self, moved: RunningShop) -> None:
        """Move to another account while orders are on their way."""
        self.burst(BURST)
        self.motions.move(moved)
        self._end_chaos()
        self.shop, self.chaos = moved, Chaos(moved, self.dice)

    def end(self) -> None:
        """Wait until a sweep has seen the last change, and no order has a step to take."""
        self._end_chaos()
        swept = ChannelState.objects.filter(swept_until__gt=timezone.now())
        self.shop.wait_until(lambda: swept.exists() and not on_the_way(), seconds=LONG)

    def judge(self, former: RunningShop | None = None) -> Mapping[str, list[str]]:
        return judge_all(self.motions.placed, self.motions.paid, self.shop, former)

    def _end_chaos(self) -> None:
        self.chaos.end()
        self.happened += self.chaos.happened
        self.chaos.happened.clear()


@pytest.mark.timeout(600 + 2 * COUNT)
def test_every_order_ends_well_when_everything_changes_and_breaks(
    running_shop: RunningShop, moved: RunningShop
) -> None:
    running_shop.connected_shop.connect(process_when="paid")
    started, run = time.monotonic(), Run(running_shop)
    verdicts: dict[str, Mapping[str, list[str]]] = {}
    try:
        run.go(MOVE * COUNT)
        run.end()
        verdicts["before the move"] = run.judge()
        run.move(moved)
        run.go(COUNT)
        run.end()
        verdicts["at the end"] = run.judge(former=running_shop)
    finally:
        report(run, (running_shop, moved), time.monotonic() - started)

    for when, found in verdicts.items():
        print(when, {verdict: len(told) for verdict, told in found.items()})  # noqa: T201
    problems = [problem for found in verdicts.values() for problem in wrong(found)]
    assert not problems, "\n".join([f"PICQER_RANDOM_SEED={SEED}", *problems])
    assert sum(map(len, verdicts["at the end"].values())) == COUNT


def report(run: Run, shops: Iterable[RunningShop], seconds: float) -> None:
    requests = sum(sum(shop.connected_shop.requests().values()) for shop in shops)
    print(  # noqa: T201 - for -rP
        f"seed {SEED}: {len(run.motions.placed)} orders, {requests} requests in {seconds:.0f} s,"
        f" {dict(run.motions.happened + run.happened)}"
    )


def on_the_way() -> int:
    """Count the orders that a worker holds, has yet to look at, or is to try again."""
    started = Q(stage__in=("pending", "creating", "created"), waiting_for="")
    return OutboxOrder.objects.filter(started | Q(dirty=True) | ~Q(lease="")).count()


def wrong(verdicts: Mapping[str, list[str]]) -> list[str]:
    """Describe some orders of each bad verdict."""
    bad = (verdict for verdict in verdicts if verdict.startswith(WRONG))
    return [f"{verdict}: {told}" for verdict in bad for told in verdicts[verdict][:5]]
