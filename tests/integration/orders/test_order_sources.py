"""All origins of an order under all policies: when Picqer gets the order, and in which status."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from saleor_picqer.models import ChannelState, OutboxOrder
from tests.integration.support import order_edits, order_sources
from tests.integration.support.bulk_orders import bulk_create, bulk_order
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_sources import ORDER_SOURCES, POLICIES, OrderSource

only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no such thing")

# Letter -> Picqer's status: not there; a concept, its stock allocated; to be picked; over.
STATUSES: Final = {"-": None, "C": "concept", "P": "processing", "X": "cancelled"}


def status(connected_shop: ConnectedShop) -> str | None:
    """Return the status of the only order in Picqer; a concept must be allocated."""
    orders = connected_shop.orders()
    assert len(orders) <= 1
    for order in orders:
        if order["status"] == "concept":
            assert OutboxOrder.objects.get().stage == "allocated"
        return str(order["status"])
    return None


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("way", ORDER_SOURCES, ids=str)
def test_order_is_in_picqer_when_the_policy_says_so(
    stocked_shop: ConnectedShop, way: OrderSource, policy: str
) -> None:
    if way.saleor_3_only and not IS_SALEOR_3:
        pytest.skip("Saleor 2.10 has no such orders")
    stocked_shop.connect(shipping_methods="all", **POLICIES[policy])

    order = way.begin(stocked_shop.shop)
    stocked_shop.run_until_idle()
    seen = [status(stocked_shop)]
    for step, _ in way.then:
        step(stocked_shop.shop, order)
        stocked_shop.run_until_idle()
        seen.append(status(stocked_shop))

    column = list(POLICIES).index(policy)
    expected = [way.outcome, *(outcome for _, outcome in way.then)]
    assert seen == [STATUSES[letters.split()[column]] for letters in expected]


@pytest.mark.parametrize(
    "way", [way for way in ORDER_SOURCES if way.outcome.startswith("P")], ids=str
)
def test_order_of_any_origin_is_fulfilled_when_picqer_ships(
    stocked_shop: ConnectedShop, way: OrderSource
) -> None:
    if way.saleor_3_only and not IS_SALEOR_3:
        pytest.skip("Saleor 2.10 has no such orders")
    stocked_shop.connect(shipping_methods="all", process_when="placed")
    order = way.begin(stocked_shop.shop)
    stocked_shop.run_until_idle()

    stocked_shop.ship(order, trackingcode="3STEST0001")
    stocked_shop.run_until_idle()

    view = stocked_shop.shop.order(order)
    assert (view.status, view.tracking) == ("FULFILLED", ["3STEST0001"])
    assert stocked_shop.shop.available("BEANS") == stocked_shop.free_stock("BEANS") == 8


@pytest.mark.parametrize("push_when", ["placed", "confirmed", "paid"])
def test_authorised_order_counts_as_paid_when_the_channel_says_so(
    stocked_shop: ConnectedShop, push_when: str
) -> None:
    stocked_shop.connect(push_when=push_when, process_when="paid", authorized_is_paid=True)

    order_sources.authorised_checkout(stocked_shop.shop)
    stocked_shop.run_until_idle()

    assert status(stocked_shop) == "processing"


# --- many at once


@only_saleor_3
def test_all_orders_of_an_import_are_pushed(stocked_shop: ConnectedShop) -> None:
    stocked_shop.connect(process_when="placed")
    shop = stocked_shop.shop

    pks = bulk_create(shop, *(bulk_order(shop, {"BEANS": 1}) for _ in range(4)))
    stocked_shop.run_until_idle()

    assert sorted(order["reference"] for order in stocked_shop.orders()) == sorted(
        shop.order(pk).number for pk in pks
    )
    assert {order["status"] for order in stocked_shop.orders()} == {"processing"}


@only_saleor_3
def test_orders_of_the_past_are_not_sent_when_they_are_imported(
    stocked_shop: ConnectedShop,
) -> None:
    shop = stocked_shop.shop
    long_ago = ChannelState.objects.get().orders_from - timedelta(days=90)

    (pk,) = bulk_create(shop, bulk_order(shop, {"BEANS": 1}, created_at=long_ago))
    stocked_shop.run_until_idle()

    assert stocked_shop.orders() == []
    assert stocked_shop.row(pk).stage == "skipped"
    assert "before" in stocked_shop.row(pk).waiting_for


# --- before the plugin was switched on


def switch_on_now(connected_shop: ConnectedShop) -> None:
    """Pretend that the plugin was switched on now for the first time."""
    ChannelState.objects.all().delete()
    connected_shop.connect()
    connected_shop.run_until_idle()


def test_draft_from_before_the_switch_on_is_pushed_when_it_is_completed_after_it(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.shop.configure_plugin(active=False)
    order = stocked_shop.shop.draft({"BEANS": 1})
    switch_on_now(stocked_shop)

    stocked_shop.shop.complete_draft(order)
    stocked_shop.run_until_idle()

    assert status(stocked_shop) == "concept"


def test_order_from_before_the_switch_on_is_left_alone(stocked_shop: ConnectedShop) -> None:
    stocked_shop.shop.configure_plugin(active=False)
    order = stocked_shop.shop.draft_order({"BEANS": 1}, paid=False)
    switch_on_now(stocked_shop)

    stocked_shop.shop.pay(order)
    stocked_shop.worker.send("sweep")
    stocked_shop.run_until_idle()

    assert stocked_shop.orders() == []


def test_order_placed_while_the_plugin_was_off_for_a_while_is_found(
    stocked_shop: ConnectedShop,
) -> None:
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.shop.checkout({"BEANS": 1})
    stocked_shop.connect()

    stocked_shop.worker.send("sweep")
    stocked_shop.run_until_idle()

    assert status(stocked_shop) == "processing"


# --- goods that do not ship


@pytest.mark.parametrize("policy", ["all", "Parcel"])
def test_order_is_not_pushed_when_nothing_of_it_ships(
    stocked_shop: ConnectedShop, policy: str
) -> None:
    stocked_shop.connect(shipping_methods=policy)
    stocked_shop.shop.product("E-BOOK", ships=False, stock=5)

    stocked_shop.shop.begin({"E-BOOK": 1}).pay().complete()
    stocked_shop.worker.send("sweep")
    stocked_shop.run_until_idle()

    assert stocked_shop.orders() == []
    assert not OutboxOrder.objects.exists()


def test_only_what_ships_is_sent_when_lines_are_mixed(stocked_shop: ConnectedShop) -> None:
    stocked_shop.shop.product("E-BOOK", ships=False, stock=5)

    stocked_shop.shop.checkout({"BEANS": 2, "E-BOOK": 1})
    stocked_shop.run_until_idle()

    (order,) = stocked_shop.orders()
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
def test_collected_order_is_pushed_when_the_collection_point_is_named_or_marked(
    stocked_shop: ConnectedShop, policy: str, marked: bool, pushed: bool
) -> None:
    mark = {"picqer.handled": "true"} if marked else {}
    stocked_shop.shop.collection_point("Corner shop", private_metadata=mark)
    stocked_shop.connect(shipping_methods=policy)

    stocked_shop.shop.begin({"BEANS": 1}).collect("Corner shop").pay().complete()
    stocked_shop.run_until_idle()

    assert status(stocked_shop) == ("processing" if pushed else None)


# --- hooks come in several sequences


@only_saleor_3
def test_order_is_recorded_once_when_many_hooks_run(stocked_shop: ConnectedShop) -> None:

    stocked_shop.shop.checkout({"BEANS": 1})

    assert stocked_shop.worker.pending.count("push_order") == 1


@only_saleor_3
def test_order_is_looked_at_again_when_staff_writes_metadata_for_picqer(
    stocked_shop: ConnectedShop,
) -> None:
    order = stocked_shop.shop.checkout({"BEANS": 1})
    stocked_shop.run_until_idle()

    order_edits.write_metadata(stocked_shop.shop, order, reference="PO-1")

    assert stocked_shop.worker.pending == ["push_order"]
