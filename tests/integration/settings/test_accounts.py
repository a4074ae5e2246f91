"""Switching the plugin off and on, moving to another account, and having several accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management.base import CommandError
from django.utils import timezone
from picqer_simulator import SimulatorServer

from saleor_picqer.models import ChannelState, OutboxOrder
from saleor_picqer.store import deliveries
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.snapshots import SKUS, VAT_GROUPS

# --- on, off, and on again


def test_order_placed_while_the_plugin_was_off_arrives_when_it_is_on_again(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F57."""
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.run_until_idle()
    order = stocked_shop.place(BEANS=1)
    stocked_shop.pass_time()
    assert stocked_shop.orders() == []

    stocked_shop.connect()
    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


def test_nothing_is_doubled_when_the_plugin_is_switched_off_and_on(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F57."""
    for _ in range(2):
        stocked_shop.order(BEANS=1)
    stocked_shop.place(BEANS=1)  # under way when it is switched off
    stocked_shop.shop.configure_plugin(active=False)
    stocked_shop.run_until_idle()
    assert len(stocked_shop.orders()) == 2

    stocked_shop.connect()
    stocked_shop.pass_time()

    assert sorted(found["status"] for found in stocked_shop.orders()) == ["processing"] * 3
    assert OutboxOrder.objects.filter(stage="processed").count() == 3


def placed_before(connected_shop: ConnectedShop) -> str:
    """Place an order before the plugin is switched on for the first time."""
    connected_shop.shop.configure_plugin(active=False)
    connected_shop.run_until_idle()
    order = connected_shop.shop.checkout({"BEANS": 1})
    ChannelState.objects.update(orders_from=timezone.now() + timedelta(seconds=1))
    connected_shop.connect()
    return order


def test_order_from_before_the_switch_on_is_not_sent(stocked_shop: ConnectedShop) -> None:
    """Failure mode F57: the order may have reached Picqer, or have been shipped, by other means."""
    order = placed_before(stocked_shop)

    stocked_shop.pass_time()

    assert stocked_shop.orders() == []
    assert stocked_shop.row(order).stage == "skipped"
    assert stocked_shop.row(order).waiting_for.startswith("The order was placed before")
    assert stocked_shop.shop.order(order).notes == []


def test_order_from_before_the_switch_on_is_sent_when_staff_say_so(
    stocked_shop: ConnectedShop,
) -> None:
    """Failure mode F57."""
    order = placed_before(stocked_shop)
    stocked_shop.pass_time()

    manage_picqer("push", stocked_shop.number(order), "--now")
    stocked_shop.run_until_idle()

    assert stocked_shop.picqer_order(order)["status"] == "processing"


@pytest.fixture
def other_account() -> Iterator[SimulatorServer]:
    """Run a second Picqer account with the same products."""
    with SimulatorServer(api_key="another-key") as server:
        yield server


def furnish(connected_shop: ConnectedShop) -> None:
    """Fill the account with the shop's data, as if entered by hand."""
    stock = {"Main": 10}
    connected_shop.control(
        "POST",
        "/seed",
        warehouses=[{"name": "Main"}],
        vatgroups=VAT_GROUPS,
        products=[{"productcode": sku, "name": sku, "price": 10, "stock": stock} for sku in SKUS],
    )


@pytest.fixture
def moved(stocked_shop: ConnectedShop, other_account: SimulatorServer) -> ConnectedShop:
    """Return the shop after its move to the other account."""
    moved = ConnectedShop(
        stocked_shop.shop,
        other_account,
        stocked_shop.worker,
        stocked_shop.webhooks,
        stocked_shop.run_until_idle,
    )
    other_account.account.on_delivery = stocked_shop.webhooks.take
    furnish(moved)
    return moved


def test_orders_of_the_old_account_are_not_sent_again_when_the_shop_moves(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F57: another account."""
    old = stocked_shop.order(BEANS=1)

    moved.connect()
    moved.pass_time()
    new = moved.order(BEANS=1)

    assert [found["reference"] for found in moved.orders()] == [moved.number(new)]
    assert [found["reference"] for found in stocked_shop.orders()] == [moved.number(old)]


def test_order_waits_for_staff_when_the_old_account_may_have_it(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71: an unanswered request and then the move made the order twice."""
    stocked_shop.fail_next("POST", "/orders", "drop-after")
    order = stocked_shop.order(BEANS=1)

    moved.connect()
    moved.pass_time()

    assert moved.orders() == []
    assert "may be in the Picqer account" in moved.shop.order(order).picqer["attention"]


def test_order_goes_to_the_new_account_when_staff_have_looked_into_the_old_one(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F71."""
    stocked_shop.fail_next("POST", "/orders", "drop-before")
    order = stocked_shop.order(BEANS=1)
    moved.connect()
    moved.pass_time()

    manage_picqer("push", moved.number(order), "--now")
    moved.run_until_idle()

    assert stocked_shop.orders() == []
    assert moved.picqer_order(order)["status"] == "processing"
    assert "attention" not in moved.shop.order(order).picqer


def test_order_of_the_old_account_is_not_mistaken_for_one_with_its_id(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F57: ids begin at 1 again; cancelling the old order must not cancel another."""
    old = stocked_shop.order(BEANS=1)
    moved.connect()
    moved.run_until_idle()
    new = moved.order(BEANS=1)
    assert moved.row(old).remote_id == moved.row(new).remote_id

    moved.shop.cancel(old)
    moved.run_until_idle()

    assert moved.remote(new)["status"] == "processing"
    assert "attention" in moved.shop.order(old).picqer


def test_ids_of_the_old_account_are_forgotten_when_the_order_goes_to_the_new_one(
    stocked_shop: ConnectedShop, moved: ConnectedShop
) -> None:
    """Failure mode F57: the old account has cancelled the order, and refuses it when pushed."""
    stocked_shop.connect(cancel_in_saleor=False)
    order = stocked_shop.order(BEANS=1)
    stocked_shop.picqer_api("DELETE", f"/orders/{stocked_shop.row(order).remote_id}?force=true")
    stocked_shop.run_until_idle()
    stocked_shop.fail_next("POST", "/orders", "html", status=403)
    with pytest.raises(CommandError):
        manage_picqer("push", stocked_shop.number(order), "--now")
    row = stocked_shop.row(order)
    assert (row.remote_id, row.reference, row.former_ids) == (None, "", [1])

    moved.connect()
    other = moved.order(BEANS=1)
    manage_picqer("retry", moved.number(order), "--now")
    moved.run_until_idle()

    assert moved.row(other).remote_id == 1
    assert moved.picqer_order(order)["status"] == "processing"
    assert moved.row(order).former_ids == []
    about = deliveries.search(deliveries.DeliveryFilter(order_pks=[order]))
    assert {delivery.object_id for delivery in about} == {moved.row(order).remote_id}


# --- two channels

two_channels = pytest.mark.skipif(not IS_SALEOR_3, reason="there is only one channel here")


@pytest.fixture
def outlet(stocked_shop: ConnectedShop, other_account: SimulatorServer) -> ConnectedShop:
    """Return a second channel that sells the same products through another account."""
    shop = stocked_shop.shop.open("outlet")
    outlet = ConnectedShop(
        shop, other_account, stocked_shop.worker, stocked_shop.webhooks, stocked_shop.run_until_idle
    )
    other_account.account.on_delivery = stocked_shop.webhooks.take
    furnish(outlet)
    outlet.connect(other_warehouses="keep")
    outlet.full_sync()
    cache.clear()
    return outlet


@two_channels
def test_orders_go_to_their_channels_account(
    stocked_shop: ConnectedShop, outlet: ConnectedShop
) -> None:
    """Failure mode F59."""
    here = stocked_shop.place(BEANS=1)
    there = outlet.shop.checkout({"BEANS": 1})
    stocked_shop.run_until_idle()

    assert [found["reference"] for found in stocked_shop.orders()] == [stocked_shop.number(here)]
    assert [found["reference"] for found in outlet.orders()] == [outlet.number(there)]


@two_channels
def test_shipment_fulfils_the_order_of_its_channel(
    stocked_shop: ConnectedShop, outlet: ConnectedShop
) -> None:
    """Failure mode F59: both accounts number their orders and picklists from 1."""
    here = stocked_shop.place(BEANS=1)
    there = outlet.shop.checkout({"BEANS": 1})
    stocked_shop.run_until_idle()
    assert stocked_shop.row(here).remote_id == outlet.row(there).remote_id

    outlet.ship(there)
    stocked_shop.run_until_idle()

    assert outlet.shop.order(there).status == "FULFILLED"
    assert stocked_shop.shop.order(here).status == "UNFULFILLED"


@two_channels
def test_channel_that_is_off_holds_up_only_its_own_orders(
    stocked_shop: ConnectedShop, outlet: ConnectedShop
) -> None:
    """Failure mode F59."""
    outlet.shop.configure_plugin(active=False)
    here = stocked_shop.place(BEANS=1)
    outlet.shop.checkout({"BEANS": 1})
    stocked_shop.pass_time()

    assert stocked_shop.picqer_order(here)["status"] == "processing"
    assert outlet.orders() == []


@pytest.fixture
def branch(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a second channel that shares the first channel's account, with its own prefix."""
    shop = stocked_shop.shop.open("branch")
    branch = ConnectedShop(
        shop,
        stocked_shop.server,
        stocked_shop.worker,
        stocked_shop.webhooks,
        stocked_shop.run_until_idle,
    )
    branch.connect(other_warehouses="keep", reference_prefix="BR-")
    branch.full_sync()
    return branch


@two_channels
def test_channels_share_an_account_under_their_prefixes(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure mode F59."""
    here = stocked_shop.place(BEANS=1)
    there = branch.shop.checkout({"BEANS": 1})
    stocked_shop.run_until_idle()

    numbers = [stocked_shop.number(here), "BR-" + branch.number(there)]
    assert [found["reference"] for found in stocked_shop.orders()] == numbers


@two_channels
def test_shipment_is_one_fulfilment_when_channels_share_an_account(
    stocked_shop: ConnectedShop, branch: ConnectedShop
) -> None:
    """Failure mode F59: each channel receives the events of every order of the account."""
    here = stocked_shop.place(BEANS=1)
    there = branch.shop.checkout({"BEANS": 1})
    stocked_shop.run_until_idle()

    stocked_shop.control("POST", f"/orders/{branch.row(there).remote_id}/ship")
    stocked_shop.run_until_idle()

    assert [f.lines for f in branch.shop.order(there).fulfilments] == [{"BEANS": 1}]
    assert stocked_shop.shop.order(here).fulfilments == []
    assert stocked_shop.free_stock("BEANS") == stocked_shop.shop.available("BEANS") == 8
