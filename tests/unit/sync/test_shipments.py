"""Shipments of whole orders in any sequence of events, and at the same time."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_picqer.errors import IntegrationError, TryLaterError
from saleor_picqer.sync.orders import shipments
from tests.unit.domain.builders import line, order
from tests.unit.sync.fakes.account import Event, StoredOrder, StoredPicklist
from tests.unit.sync.fakes.faults import meanwhile
from tests.unit.sync.fakes.shop import FakeFulfilment
from tests.unit.sync.scenario import ACCOUNT, Scenario

SKUS = ("MUG", "CUP", "POT")
AMOUNTS = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 4), min_size=1, max_size=2)


class Shipped(NamedTuple):
    """A picklist: for which of the orders, its amounts, and the parcels of each shipment."""

    pk: str
    picked: dict[str, int]
    parcels: list[int]
    replaced: bool


SHIPPED = st.builds(
    Shipped, st.sampled_from("12"), AMOUNTS, st.lists(st.integers(0, 3), max_size=2), st.booleans()
)


def place(scenario: Scenario, pk: str, amounts: dict[str, int]) -> StoredOrder:
    lines = [line(sku, amount, pk=f"{pk}-{sku}") for sku, amount in amounts.items()]
    return scenario.place_and_push(order(*lines, pk=pk, number=f"1004{pk}"))


def parcels_of(fulfilment: FakeFulfilment) -> list[str]:
    return [one["code"] for one in json.loads(fulfilment.tracking.metadata["parcels"] or "[]")]


def ship(scenario: Scenario, shipped: Shipped) -> None:
    account, remote = scenario.account, scenario.remote(shipped.pk)
    picklist = account.close_picklist(remote, shipped.picked)
    ids = [account.add_shipment(remote, picklist, parcels) for parcels in shipped.parcels]
    if shipped.replaced and ids:
        account.cancel_shipment(remote, picklist, ids[0])


def handle(scenario: Scenario, events: list[Event]) -> None:
    """Handle events as workers do, which try an event again later."""
    for event in events:
        try:
            scenario.handle(event)
        except TryLaterError:
            events.append(event)


@settings(max_examples=150, deadline=None)
@given(
    ordered=st.tuples(AMOUNTS, AMOUNTS),
    shipped=st.lists(SHIPPED, max_size=6),
    seed=st.integers(0, 1000),
)
def test_fulfilled_is_what_was_shipped_and_ordered_in_any_sequence_of_events(
    ordered: tuple[dict[str, int], dict[str, int]], shipped: list[Shipped], seed: int
) -> None:
    """Failure modes F8, F10, F46, F47 and F48: partial, extra, repeated and late."""
    scenario = Scenario()
    random = Random(seed)  # noqa: S311 - no secret
    for pk, amounts in zip("12", ordered, strict=True):
        place(scenario, pk, amounts)
    scenario.account.events.clear()

    for one in shipped:
        ship(scenario, one)
        # Some events come at once, and some of these again later.
        soon = [event for event in scenario.account.events if random.random() < 0.3]
        handle(scenario, soon)
    events = [*scenario.account.events]
    events += [event for event in events if random.random() < 0.5]
    random.shuffle(events)
    handle(scenario, events)

    for pk, amounts in zip("12", ordered, strict=True):
        picked = Counter[str]()
        for one in shipped:
            picked.update(one.picked if one.pk == pk else {})
        fulfilled = {each.sku: each.fulfilled for each in scenario.order(pk).lines}
        assert fulfilled == {sku: min(amount, picked[sku]) for sku, amount in amounts.items()}
    for record in scenario.links.fulfilments.known.values():
        known = scenario.account.shipments.get(record.id, {})
        codes = [code for id_ in sorted(known) for code in known[id_]]
        for pk in record.created:
            assert parcels_of(scenario.shop.shipped[int(pk) - 1]) == codes
    assert all(one.emails == 1 for one in scenario.shop.shipped)


# --- at the same time


def shipped_order(scenario: Scenario) -> tuple[StoredOrder, StoredPicklist]:
    remote = scenario.place_and_push(order(line("MUG", 2)))
    picklist = scenario.account.ship(remote, 1)
    assert picklist
    return remote, picklist


def test_later_shipment_is_not_lost_when_another_worker_records_the_picklist() -> None:
    """Failure mode F8: the other worker has read the shipments before the last one was made."""
    scenario = Scenario()
    remote, picklist = shipped_order(scenario)

    def other_worker() -> None:
        scenario.pull(remote)
        scenario.account.add_shipment(remote, picklist)
        scenario.account.events.pop()

    # This worker has seen the order without a fulfilment.
    scenario.faults.plan("picqer.picklists.get", meanwhile(other_worker))
    scenario.pull(remote)

    (fulfilment,) = scenario.shop.shipped
    assert len(parcels_of(fulfilment)) == 2


def test_older_reading_does_not_replace_a_newer_one() -> None:
    """Failure mode F8: two workers read the shipments at different moments."""
    scenario = Scenario()
    remote, picklist = shipped_order(scenario)
    scenario.run_until_idle()
    scenario.account.add_shipment(remote, picklist)

    late = scenario.account.events.pop()
    stale = scenario.picqer.picklists.shipments(picklist.id)

    def answer_too_late(_call: object) -> object:
        scenario.account.add_shipment(remote, picklist)
        shipments.refresh(scenario.context(), picklist.id)
        return stale

    scenario.faults.plan("picqer.picklists.shipments", answer_too_late)
    events = [late]
    handle(scenario, events)

    assert len(events) == 2
    assert len(parcels_of(scenario.shop.shipped[0])) == 3


def test_email_is_sent_when_picqer_does_not_answer_the_second_question() -> None:
    scenario = Scenario(notify_delay="60")
    _, picklist = shipped_order(scenario)
    scenario.run_until_idle()
    (fulfilment,) = scenario.shop.shipped
    assert fulfilment.emails == 0

    def fail(_call: object) -> None:
        raise IntegrationError("Picqer does not answer.")

    scenario.clock.advance(timedelta(seconds=60))
    for _ in range(2):
        scenario.faults.plan("picqer.picklists.shipments", fail)
        shipments.confirm(scenario.context(), ACCOUNT, picklist.id)

    assert fulfilment.emails == 1
