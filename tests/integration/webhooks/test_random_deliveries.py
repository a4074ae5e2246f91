"""Deliveries of whole order lives, late, repeated and in any sequence."""

from __future__ import annotations

import os
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saleor_picqer.models import InboxEvent
from tests.integration.support.connected_shop import ConnectedShop

SEQUENCES: Final = int(os.environ.get("PICQER_RANDOM_SEQUENCES", "4"))
# What happens to an order of three BEANS in Picqer.
LIVES: Final = (
    ("ship",),
    ("pause", "resume", "ship"),
    ("ship part", "ship"),
    ("ship part", "ship part", "ship"),
    ("ship part",),
    ("pause", "cancel"),
    ("cancel",),
    ("ship part", "cancel"),
    ("reopen", "process", "ship"),
    ("ship", "replace parcel"),
    ("ship part", "replace parcel", "ship"),
)


def live(connected_shop: ConnectedShop, order: str, step: str) -> None:
    """Let a step of the order's life happen in Picqer."""
    remote_id = connected_shop.row(order).remote_id
    if step.startswith("ship"):
        connected_shop.picqer_api("POST", "/backorders/process")
        part = {"lines": {"BEANS": 1}} if step == "ship part" else {}
        connected_shop.ship(order, **part)
    elif step == "replace parcel":
        picklists = connected_shop.remote(order)["picklists"]
        (idpicklist,) = [one["idpicklist"] for one in picklists if one["status"] == "closed"]
        (shipment,) = connected_shop.picqer_api("GET", f"/picklists/{idpicklist}/shipments")
        connected_shop.cancel_shipment(shipment)
        connected_shop.add_shipment(idpicklist, 2)
    elif step == "cancel":
        connected_shop.picqer_api("DELETE", f"/orders/{remote_id}?force=true")
    else:
        connected_shop.picqer_api("POST", f"/orders/{remote_id}/{step}", reason="Flood")


def end_state(connected_shop: ConnectedShop, order: str) -> dict[str, Any]:
    """Return what Saleor shows of an order, and the plugin's state of the order."""
    view, row = connected_shop.shop.order(order), connected_shop.row(order)
    number = connected_shop.number(order)
    return {
        "status": view.status,
        "fulfilled": sorted(fulfilment.lines["BEANS"] for fulfilment in view.fulfilments),
        "parcels": sorted(len(fulfilment.parcels) for fulfilment in view.fulfilments),
        "stage": row.stage,
        "remote": row.remote_status,
        "attention": row.attention.replace(number, "").replace(row.remote_number, ""),
    }


def settle(connected_shop: ConnectedShop) -> None:
    """Do all work, with all postponed work."""
    connected_shop.run_until_idle()
    for _ in range(5):
        if not InboxEvent.objects.filter(status__in=["received", "handling"]).exists():
            return
        connected_shop.pass_time()


def check_any_sequence(stocked_shop: ConnectedShop, examples: int) -> None:
    """Compare an order told of in any sequence with its twin, told of as things happened."""
    queue = stocked_shop.webhooks.pending
    # The test's own requests count too.
    stocked_shop.control("POST", "/options", rate_limit=10_000_000)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        # To shrink a failure would take many minutes.
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    # How many deliveries there are depends on the lives before, so a seed decides on the sequence.
    @given(life=st.sampled_from(LIVES), seed=st.integers(0, 2**32))
    def tell(life: tuple[str, ...], seed: int) -> None:
        dice = Random(seed)  # noqa: S311  # not for secrets
        # Goods of the lives before that were not shipped stay reserved.
        stocked_shop.stock("BEANS", 20 * examples)
        stocked_shop.run_until_idle()
        twin, order = stocked_shop.order(BEANS=3), stocked_shop.order(BEANS=3)
        told: list[Any] = []
        for step in life:
            live(stocked_shop, twin, step)
            stocked_shop.run_until_idle()
            live(stocked_shop, order, step)
            told += queue
            queue.clear()
            # Some arrive now, whatever happened before; most arrive later.
            queue.extend(dice.choices(told, k=dice.randint(0, 3)) if told else [])
            stocked_shop.run_until_idle()
        late = told * dice.randint(1, 3)
        dice.shuffle(late)
        queue.extend(late)

        settle(stocked_shop)

        assert end_state(stocked_shop, order) == end_state(stocked_shop, twin), life
        assert stocked_shop.shop.available("BEANS") <= stocked_shop.free_stock("BEANS")

    tell()
    assert not InboxEvent.objects.exclude(status__in=["done", "ignored"]).exists()


@pytest.mark.timeout(900)
def test_order_ends_as_in_sequence_when_deliveries_come_in_any_sequence(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure modes F8, F10 and F11."""
    check_any_sequence(stocked_shop, SEQUENCES)
