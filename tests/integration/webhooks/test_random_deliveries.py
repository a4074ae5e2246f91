"""Deliveries of whole order lives, late, repeated and in any sequence."""

from __future__ import annotations

import random
from typing import Final

import pytest

from saleor_picqer.models import InboxEvent
from tests.integration.support.connected_shop import ConnectedShop

# What happens to an order in Picqer, and the order's status in Saleor at the end.
LIVES: Final = {
    ("ship",): "FULFILLED",
    ("pause", "resume", "ship"): "FULFILLED",
    ("ship part", "ship"): "FULFILLED",
    ("ship part",): "PARTIALLY_FULFILLED",
    ("cancel",): "CANCELED",
    ("pause", "cancel"): "CANCELED",
}


def live(connected_shop: ConnectedShop, order: str, step: str) -> None:
    """Let a step of the order's life happen in Picqer."""
    remote_id = connected_shop.row(order).remote_id
    if step == "ship":
        connected_shop.ship(order)
    elif step == "ship part":
        connected_shop.ship(order, lines={"BEANS": 1})
    elif step == "cancel":
        connected_shop.picqer_api("DELETE", f"/orders/{remote_id}?force=true")
    else:
        connected_shop.picqer_api("POST", f"/orders/{remote_id}/{step}", reason="Flood")


@pytest.mark.parametrize("seed", range(8))
def test_orders_end_as_in_picqer_when_deliveries_come_in_any_sequence(
    stocked_shop: ConnectedShop, seed: int
) -> None:
    """Failure modes F8, F10 and F11."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    lives = {stocked_shop.order(BEANS=2): chance.choice([*LIVES]) for _ in range(2)}
    queue = stocked_shop.webhooks.pending
    told = []
    steps = [(order, step) for order, life in lives.items() for step in life]
    for order, step in sorted(steps, key=lambda one: (lives[one[0]].index(one[1]), one[0])):
        live(stocked_shop, order, step)
        told += list(queue)
        queue.clear()
        # Some arrive now, whatever happened before; most arrive later.
        queue.extend(chance.choices(told, k=chance.randrange(4)))
        stocked_shop.run_until_idle()

    late = told * chance.randint(1, 3)
    chance.shuffle(late)
    queue.extend(late)
    stocked_shop.run_until_idle()
    stocked_shop.worker.run_later()
    stocked_shop.run_until_idle()

    for order, life in lives.items():
        view = stocked_shop.shop.order(order)
        assert view.status == LIVES[life], life
        fulfilled = sum(fulfilment.lines.get("BEANS", 0) for fulfilment in view.fulfilments)
        assert fulfilled == {"FULFILLED": 2, "PARTIALLY_FULFILLED": 1}.get(view.status, 0)
    assert not InboxEvent.objects.filter(status__in=["failed", "handling"]).exists()
