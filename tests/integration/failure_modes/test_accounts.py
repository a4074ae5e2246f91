"""The plugin is switched off and on, moves to another account, or has several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from picqer_simulator import SimulatorServer

from saleor_picqer.models import ChannelState, OutboxOrder
from tests.integration.support.connected_shop import Connected
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.snapshots import SKUS, VAT_GROUPS
from tests.integration.test_command import picqer as manage

# --- on, off, and on again


def test_order_placed_while_the_plugin_was_off_arrives_when_it_is_on_again(
    stocked: Connected,
) -> None:
    """Failure mode F57."""
    stocked.shop.configure_plugin(active=False)
    stocked.settle()
    order = stocked.place(BEANS=1)
    stocked.later()
    assert stocked.orders() == []

    stocked.connect()
    stocked.later()

    assert stocked.order_of(order)["status"] == "processing"


def test_nothing_is_doubled_when_the_plugin_is_switched_off_and_on(stocked: Connected) -> None:
    """Failure mode F57."""
    for _ in range(2):
        stocked.order(BEANS=1)
    stocked.place(BEANS=1)  # under way when it is switched off
    stocked.shop.configure_plugin(active=False)
    stocked.settle()
    assert len(stocked.orders()) == 2

    stocked.connect()
    stocked.later()

    assert sorted(found["status"] for found in stocked.orders()) == ["processing"] * 3
    assert OutboxOrder.objects.filter(stage="processed").count() == 3


def placed_before(connected: Connected) -> str:
    """An order from before the first time that the plugin was switched on."""
    connected.shop.configure_plugin(active=False)
    connected.settle()
    order = connected.shop.checkout({"BEANS": 1})
    ChannelState.objects.update(orders_from=timezone.now() + timedelta(seconds=1))
    connected.connect()
    return order


def test_order_from_before_the_switch_on_is_not_sent(stocked: Connected) -> None:
    """Failure mode F57: it may be in Picqer, or shipped, by the old ways."""
    order = placed_before(stocked)

    stocked.later()

    assert stocked.orders() == []
    assert stocked.row(order).stage == "skipped"
    assert stocked.row(order).waiting_for == "it was placed before the plugin was switched on"
    assert stocked.shop.order(order).notes == []


def test_order_from_before_the_switch_on_is_sent_when_staff_say_so(stocked: Connected) -> None:
    """Failure mode F57."""
    order = placed_before(stocked)
    stocked.later()

    manage("push", stocked.number(order), "--now")
    stocked.settle()

    assert stocked.order_of(order)["status"] == "processing"


@pytest.fixture
def other_account() -> Iterator[SimulatorServer]:
    """A second account at Picqer, with the same products."""
    with SimulatorServer(api_key="another-key") as server:
        yield server


def furnish(connected: Connected) -> None:
    """An account that has what the shop needs there, all of it entered by hand."""
    stock = {"Main": 10}
    connected.picqer(
        "POST",
        "/seed",
        warehouses=[{"name": "Main"}],
        vatgroups=VAT_GROUPS,
        products=[{"productcode": sku, "name": sku, "price": 10, "stock": stock} for sku in SKUS],
    )


@pytest.fixture
def moved(stocked: Connected, other_account: SimulatorServer) -> Connected:
    """What the shop is once it has moved to the other account."""
    moved = Connected(stocked.shop, other_account, stocked.worker, stocked.postman, stocked.settle)
    other_account.account.on_delivery = stocked.postman.take
    furnish(moved)
    return moved


def test_orders_of_the_old_account_are_not_sent_again_when_the_shop_moves(
    stocked: Connected, moved: Connected
) -> None:
    """Failure mode F57: another account."""
    old = stocked.order(BEANS=1)

    moved.connect()
    moved.later()
    new = moved.order(BEANS=1)

    assert [found["reference"] for found in moved.orders()] == [moved.number(new)]
    assert [found["reference"] for found in stocked.orders()] == [moved.number(old)]


def test_order_goes_to_the_new_account_when_the_old_one_never_took_it(
    stocked: Connected, moved: Connected
) -> None:
    """Failure mode F57: another account."""
    stocked.fault("POST", "/orders", "500")
    order = stocked.order(BEANS=1)

    moved.connect()
    moved.later()

    assert stocked.orders() == []
    assert moved.order_of(order)["status"] == "processing"


def test_order_of_the_old_account_is_not_mistaken_for_one_with_its_id(
    stocked: Connected, moved: Connected
) -> None:
    """Failure mode F57: ids begin at 1 again; cancelling the old order must not cancel another."""
    old = stocked.order(BEANS=1)
    moved.connect()
    moved.settle()
    new = moved.order(BEANS=1)
    assert moved.row(old).remote_id == moved.row(new).remote_id

    moved.shop.cancel(old)
    moved.settle()

    assert moved.remote(new)["status"] == "processing"
    assert "attention" in moved.shop.order(old).picqer


# --- two channels

two_channels = pytest.mark.skipif(not IS_SALEOR_3, reason="there is only one channel here")


@pytest.fixture
def outlet(stocked: Connected, other_account: SimulatorServer) -> Connected:
    """A second channel that sells the same products, through another account."""
    shop = stocked.shop.open("outlet")
    outlet = Connected(shop, other_account, stocked.worker, stocked.postman, stocked.settle)
    other_account.account.on_delivery = stocked.postman.take
    furnish(outlet)
    outlet.connect(other_warehouses="keep")
    outlet.full_sync()
    cache.clear()
    return outlet


@two_channels
def test_orders_go_to_their_channels_account(stocked: Connected, outlet: Connected) -> None:
    """Failure mode F59."""
    here = stocked.place(BEANS=1)
    there = outlet.shop.checkout({"BEANS": 1})
    stocked.settle()

    assert [found["reference"] for found in stocked.orders()] == [stocked.number(here)]
    assert [found["reference"] for found in outlet.orders()] == [outlet.number(there)]


@two_channels
def test_shipment_fulfils_the_order_of_its_channel(stocked: Connected, outlet: Connected) -> None:
    """Failure mode F59: both accounts number their orders and picklists from 1."""
    here = stocked.place(BEANS=1)
    there = outlet.shop.checkout({"BEANS": 1})
    stocked.settle()
    assert stocked.row(here).remote_id == outlet.row(there).remote_id

    outlet.ship(there)
    stocked.settle()

    assert outlet.shop.order(there).status == "FULFILLED"
    assert stocked.shop.order(here).status == "UNFULFILLED"


@two_channels
def test_channel_that_is_off_holds_up_only_its_own_orders(
    stocked: Connected, outlet: Connected
) -> None:
    """Failure mode F59."""
    outlet.shop.configure_plugin(active=False)
    here = stocked.place(BEANS=1)
    outlet.shop.checkout({"BEANS": 1})
    stocked.later()

    assert stocked.order_of(here)["status"] == "processing"
    assert outlet.orders() == []


@pytest.fixture
def branch(stocked: Connected) -> Connected:
    """A second channel that shares the account of the first, under a prefix of its own."""
    shop = stocked.shop.open("branch")
    branch = Connected(shop, stocked.server, stocked.worker, stocked.postman, stocked.settle)
    branch.connect(other_warehouses="keep", reference_prefix="BR-")
    branch.full_sync()
    return branch


@two_channels
def test_channels_share_an_account_under_their_prefixes(
    stocked: Connected, branch: Connected
) -> None:
    """Failure mode F59."""
    here = stocked.place(BEANS=1)
    there = branch.shop.checkout({"BEANS": 1})
    stocked.settle()

    numbers = [stocked.number(here), "BR-" + branch.number(there)]
    assert [found["reference"] for found in stocked.orders()] == numbers


@two_channels
def test_shipment_is_one_fulfilment_when_channels_share_an_account(
    stocked: Connected, branch: Connected
) -> None:
    """Failure mode F59: each channel hears of every order of the account."""
    here = stocked.place(BEANS=1)
    there = branch.shop.checkout({"BEANS": 1})
    stocked.settle()

    stocked.picqer("POST", f"/orders/{branch.row(there).remote_id}/ship")
    stocked.settle()

    assert [f.lines for f in branch.shop.order(there).fulfilments] == [{"BEANS": 1}]
    assert stocked.shop.order(here).fulfilments == []
    assert stocked.free_stock("BEANS") == stocked.shop.available("BEANS") == 8
