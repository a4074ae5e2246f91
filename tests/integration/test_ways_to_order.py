"""Every way in which an order can come to be, under every policy: when is it in Picqer, and how."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from saleor_picqer.models import ChannelState, OutboxOrder
from tests.integration.support import order_sources
from tests.integration.support.bulk import bulk_create, bulk_order
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_sources import POLICIES, WAYS, Way

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")

STATUSES: Final = {"-": None, "C": "concept", "P": "processing", "X": "cancelled"}
"""Letter -> Picqer's status: not there; a concept, its stock allocated; to be picked; over."""


def status(connected: Connected) -> str | None:
    """That of the only order in Picqer; a concept has to be allocated."""
    orders = connected.orders()
    assert len(orders) <= 1
    for order in orders:
        if order["status"] == "concept":
            assert OutboxOrder.objects.get().stage == "allocated"
        return str(order["status"])
    return None


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_order_is_in_picqer_when_the_policy_says_so(
    stocked: Connected, way: Way, policy: str
) -> None:
    if way.saleor_3_only and not IS_SALEOR_3:
        pytest.skip("Saleor 2.10 has no such orders")
    stocked.connect(shipping_methods="all", **POLICIES[policy])

    order = way.begin(stocked.shop)
    stocked.settle()
    seen = [status(stocked)]
    for step, _ in way.then:
        step(stocked.shop, order)
        stocked.settle()
        seen.append(status(stocked))

    column = list(POLICIES).index(policy)
    expected = [way.outcome, *(outcome for _, outcome in way.then)]
    assert seen == [STATUSES[letters.split()[column]] for letters in expected]


@pytest.mark.parametrize("way", [way for way in WAYS if way.outcome.startswith("P")], ids=str)
def test_order_is_fulfilled_whatever_way_it_came_when_picqer_ships(
    stocked: Connected, way: Way
) -> None:
    if way.saleor_3_only and not IS_SALEOR_3:
        pytest.skip("Saleor 2.10 has no such orders")
    stocked.connect(shipping_methods="all")
    order = way.begin(stocked.shop)
    stocked.settle()

    stocked.ship(order, trackingcode="3STEST0001")
    stocked.settle()

    view = stocked.shop.order(order)
    assert (view.status, view.tracking) == ("FULFILLED", ["3STEST0001"])
    assert stocked.shop.available("BEANS") == stocked.free_stock("BEANS") == 8


@pytest.mark.parametrize("push_when", ["placed", "confirmed", "paid"])
def test_authorised_order_counts_as_paid_when_the_channel_says_so(
    stocked: Connected, push_when: str
) -> None:
    stocked.connect(push_when=push_when, process_when="when paid", authorized_is_paid=True)

    order_sources.authorised_checkout(stocked.shop)
    stocked.settle()

    assert status(stocked) == "processing"


# --- many at once


@only_saleor_3
def test_all_orders_of_an_import_are_pushed(stocked: Connected) -> None:
    shop = stocked.shop

    pks = bulk_create(shop, *(bulk_order(shop, {"BEANS": 1}) for _ in range(4)))
    stocked.settle()

    assert sorted(order["reference"] for order in stocked.orders()) == sorted(
        shop.order(pk).number for pk in pks
    )
    assert {order["status"] for order in stocked.orders()} == {"processing"}


@only_saleor_3
def test_orders_of_the_past_are_not_sent_when_they_are_imported(stocked: Connected) -> None:
    shop = stocked.shop
    long_ago = ChannelState.objects.get().orders_from - timedelta(days=90)

    (pk,) = bulk_create(shop, bulk_order(shop, {"BEANS": 1}, created_at=long_ago))
    stocked.settle()

    assert stocked.orders() == []
    assert stocked.row(pk).stage == "skipped"
    assert "before" in stocked.row(pk).waiting_for


# --- before the plugin was switched on


def switch_on_now(connected: Connected) -> None:
    """As if it was the first time."""
    ChannelState.objects.all().delete()
    connected.connect()
    connected.settle()


def test_draft_from_before_the_switch_on_is_pushed_when_it_is_completed_after_it(
    stocked: Connected,
) -> None:
    stocked.shop.configure_plugin(active=False)
    order = stocked.shop.draft({"BEANS": 1})
    switch_on_now(stocked)

    stocked.shop.complete_draft(order)
    stocked.settle()

    assert status(stocked) == "processing"


def test_order_from_before_the_switch_on_is_left_alone(stocked: Connected) -> None:
    stocked.shop.configure_plugin(active=False)
    order = stocked.shop.draft_order({"BEANS": 1}, paid=False)
    switch_on_now(stocked)

    stocked.shop.pay(order)
    stocked.worker.send("sweep")
    stocked.settle()

    assert stocked.orders() == []


def test_order_placed_while_the_plugin_was_off_for_a_while_is_found(stocked: Connected) -> None:
    stocked.shop.configure_plugin(active=False)
    stocked.shop.checkout({"BEANS": 1})
    stocked.connect()

    stocked.worker.send("sweep")
    stocked.settle()

    assert status(stocked) == "processing"


# --- goods that do not ship


@pytest.mark.parametrize("policy", ["all", "Parcel"])
def test_order_is_not_pushed_when_nothing_of_it_ships(stocked: Connected, policy: str) -> None:
    stocked.connect(shipping_methods=policy)
    stocked.shop.product("E-BOOK", ships=False, stock=5)

    stocked.shop.begin({"E-BOOK": 1}).pay().complete()
    stocked.worker.send("sweep")
    stocked.settle()

    assert stocked.orders() == []
    assert not OutboxOrder.objects.exists()


def test_only_what_ships_is_sent_when_lines_are_mixed(stocked: Connected) -> None:
    stocked.shop.product("E-BOOK", ships=False, stock=5)

    stocked.shop.checkout({"BEANS": 2, "E-BOOK": 1})
    stocked.settle()

    (order,) = stocked.orders()
    assert [(line["productcode"], line["amount"]) for line in order["products"]] == [("BEANS", 2)]
    assert order["status"] == "processing"


# --- click and collect


@only_saleor_3
@pytest.mark.parametrize(
    ("policy", "marked", "pushed"),
    [
        ("all", False, False),
        ("all", True, False),
        ("marked", False, False),
        ("marked", True, True),
        ("Parcel", True, False),
        ("Parcel, Corner shop", False, True),
    ],
)
def test_order_that_is_collected_is_pushed_when_the_place_is_named_or_marked(
    stocked: Connected, policy: str, marked: bool, pushed: bool
) -> None:
    stocked.connect(shipping_methods=policy)
    mark = {"picqer.handled": "true"} if marked else {}
    stocked.shop.collection_point("Corner shop", private_metadata=mark)

    stocked.shop.begin({"BEANS": 1}).collect("Corner shop").pay().complete()
    stocked.settle()

    assert status(stocked) == ("processing" if pushed else None)


# --- hooks come in several sequences


@only_saleor_3
def test_order_is_noticed_once_however_many_hooks_come(stocked: Connected) -> None:
    """created, paid, fully paid, updated, confirmed: five for one paid checkout."""

    stocked.shop.checkout({"BEANS": 1})

    assert stocked.worker.pending.count("push_order") == 1


@only_saleor_3
def test_order_is_looked_at_again_when_staff_writes_metadata_for_picqer(
    stocked: Connected,
) -> None:
    order = stocked.shop.checkout({"BEANS": 1})
    stocked.settle()

    order_sources.write_metadata(stocked.shop, order, reference="PO-1")

    assert stocked.worker.pending == ["push_order"]
