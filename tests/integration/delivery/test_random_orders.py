"""Orders under random faults: none is lost, none is duplicated.

Environment: `PICQER_RANDOM_ORDERS` is their number; `PICQER_RANDOM_SEED` and the machine's speed
decide which faults happen when.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest
from django.db.models import Q
from picqer_simulator.core.models import Order as RemoteOrder

from saleor_picqer.models import OutboxOrder
from tests.integration.delivery.chaos import Chaos
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support.order_copies import copy_order

COUNT = int(os.environ.get("PICQER_RANDOM_ORDERS") or 200)
SEED = int(os.environ.get("PICQER_RANDOM_SEED") or random.randrange(10**6))  # noqa: S311 - no secret
# So many orders are placed at once, as soon as fewer than twice as many are on their way.
BURST = 20
# Seconds, far more than anything takes here.
LONG = 60


class Customers:
    """Place orders, and cancel a few of the orders placed."""

    def __init__(self, running_shop: RunningShop, dice: random.Random) -> None:
        self.running_shop = running_shop
        self.dice = dice
        self.placed: list[str] = []
        self.cancelled: set[str] = set()

    def order(self) -> None:
        """Place a burst of orders; lose one hook in ten and one message in ten."""
        burst = copy_order(self.running_shop.original, min(BURST, COUNT - len(self.placed)))
        self.placed += burst
        told = [pk for pk in burst if self.dice.random() < 0.9]
        lost = [pk for pk in told if self.dice.random() < 0.1]
        self.running_shop.record(*lost)
        self.running_shop.place(*set(told) - set(lost))

    def cancel(self) -> None:
        """Cancel one of the last hundred orders."""
        pk = self.dice.choice(self.placed[-100:])
        self.running_shop.cancel(pk)
        self.cancelled.add(pk)


@pytest.mark.timeout(180 + COUNT)
def test_every_order_arrives_once_when_everything_goes_wrong(running_shop: RunningShop) -> None:
    dice = random.Random(SEED)  # noqa: S311 - no secret
    customers, chaos = Customers(running_shop, dice), Chaos(running_shop, dice)
    started = time.monotonic()

    while len(customers.placed) < COUNT:
        customers.order()
        customers.cancel()
        chaos.strike()
        running_shop.wait_until(lambda: on_the_way() < 2 * BURST, seconds=LONG)
    chaos.end()
    kept = set(customers.placed) - customers.cancelled
    running_shop.wait_until(
        lambda: stages(kept).total() == len(kept) and not on_the_way(), seconds=LONG
    )

    seconds = time.monotonic() - started
    requests = sum(running_shop.connected_shop.requests().values())
    print(  # noqa: T201 - for -rP
        f"seed {SEED}: {COUNT} orders, {requests} requests in {seconds:.0f} s,"
        f" {dict(chaos.happened)}"
    )
    found = running_shop.in_picqer(customers.placed)
    assert statuses(found, kept) == {("processing",): len(kept)}
    assert statuses(found, customers.cancelled).keys() <= {("cancelled",), ()}
    assert stages(kept) == {("processed", ""): len(kept)}
    assert stages(customers.cancelled).keys() <= {("cancelled", ""), ("skipped", "")}


def on_the_way() -> int:
    """Count the orders that a worker holds or has yet to look at."""
    started = ("pending", "creating", "created")
    return OutboxOrder.objects.filter(Q(stage__in=started) | Q(dirty=True) | ~Q(lease="")).count()


def statuses(found: dict[str, list[RemoteOrder]], pks: set[str]) -> Counter[tuple[str, ...]]:
    """Count the orders by their statuses in Picqer: one status per copy of the order."""
    return Counter(tuple(remote.status for remote in found[pk]) for pk in pks)


def stages(pks: set[str]) -> Counter[tuple[str, str]]:
    """Count the orders by stage and last error."""
    rows = OutboxOrder.objects.filter(order_pk__in=pks)
    return Counter(rows.values_list("stage", "last_error"))
